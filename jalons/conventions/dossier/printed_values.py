"""Printed figures and paragraphs, kept as JSON, as a form shows them and back."""

from typing import Any

from jalons.core.values import Number, Value, exact, format_euros, format_number

Json = dict[str, Any]


def figure_value(figure: Any) -> Value:
    """A printed figure as an amount to type."""
    if not isinstance(figure, dict):
        return Value.empty()
    amount = figure.get("amount")
    if isinstance(amount, int | float) and not isinstance(amount, bool):
        return Value.amount(exact(amount))
    raw = str(figure.get("raw") or "").strip()
    return Value.dash() if raw in ("-", "–") else Value.nd() if raw.upper() == "ND" else Value.empty()


def figure_of(value: Value, figure: Any) -> Json | None:
    """What was typed, as a printed figure; what it already said is left as it was printed."""
    if value == figure_value(figure):
        return figure if isinstance(figure, dict) else None
    if value.number is not None:
        kept = figure if isinstance(figure, dict) else {}
        return {**kept, "raw": format_euros(value.number), "amount": plain(value.number)}
    text = value.to_text()
    return {"raw": text, "amount": None} if text else None


def plain(number: Number) -> int | float:
    """As JSON holds it."""
    return int(number) if number == int(number) else float(number)


def euros_text(number: Number | None) -> str:
    return "" if number is None else format_number(number)


def lines_of(paragraphs: Any) -> str:
    """Paragraphs as text: one a line, « - » before a bullet, « # » before a heading."""
    return "\n".join(line_of(paragraph) for paragraph in paragraphs) if isinstance(paragraphs, list) else ""


def line_of(paragraph: Any) -> str:
    if not isinstance(paragraph, dict):
        return " ".join(str(paragraph).split("\n"))
    text = " ".join(str(paragraph.get("text") or "").splitlines())
    if paragraph.get("heading"):
        return f"# {text}"
    return f"- {text}" if paragraph.get("bullet") else text


def paragraphs_of(text: str, before: Any, *, plain_texts: bool = False) -> list[Any]:
    """The text back as paragraphs; a line that was already there keeps all that its paragraph said.

    `plain_texts`: new ones are plain texts, when those before are.
    """
    known: dict[str, list[Any]] = {}
    for each in before if isinstance(before, list) else []:
        known.setdefault(line_of(each).strip(), []).append(each)
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
