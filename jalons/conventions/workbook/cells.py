"""What a cell of the matrix says in a spreadsheet, and what it was when the workbook left."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from jalons.conventions.models import Cell
from jalons.core.values import Emptiness, Kind, Number, Value, exact, kind_named, parse_cell

Shown = Number | str
# Of a cell that nobody wrote.
NOBODY = ""
SAID = ("raw", "kind", "unit", "qualifier", "main", "note", "source")


def words_of(cell: Cell | None) -> str:
    """As printed. An absence printed with nothing, or with words that say another, is said by its sign."""
    if cell is None or not cell.kind:
        return ""
    named = kind_named(cell.kind)
    if isinstance(named, Emptiness):
        return cell.raw if parse_cell(cell.raw).kind is named else named.sign
    return cell.raw or cell.value.to_text()


def spreadsheet_value(cell: Cell | None) -> Shown:
    """As printed, or the number alone where the print says nothing more: a spreadsheet may then compute with it."""
    words = words_of(cell)
    if cell is None or cell.number is None or cell.kind != Kind.NUMBER or cell.qualifier:
        return words
    number = exact(cell.number)
    return number if parse_cell(words) == Value.of(number) else words


def mark(cell: Cell | None) -> str:
    """What the cell says, in twelve signs: it is another as soon as somebody writes something else there."""
    if cell is None or not cell.kind:
        return NOBODY
    fields: list[Any] = [getattr(cell, name) for name in SAID]
    fields += [None if cell.number is None else str(Decimal(exact(cell.number)).normalize()), cell.parts]
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def parts_in_words(parts: Any) -> str:
    """« dont 12 filles ; 6 garçons (dont 2 majeurs) »."""
    texts = []
    for part in parts or ():
        words = part.get("raw") or " ".join(
            str(piece)
            for piece in (part.get("relation"), part.get("number"), part.get("label"))
            if piece not in (None, "")
        )
        inner = parts_in_words(part.get("parts"))
        texts.append(f"{words} ({inner})" if inner else words)
    return "\u202f; ".join(filter(None, texts))
