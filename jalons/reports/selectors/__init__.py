"""Reading dashboards: which areas a person may look at, the blocks of one, what moved, the territories below."""
