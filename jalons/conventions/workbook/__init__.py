"""A convention as a workbook: tables that leave, figures that come back filled."""
