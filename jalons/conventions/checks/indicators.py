"""Rules on indicators."""
