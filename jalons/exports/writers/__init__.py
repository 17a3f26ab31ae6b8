"""Tables written as files, in constant memory whatever the number of rows."""

from jalons.exports.writers.csv import csv_chunks
from jalons.exports.writers.ods import write_ods
from jalons.exports.writers.xlsx import write_xlsx

__all__ = ["csv_chunks", "write_ods", "write_xlsx"]
