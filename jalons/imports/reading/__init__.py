"""What stands in a table, whoever drew it and in whatever file: pure, no database.

`files.read_file` opens it, `layout.find_layout` finds the table on a sheet, `cells.read_cell` says what a cell means.
What can be read in two ways is never guessed: it is `doubtful`, with what a person would propose.
"""
