"""Reads over conventions: a constant number of queries."""
