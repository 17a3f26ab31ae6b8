"""The indicators of the sheets: typed, pasted, read."""
