"""Spreadsheets in: a table that someone keeps elsewhere becomes facts of Jalons, and can be taken back.

`reading` says what stands in a file, without any database; `targets` what Jalons can take from it; the rest compares
it with what is known, applies it, undoes it.
"""
