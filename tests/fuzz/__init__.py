"""`make fuzz`: every page of the table fed with hostile values. See docs/contribuer.md."""
