"""The execution report, and what is left to fill in."""
