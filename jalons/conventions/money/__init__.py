"""The money of a convention, from its sheets to its payments."""
