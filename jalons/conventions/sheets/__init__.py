"""A fiche-action: its page, its words, its rows."""
