"""The year after, and years side by side."""
