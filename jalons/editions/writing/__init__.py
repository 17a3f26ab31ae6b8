"""One writer a format, all from the same blocks."""
