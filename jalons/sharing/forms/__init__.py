"""What is asked to share something, and to find it."""
