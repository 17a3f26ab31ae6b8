"""The exchange format `jalons-conventions/1`: reading a file, writing one, keeping what was read."""
