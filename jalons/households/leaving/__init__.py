"""Leaving with everything, and leaving nothing behind."""
