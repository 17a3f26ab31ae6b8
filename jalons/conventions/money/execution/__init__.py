"""What was planned, committed and spent."""
