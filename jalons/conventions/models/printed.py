"""What is printed, kept as JSON exactly as its file wrote it: read here, once, and by nobody else.

The codec answers for the outside of each column (an object, a list); inside, anything may stand. A reader asks for a
value and gets one, whatever it was; a writer starts from what stood there, so that what is not understood comes out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jalons.core.values import Number, exact

PLAIN_BULLET = "–"


def as_dict(value: object) -> dict[str, Any]:
    """An object of the file, or nothing when it is something else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def objects_in(value: object) -> list[dict[str, Any]]:
    """The objects of a list; what is none is left aside."""
    return [item for item in as_list(value) if isinstance(item, dict)]


def as_text(value: object) -> str:
    """The words of a text or of a cell `{"raw", "items"}`."""
    if isinstance(value, dict):
        value = value.get("raw") or value.get("text")
    return value if isinstance(value, str) else ""


def as_number(value: object) -> int | float | None:
    """A number of the file; None for anything else (true is no number)."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Printed:
    """An amount `{"raw": "13 197 804 €", "amount": 13197804}`, or a rule in words. `whose`: the party it goes to."""

    euros: Number | None = None
    raw: str = ""
    rule: str = ""
    whose: str = ""

    @classmethod
    def of(cls, figure: object) -> "Printed":
        values = as_dict(figure)
        raw, rule, whose = (str(values.get(name) or "") for name in ("raw", "rule", "party"))
        return cls(euros(figure), raw, rule, whose)


def euros(figure: object) -> Number | None:
    """The amount of a printed figure; None when it has none."""
    amount = as_number(as_dict(figure).get("amount"))
    return None if amount is None else exact(amount)


@dataclass(frozen=True, slots=True)
class PrintedParagraph:
    """`bullet`: its sign, empty without one; `level`: of a bullet."""

    text: str
    bullet: str = ""
    heading: bool = False
    level: int = 0

    @classmethod
    def of(cls, value: object) -> "PrintedParagraph":
        if not isinstance(value, dict):
            return cls("" if value is None else str(value))
        bullet, level = value.get("bullet"), value.get("level")
        sign = bullet if isinstance(bullet, str) else PLAIN_BULLET if bullet else ""
        depth = level if sign and isinstance(level, int) else 0
        return cls(str(value.get("text") or value.get("raw") or ""), sign, bool(value.get("heading")), depth)

    @property
    def kind(self) -> str:
        return "heading" if self.heading else "bullet" if self.bullet else ""


def paragraphs_of(value: object) -> Iterator[PrintedParagraph]:
    """Those that say something, whichever way they were written: a list, or an account that holds one."""
    for item in value if isinstance(value, list) else account_paragraphs(value):
        if (paragraph := PrintedParagraph.of(item)).text.strip():
            yield paragraph


def account_paragraphs(narrative: object) -> list[dict[str, Any]]:
    """The paragraphs of an account (`narrative`) as its file has them, to be carried."""
    account = as_dict(narrative)
    for name in ("paragraphs", "items"):
        if isinstance(account.get(name), list):
            return [item if isinstance(item, dict) else {"text": str(item or "")} for item in account[name]]
    return [{"text": line} for line in as_text(account).splitlines() if line.strip()]


def items_of(cell: object) -> list[dict[str, Any]]:
    """The bullets of a cell `{"raw", "items"}` as its file has them."""
    items = as_list(as_dict(cell).get("items"))
    return [item if isinstance(item, dict) else {"text": "" if item is None else str(item)} for item in items]


def raw_of(cell: object) -> str:
    """The printed words of a cell, which may be a plain text."""
    raw = cell.get("raw") if isinstance(cell, dict) else cell
    return "" if raw is None else str(raw)


def code_of(value: object) -> str:
    """A budget code as text, its zeros kept."""
    return str(value.get("code") or "") if isinstance(value, dict) else str(value or "")
