"""How a printed document writes what a dossier holds: amounts, figures, bullets, blanks left to fill."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from jalons.conventions.models import BudgetAmount, Cell
from jalons.core.values import (
    Emptiness,
    Number,
    Value,
    fold,
    format_euros,
    format_number,
    format_value,
)
from jalons.core.values.cells import Kind
from jalons.core.values.text import THIN
from jalons.exports.acts import BLANK, ActLine, Run, line

# A blank that somebody forgot: « {montant} », « xxxx », « ____ », « ……… », « [à compléter] ».
PLACEHOLDER = re.compile(
    r"\{[^{}\n]{1,60}\}|(?<!\w)[xX]{3,}(?!\w)|_{3,}|\.{4,}|…{2,}|\[(?:[àa] compl[ée]ter|[.… ]+)[^\]]*\]",
    re.IGNORECASE,
)
# « 1 402 901 € » : spaces of a figure that nobody can read otherwise; a year or a code has none.
THOUSANDS = re.compile(r"(?<![\d.,/])\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)")

# Words that go with the part they announce.
LEADS = re.compile(r"(?:\((?:dont )?|dont )$")


def typeset(text: str) -> str:
    """Running text with the spaces of thousands thin and unbreakable; its words are left alone."""
    return THOUSANDS.sub(lambda found: re.sub(r"[ \u00a0]", THIN, found[0]), text)


def runs_of(text: str, *, bold: bool = False, also: str = "") -> tuple[Run, ...]:
    """Running text, its blanks marked. `also`: a blank named by the convention itself."""
    told: list[Run] = []
    start = 0
    for begin, end in blanks(text, also):
        if begin > start:
            told.append(Run(typeset(text[start:begin]), bold=bold))
        told.append(Run(text[begin:end], bold=bold, mark=True))
        start = end
    if start < len(text) or not told:
        told.append(Run(typeset(text[start:]), bold=bold))
    return tuple(told)


def blanks(text: str, also: str = "") -> list[tuple[int, int]]:
    found = [match.span() for match in PLACEHOLDER.finditer(text)]
    at = text.find(also) if also else -1
    if at >= 0 and not any(begin <= at < end for begin, end in found):
        found.append((at, at + len(also)))
    return sorted(found)


def prose(text: str, **looks: Any) -> ActLine:
    return ActLine(runs_of(" ".join(text.split())), **looks)


def paragraphs_of(value: Any) -> Iterator[dict[str, Any]]:
    """Paragraphs of the exchange format, whichever way they were written: a text, a list, an object."""
    if isinstance(value, str):
        value = value.split("\n")
    if isinstance(value, dict):
        value = [value] if value.get("text") else value.get("paragraphs") or value.get("items") or []
    for each in value or ():
        paragraph = {"text": each} if isinstance(each, str) else each
        if (
            isinstance(paragraph, dict)
            and isinstance(paragraph.get("text"), str)
            and paragraph["text"].strip()
        ):
            yield paragraph


def item_lines(value: Any, bold: bool = False) -> list[ActLine]:
    """Bullets of a cell (`{"raw", "items"}`), on their two levels; its raw text without items."""
    if isinstance(value, str):
        value = {"raw": value}
    if not isinstance(value, dict):
        return []
    items = [each for each in value.get("items") or () if isinstance(each, dict)]
    if not items:
        raw = str(value.get("raw") or "").strip()
        return [ActLine(runs_of(raw, bold=bold))] if raw else []
    return [item_line(item) for item in items]


def item_line(item: dict[str, Any]) -> ActLine:
    text = str(item.get("text") or "").strip()
    level = item.get("level")
    bullet = str(item.get("bullet") or "")
    depth = min(max(level, 0), 3) if isinstance(level, int) else 0
    if depth and not bullet:
        bullet = "–"
    return ActLine(runs_of(text), level=depth, bullet=bullet if text else "")


def or_empty(lines: Sequence[ActLine]) -> tuple[ActLine, ...]:
    """Never a blank cell."""
    return tuple(lines) or (line(Emptiness.EMPTY),)


# Figures -------------------------------------------------------------------------------------------------


def amount_words(amount: BudgetAmount | None) -> object:
    """What a sheet says of an amount: euros, a dash, « non renseigné », or what was written instead."""
    if amount is None:
        return Emptiness.EMPTY
    return euros_or_words(amount.euros, amount.raw)


def euros_or_words(euros: Number | None, raw: str) -> object:
    if euros is not None:
        return format_euros(euros)
    return typeset(raw) if raw.strip() else Emptiness.EMPTY  # « / » and « - » as they are printed


def figure_words(figure: object) -> object:
    """The same of `{"raw", "amount"}`, or of a rule in words."""
    if isinstance(figure, dict):
        amount = figure.get("amount")
        if isinstance(amount, int | float):
            return format_euros(amount)
        return euros_or_words(None, str(figure.get("raw") or figure.get("rule") or ""))
    return Emptiness.EMPTY


def known_numbers(told: Iterable[dict[str, Any]]) -> Iterator[Number]:
    for part in told:
        if isinstance(part, dict):
            if isinstance(part.get("number"), int):
                yield part["number"]
            yield from known_numbers(part.get("parts") or ())


def thin_numbers(text: str, numbers: Iterable[Number]) -> str:
    """The text with these numbers, and no other, written with thin spaces: « 280 80 » stays two operators."""
    for number in sorted(
        {number for number in numbers if isinstance(number, int) and number >= 1000}, reverse=True
    ):
        groups = f"{number:,}".split(",")
        printed = re.compile(r"(?<![\d,.])" + "[ \u00a0\u202f]?".join(groups) + r"(?!\d)")
        text = printed.sub(format_number(number), text)
    return text


def cell_lines(cell: Cell | None, *, bold: bool = False) -> tuple[ActLine, ...]:
    """A figure of the indicators: verbatim when it says more than its number, parts under their main number."""
    if cell is None:
        return (line(Emptiness.EMPTY),)
    told = str(cell.kept.get("cell_raw") or "") if not cell.kind else ""
    if told.strip():
        return (line(told, bold=bold),)
    value = cell.value
    if value.emptiness is not None:
        raw = cell.raw.strip()
        return (ActLine((Run(raw or value.emptiness.words, missing=not raw, bold=bold),)),)
    if value.kind is Kind.COMPOSITE or value.number is None:
        return printed_lines(cell, bold=bold) or (line(plain_words(cell, value), bold=bold),)
    heavy = bold or all(weight for weight, _ in marked(cell).values())
    return (line(plain_words(cell, value), bold=bold or (heavy and bool(marked(cell)))),)


def plain_words(cell: Cell, value: Value) -> str:
    """« 10 456 », « 62 % », or the printed words when they say more (« 40 familles », « environ 30 »)."""
    raw = cell.raw.strip()
    if value.number is None:
        return typeset(raw)
    computed = format_value(value)
    if not raw or same_words(raw, computed) or same_words(raw, format_number(value.number)):
        return computed
    return thin_numbers(raw, [value.number])


def same_words(left: str, right: str) -> bool:
    return re.sub(r"\s", "", fold(left)) == re.sub(r"\s", "", fold(right))


# Line breaks and bold of the source ------------------------------------------------------------------------


class Marked(HTMLParser):
    """The signs of a cell as its source laid them out: (sign, bold, does a line start before it)."""

    BLOCKS = frozenset({"p", "br", "li", "div", "tr"})
    BOLD = frozenset({"b", "strong"})

    def __init__(self) -> None:
        super().__init__()
        self.signs: list[tuple[str, bool, bool]] = []
        self.depth, self.starts = 0, False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.depth += tag in self.BOLD
        self.starts |= tag in self.BLOCKS

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in self.BOLD and self.depth > 0
        self.starts |= tag in self.BLOCKS

    def handle_data(self, data: str) -> None:
        for sign in data:
            self.starts |= sign == "\n"
            if not sign.isspace():
                self.signs.append((sign, self.depth > 0, self.starts))
                self.starts = False


def marked(cell: Cell) -> dict[int, tuple[bool, bool]]:
    """By place in its printed words, (bold, start of a line); nothing when its markup says other words."""
    markup = cell.kept.get("markup")
    parser = Marked()
    parser.feed(markup if isinstance(markup, str) else "")
    raw = " ".join(cell.raw.split())
    places = [at for at, sign in enumerate(raw) if not sign.isspace()]
    if [raw[at] for at in places] != [sign for sign, _, _ in parser.signs]:
        return {}
    return {at: (bold, starts) for at, (_, bold, starts) in zip(places, parser.signs, strict=True)}


def every_part(told: Iterable[Any]) -> Iterator[str]:
    """The printed words of the parts and of theirs, in order."""
    for part in told:
        if isinstance(part, dict):
            yield " ".join(str(part.get("raw") or "").split())
            yield from every_part(part.get("parts") or ())


def starts_of(raw: str, parts: Iterable[Any]) -> set[int]:
    """Where the parts start in the printed words; and where a number follows at once the number that ends one."""
    cuts, at, last = set(), 0, -1
    for words in every_part(parts):
        found = raw.find(words, max(at, last + 1)) if words else -1
        if found < 0:
            found = raw.find(words, last + 1) if words else -1  # a part of the part before it
        if found < 0:
            continue
        before = LEADS.search(raw[:found])
        last = found
        cuts.add(before.start() if before else found)
        at = found + len(words)
        if raw[at - 1].isdigit() and re.match(r" \d", raw[at:]):
            cuts.add(at + 1)
    return cuts


def printed_lines(cell: Cell, *, bold: bool) -> tuple[ActLine, ...]:
    """The printed words, on the lines that the markup or the parts of the cell say, each run as bold as it was."""
    raw = " ".join(cell.raw.split())
    numbers = [*known_numbers(cell.parts or ()), *([cell.figure] if cell.figure is not None else [])]
    looks = marked(cell)
    cuts = starts_of(raw, cell.parts or ()) | {at for at, (_, starts) in looks.items() if starts}
    edges = sorted({0, *cuts, len(raw)})
    alone = not numbers and not cuts  # where a line break may be lost, two numbers are never joined
    whole = bold and not any(heavy for heavy, _ in looks.values())  # its markup says which words are bold
    lines = []
    for begin, end in pairwise(edges):
        runs = [
            Run(typeset(words) if alone else thin_numbers(words, numbers), bold=whole or heavy)
            for words, heavy in runs_between(raw, begin, end, looks)
        ]
        lines.append(ActLine(tuple(runs)))
    return tuple(line for line in lines if line.words)


def runs_between(
    raw: str, begin: int, end: int, looks: Mapping[int, tuple[bool, bool]]
) -> Iterator[tuple[str, bool]]:
    """(words, bold) of a line; a space goes with what stands before it."""
    start, heavy = begin, looks.get(begin, (False, False))[0]
    end = begin + len(raw[begin:end].rstrip())
    for at in range(begin, end):
        now = looks[at][0] if at in looks else heavy
        if now != heavy:
            yield raw[start:at], heavy
            start, heavy = at, now
    if raw[start:end]:
        yield raw[start:end], heavy


def or_blank(lines: Sequence[ActLine]) -> tuple[ActLine, ...]:
    return tuple(lines) or (BLANK,)
