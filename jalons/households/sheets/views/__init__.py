"""Pages of families, one file a gesture. Every one is behind `in_register`."""
