"""A family handed to another organisation, with its agreement: a sealed copy, and nothing else, crosses."""
