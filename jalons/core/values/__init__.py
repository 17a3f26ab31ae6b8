"""The only implementation of typed values: figures, their absence, their sums, how French writes them."""

from jalons.core.values.casing import Spellings, is_shouted, sentence_case, spellings_of
from jalons.core.values.cells import Emptiness, Kind, Part, Value, format_value, kind_named
from jalons.core.values.columns import to_columns, value_from, values_from
from jalons.core.values.date_parsing import parse_date
from jalons.core.values.dates import (
    format_date,
    format_long_date,
    format_moment,
    format_month,
    format_short_date,
    format_since,
    local_day,
    months_between,
)
from jalons.core.values.formats import (
    DurationUnit,
    format_duration,
    format_euros,
    format_number,
    format_percent,
)
from jalons.core.values.numbers import Number, exact
from jalons.core.values.parsing import (
    ParseError,
    missing_from_text,
    parse_amount,
    parse_cell,
    parse_duration,
    parse_number,
)
from jalons.core.values.partial_dates import PartialDate, Precision, parse_partial_date
from jalons.core.values.sums import MixedUnitsError, Ratio, Sum, ratio, total
from jalons.core.values.text import (
    fold,
    folded_pattern,
    french_spaces,
    join_and,
    join_or,
    plural,
    without_unseen,
)

__all__ = [
    "DurationUnit",
    "Emptiness",
    "Kind",
    "MixedUnitsError",
    "Number",
    "ParseError",
    "Part",
    "PartialDate",
    "Precision",
    "Ratio",
    "Spellings",
    "Sum",
    "Value",
    "exact",
    "fold",
    "folded_pattern",
    "format_date",
    "format_duration",
    "format_euros",
    "format_long_date",
    "format_moment",
    "format_month",
    "format_number",
    "format_percent",
    "format_short_date",
    "format_since",
    "format_value",
    "french_spaces",
    "is_shouted",
    "join_and",
    "join_or",
    "kind_named",
    "local_day",
    "missing_from_text",
    "months_between",
    "parse_amount",
    "parse_cell",
    "parse_date",
    "parse_duration",
    "parse_number",
    "parse_partial_date",
    "plural",
    "ratio",
    "sentence_case",
    "spellings_of",
    "to_columns",
    "total",
    "value_from",
    "values_from",
    "without_unseen",
]
