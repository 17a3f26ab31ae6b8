"""What a cell says of an indicator: a number by the very field of the follow-up, one of its choices, a share."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from jalons.core.values import Value, fold, format_number, join_or
from jalons.imports.reading.numbers import number_of, plain_of
from jalons.imports.reading.typed import TypedCell
from jalons.imports.targets.records import RecordCell
from jalons.indicators.enums import ValueType
from jalons.indicators.forms.figures import FigureField, field_name, fields_of, is_few, share, whole_name
from jalons.indicators.models import Indicator

BY_HAND = frozenset({ValueType.TEXT})
_SHARE = re.compile(r"(?P<part>\d[\d ]*(?:[.,]\d+)?) ?(?:sur|/) ?(?P<whole>\d[\d ]*(?:[.,]\d+)?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class TableFigure:
    """`value`, or `refusal`: why it is none; `ask`: what a person must say first, among `options` if any."""

    value: Value | None = None
    refusal: str = ""
    ask: str = ""
    suggest: str = ""
    options: tuple[str, ...] = ()


def reading_of(indicator: Indicator, told: RecordCell) -> TableFigure:
    """Of a cell that is not empty."""
    cell = told.cell
    kind = ValueType(indicator.value_type)
    if kind == ValueType.CHOICE and cell.emptiness is None:
        return choice_in(indicator, told.raw.text)
    if kind == ValueType.SHARE and cell.emptiness is None:
        return share_in(indicator, told.raw.text)
    if indicator.counts_people and is_few(told.raw.text):
        return TableFigure(Value.few())
    if cell.ask:
        return TableFigure(ask=cell.reason, suggest="" if cell.suggest is None else str(cell.suggest))
    if cell.emptiness is not None:
        return TableFigure(cell.value)
    return number_in(indicator, cell)


def choice_in(indicator: Indicator, text: str) -> TableFigure:
    """By its words or its code; anything else is chosen in the list."""
    labels = {str(code): str(words) for code, words in indicator.choices}
    word = fold(text)
    same = [code for code, label in labels.items() if word in (fold(label), fold(code))]
    if len(same) == 1:
        return TableFigure(Value.choice(same[0], labels[same[0]]))
    options = tuple(labels.values())
    return TableFigure(ask=f"« {text} » n’est pas un des choix : {join_or(options)}", options=options)


def share_in(indicator: Indicator, text: str) -> TableFigure:
    """« 12 sur 15 », « 12/15 »: both numbers, as in the two boxes of the follow-up. A rate alone says no number."""
    match = _SHARE.fullmatch(plain_of(text))
    numbers = [number_of(match[name].strip()) for name in ("part", "whole")] if match else [None]
    if match is None or None in numbers:
        return TableFigure(ask="une part se dit en deux nombres, comme « 12 sur 15 »")
    boxes = fields_of(indicator)
    try:
        part, whole = (
            boxes[name].clean(format_number(number))
            for name, number in zip((field_name(indicator), whole_name(indicator)), numbers, strict=True)
            if number is not None
        )
        return TableFigure(share(part, whole))
    except ValidationError as error:
        return TableFigure(refusal=" ".join(error.messages))


def number_in(indicator: Indicator, cell: TypedCell) -> TableFigure:
    if cell.number is None:
        return TableFigure(refusal="ce n’est pas un nombre")
    box = fields_of(indicator)[field_name(indicator)]
    assert isinstance(box, FigureField)  # noqa: S101  # `BY_HAND` leaves out the others
    try:
        return TableFigure(box.clean(format_number(cell.number)))
    except ValidationError as error:
        return TableFigure(refusal=" ".join(error.messages))


def words_of(value: Value | None) -> str:
    return "" if value is None or value == Value.empty() else str(value)
