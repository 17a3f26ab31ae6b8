"""Rules on deliberation."""
