"""Frozen versions, amendments, who did what."""
