"""Reading what is shared: the directory of dispositifs, the pages of good practice."""
