"""What an association owes to the families and to the CNIL, written as far as Jalons knows."""
