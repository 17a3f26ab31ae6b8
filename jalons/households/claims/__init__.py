"""What a family may ask: to read, to have corrected, to have erased what is written about it."""
