"""The exchange format `jalons-conventions/1`: reading a file and writing one. Nothing is stored here."""
