"""Two households made one; one whose people part. What they become is in `families.unions` and `families.partings`."""
