"""From what was asked to the blocks of an edition, and to its files."""
