"""« Exporter pour modifier »: a table that leaves to be filled in, and how it is known again when it comes back.

Each cell is compared with what it was when it left (`spreadsheets.comparing`), so that what nobody changed in the file
never takes back what a colleague wrote meanwhile.
"""
