"""The tracking tables of a fiche."""
