"""The columns, sections and rows of indicators."""
