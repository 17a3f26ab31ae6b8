"""What a convention becomes the year after: pure functions, from a dossier to another."""
