"""Printed figures and paragraphs, kept as JSON, as a form shows them and back."""

from typing import Any

from jalons.conventions.models.printed import Printed, PrintedParagraph, as_dict
from jalons.core.values import Number, Value, format_euros

Json = dict[str, Any]
MARKS = {"heading": "# ", "bullet": "- ", "": ""}


def figure_value(figure: Any) -> Value:
    """A printed figure as an amount to type."""
    printed = Printed.of(figure)
    if printed.euros is not None:
        return Value.amount(printed.euros)
    raw = printed.raw.strip()
    return Value.dash() if raw in ("-", "–") else Value.nd() if raw.upper() == "ND" else Value.empty()


def figure_of(value: Value, figure: Any) -> Json | None:
    """What was typed, as a printed figure; what it already said is left as it was printed."""
    if value == figure_value(figure):
        return figure if isinstance(figure, dict) else None
    if value.number is not None:
        return {**as_dict(figure), "raw": format_euros(value.number), "amount": plain(value.number)}
    text = value.to_text()
    return {"raw": text, "amount": None} if text else None


def plain(number: Number) -> int | float:
    """As JSON holds it."""
    return int(number) if number == int(number) else float(number)


def lines_of(paragraphs: list[Any]) -> str:
    """Paragraphs as text: one a line, « - » before a bullet, « # » before a heading."""
    return "\n".join(map(line_of, paragraphs))


def line_of(value: Any) -> str:
    paragraph = PrintedParagraph.of(value)
    return MARKS[paragraph.kind] + " ".join(paragraph.text.splitlines())


def paragraphs_of(text: str, before: list[Any], *, plain_texts: bool = False) -> list[Any]:
    """The text back as paragraphs; a line that was already there keeps all that its paragraph said.

    `plain_texts`: new ones are plain texts, when those before are.
    """
    known: dict[str, list[Any]] = {}
    for paragraph in before:
        known.setdefault(line_of(paragraph).strip(), []).append(paragraph)
    paragraphs: list[Any] = []
    for line in (raw.strip() for raw in text.splitlines()):
        if not line:
            continue
        if known.get(line):
            paragraphs.append(known[line].pop(0))
        else:
            paragraphs.append(new_paragraph(line, plain_texts))
    return paragraphs


def new_paragraph(line: str, plain_texts: bool) -> Any:
    for mark, key in (("# ", "heading"), ("- ", "bullet"), ("• ", "bullet")):
        if line.startswith(mark):
            return {"text": line.removeprefix(mark).strip(), key: True}
    return line if plain_texts else {"text": line, "bullet": False}
