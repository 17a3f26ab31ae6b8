"""Reading dispositifs: who owes what, the list, the sheet, what they cover. A constant number of queries each."""
