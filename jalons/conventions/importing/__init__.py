"""Dossiers read from a file → the base."""
