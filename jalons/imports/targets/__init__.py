"""What Jalons takes from a table: five targets, each with its fields and the words people use for them.

One file of synonyms a target, in `jalons/imports/data/`. `recognise` says which target a table is, and why;
`mapping` which field each column is, and why.
"""
