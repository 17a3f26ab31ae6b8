"""How a printed document writes what a dossier holds: amounts, figures, bullets, blanks left to fill."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from jalons.conventions.models import BudgetAmount, Cell
from jalons.conventions.models.printed import (
    PLAIN_BULLET,
    Printed,
    PrintedParagraph,
    as_number,
    as_text,
    items_of,
    raw_of,
)
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
    return THOUSANDS.sub(lambda match: re.sub(r"[ \u00a0]", THIN, match[0]), text)


def runs_of(text: str, *, bold: bool = False, also: str = "") -> tuple[Run, ...]:
    """Running text, its blanks marked. `also`: a blank named by the convention itself."""
    runs: list[Run] = []
    start = 0
    for begin, end in blanks(text, also):
        if begin > start:
            runs.append(Run(typeset(text[start:begin]), bold=bold))
        runs.append(Run(text[begin:end], bold=bold, mark=True))
        start = end
    if start < len(text) or not runs:
        runs.append(Run(typeset(text[start:]), bold=bold))
    return tuple(runs)


def blanks(text: str, also: str = "") -> list[tuple[int, int]]:
    spans = [match.span() for match in PLACEHOLDER.finditer(text)]
    at = text.find(also) if also else -1
    if at >= 0 and not any(begin <= at < end for begin, end in spans):
        spans.append((at, at + len(also)))
    return sorted(spans)


def prose(text: str, **looks: Any) -> ActLine:
    return ActLine(runs_of(" ".join(text.split())), **looks)


def paragraph_line(paragraph: PrintedParagraph) -> ActLine:
    return prose(paragraph.text, bullet=paragraph.bullet, level=paragraph.level)


def item_lines(value: Any, bold: bool = False) -> list[ActLine]:
    """Bullets of a cell (`{"raw", "items"}`), on their two levels; its raw text without items."""
    if items := items_of(value):
        return [item_line(item) for item in items]
    raw = raw_of(value).strip()
    return [ActLine(runs_of(raw, bold=bold))] if raw else []


def item_line(item: dict[str, Any]) -> ActLine:
    text = str(item.get("text") or "").strip()
    depth = min(max(int(as_number(item.get("level")) or 0), 0), 3)
    bullet = str(item.get("bullet") or "") or (PLAIN_BULLET if depth else "")
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
    printed = Printed.of(figure)
    return euros_or_words(printed.euros, printed.raw or printed.rule)


def known_numbers(parts: Iterable[dict[str, Any]]) -> Iterator[Number]:
    for part in parts:
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
    raw_text = str(cell.kept.get("cell_raw") or "") if not cell.kind else ""
    if raw_text.strip():
        return (line(raw_text, bold=bold),)
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
    parser = Marked()
    parser.feed(as_text(cell.kept.get("markup")))
    raw = " ".join(cell.raw.split())
    places = [at for at, sign in enumerate(raw) if not sign.isspace()]
    if [raw[at] for at in places] != [sign for sign, _, _ in parser.signs]:
        return {}
    return {at: (bold, starts) for at, (_, bold, starts) in zip(places, parser.signs, strict=True)}


def every_part(parts: Iterable[Any]) -> Iterator[str]:
    """The printed words of the parts and of theirs, in order."""
    for part in parts:
        yield " ".join(str(part.get("raw") or "").split())
        yield from every_part(part.get("parts") or ())


def starts_of(raw: str, parts: Iterable[Any]) -> set[int]:
    """Where the parts start in the printed words; and where a number follows at once the number that ends one."""
    cuts, at, last = set(), 0, -1
    for words in every_part(parts):
        start = raw.find(words, max(at, last + 1)) if words else -1
        if start < 0:
            start = raw.find(words, last + 1) if words else -1  # a part of the part before it
        if start < 0:
            continue
        before = LEADS.search(raw[:start])
        last = start
        cuts.add(before.start() if before else start)
        at = start + len(words)
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
