"""Cells of words: aligned bullets on two levels, as a person types them and as the sheet prints them.

Typed: « - » opens a first-level bullet, « -- » (or an indentation) a second-level one; a blank line keeps its place, so
that the lines of two cells stay side by side.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.conventions.models.printed import account_paragraphs, as_dict, as_number, as_text, items_of

# What opens a bullet, once the indentation is taken off. A dash glued to a word (« -7,7 % ») opens none.
MARK = re.compile(r"(-{1,4}|[•▪●○■□>→➢–—*])(?:[ \t\u00a0]+|$)")
INDENT = re.compile(r"^(?:\t| {2,})[ \t]*")
BULLETS = ("→", "•", "▪", "–")
DEEPEST = 3
NEW = re.compile(r"nouveau\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BulletLine:
    """A line of a cell. `text` empty: a blank that keeps the alignment."""

    text: str
    level: int = 0
    bullet: str = ""
    new: bool = False

    @property
    def css(self) -> str:
        return f"f-l{min(self.level, DEEPEST)}" + (" f-bullet" if self.bullet else "")


def lines_of(cell: Any) -> list[BulletLine]:
    """The lines of a cell of the exchange format: `{"raw", "items"}`, a plain text, or nothing."""
    if isinstance(cell, str):
        return [BulletLine(text.strip()) for text in cell.splitlines() if text.strip()]
    if items := items_of(cell):
        return [line_of(item) for item in items]
    raw = as_text(cell).strip()
    return [BulletLine(raw)] if raw else []


def line_of(item: Mapping[str, Any]) -> BulletLine:
    return BulletLine(
        " ".join(str(item.get("text") or "").split()),
        max(int(as_number(item.get("level")) or 0), 0),
        str(item.get("bullet") or ""),
        item.get("nouveau") is True,
    )


def to_text(cell: Any) -> str:
    """What a person finds in the field, one line each."""
    return "\n".join(typed_line(line) for line in lines_of(cell))


def typed_line(line: BulletLine) -> str:
    if not line.text:
        return ""
    level = min(line.level, DEEPEST)
    if line.bullet or level:
        return f"{'-' * (level + 1)} {line.text}"
    return line.text


def from_text(text: str, before: Any = None) -> Any:
    """The cell that was typed. What says the same as `before` is `before`, as it was printed.

    A line left as it was keeps what the file knew of it (its own bullet, bold, « nouveau »).
    """
    wanted = tidy(text)
    if wanted == tidy(to_text(before)):
        return before
    known = items_of(before)
    signs = own_bullets(known)
    items = [item_of(line, known, signs) for line in wanted]
    rest = {name: value for name, value in as_dict(before).items() if name != "split"}
    raw = " ".join(f"{item.get('bullet') or ''} {item['text']}".strip() for item in items if item["text"])
    return {**rest, "raw": raw, "items": items}


def tidy(text: str) -> list[str]:
    """Its lines, without the blanks that end them and those that end the cell."""
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def read_line(line: str) -> tuple[str, int, str]:
    """(text, level, sign): the sign as typed, empty without a bullet."""
    indent = INDENT.match(line)
    plain = line.strip()
    mark = MARK.match(plain)
    if mark is None:
        return plain, 1 if indent else 0, ""
    sign = mark[1]
    level = len(sign) - 1 if sign.startswith("-") else 0
    return plain[mark.end() :].strip(), max(level, 1 if indent else 0), sign


def item_of(line: str, known: list[Any], signs: dict[int, str]) -> dict[str, Any]:
    text, level, sign = read_line(line)
    for index, item in enumerate(known):
        if typed_line(line_of(item)) == line.strip() and text:
            return dict(known.pop(index))
    if not text:
        return {"text": "", "level": 0}
    new_item: dict[str, Any] = {"text": text, "level": level}
    if sign:
        dashes = sign.startswith("-")
        new_item["bullet"] = signs.get(level, BULLETS[min(level, DEEPEST)]) if dashes else sign
    if NEW.match(text):
        new_item["nouveau"] = True
    return new_item


def own_bullets(items: Sequence[Any]) -> dict[int, str]:
    """The sign that this cell prints at each level."""
    signs: dict[int, str] = {}
    for item in items:
        line = line_of(item)
        if line.bullet:
            signs.setdefault(line.level, line.bullet)
    return signs


def aligned(cells: Sequence[Sequence[BulletLine]]) -> list[bool]:
    """Which cells of a row go line by line: those that have as many lines as another.

    Nothing is guessed when the counts differ: which line goes with which is then lost.
    """
    counts = [len(cell) for cell in cells]
    several = [count for count in counts if count > 1]
    most = max(several, default=0)
    if not most or counts.count(most) < 2:
        return [False] * len(cells)
    return [count == most for count in counts]


# --- paragraphs ------------------------------------------------------------------------------------------------


def narrative_text(narrative: Any) -> str:
    return "\n\n".join(
        ("- " if paragraph.get("bullet") else "") + " ".join(str(paragraph.get("text") or "").split())
        for paragraph in account_paragraphs(narrative)
    )


def narrative_from(heading: str, text: str, before: Any) -> Any:
    """The narrative that was typed; a paragraph left as it was keeps what the file knew of it."""
    old = as_dict(before)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    unchanged = lines == [line for line in narrative_text(old).splitlines() if line.strip()]
    if unchanged and heading == str(old.get("heading") or ""):
        return before
    if not lines and not heading and not old:
        return None
    known = account_paragraphs(old)
    paragraphs = account_paragraphs(old) if unchanged else [paragraph_of(line, known) for line in lines]
    rest = {name: value for name, value in old.items() if name not in ("raw", "text")}
    return {**rest, "heading": heading, "paragraphs": paragraphs}


def paragraph_of(line: str, known: list[dict[str, Any]]) -> dict[str, Any]:
    mark = MARK.match(line)
    text = line[mark.end() :].strip() if mark else line
    for index, paragraph in enumerate(known):
        same = " ".join(str(paragraph.get("text") or "").split()) == text
        if same and bool(paragraph.get("bullet")) == bool(mark):
            return known.pop(index)
    return {"text": text, "bullet": bool(mark)}
