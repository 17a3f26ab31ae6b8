"""What the page of a fiche shows: pure functions over a `Sheet` read in memory."""
