"""What a column of indicators says of itself."""

import datetime as dt
import re

from jalons.conventions.models import MatrixColumn
from jalons.core.values import fold, parse_partial_date

MONTHS = re.compile(
    r"\b(janv|janvier|fevr|fevrier|mars|avr|avril|mai|juin|juil|juillet|aout|sept|septembre|oct|octobre|nov|novembre)\b"
)


def is_midyear(column: MatrixColumn, year: int) -> bool:
    """What was known before the end of the year, by what the column says of itself."""
    if column.partial:
        return True
    for words in (column.as_of, column.period_end):
        read = parse_partial_date(words) if words else None
        if read and read.end:
            return read.end < dt.date(year, 12, 31)
    return MONTHS.search(fold(column.words)) is not None
