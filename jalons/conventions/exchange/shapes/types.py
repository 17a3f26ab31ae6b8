"""Types of values that several objects share."""

from typing import Any

from jalons.conventions.enums import ColumnMeasure
from jalons.conventions.exchange.codec import NUMBER, Unfit
from jalons.core.values import kind_named


def read_kind(value: Any) -> str:
    try:
        kind_named(value)
    except (ValueError, TypeError):
        raise Unfit(
            "un type de cellule connu (number, percent, duration, amount, text, composite, nd, not_applicable, "
            "dash, empty)"
        ) from None
    return str(value)


def read_measure(value: Any) -> str:
    if value not in ColumnMeasure.values:
        raise Unfit("bilan, objectif ou realise")
    return str(value)


def read_parts(value: Any) -> Any:
    """The parts of a composite, nested or not."""
    if not isinstance(value, list) or any(not isinstance(part, dict) for part in value):
        raise Unfit("une liste de parties {label, number, raw, relation}")
    for part in value:
        number, name = part.get("number"), part.get("label")
        if isinstance(number, bool) or not isinstance(number, int | float | None):
            raise Unfit("des parties dont « number » est un nombre")
        if number is not None:
            NUMBER.read(number)
        if not isinstance(name, str | None) or not isinstance(part.get("raw"), str | None):
            raise Unfit("des parties dont « label » et « raw » sont des textes")
        if part.get("kind") is not None:
            read_kind(part["kind"])
        if part.get("parts") is not None:
            read_parts(part["parts"])
    return value


def is_part(name: str, value: Any) -> bool:
    """A share of the money: `part_etat`, `part_cd62`, `total`…"""
    return name == "total" or name.startswith("part_")


def is_amount(name: str, value: Any) -> bool:
    return isinstance(value, dict) and ("amount" in value or "raw" in value)
