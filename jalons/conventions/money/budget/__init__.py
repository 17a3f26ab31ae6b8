"""The budget of a fiche, typed."""
