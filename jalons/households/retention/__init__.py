"""How long a household is kept, and how it goes."""
