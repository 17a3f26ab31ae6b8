"""Writes on conventions: keyword-only, atomic, never see a request."""
