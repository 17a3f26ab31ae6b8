"""SVG primitives. Colours are presentation attributes, never CSS: a drawing is also a file of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from jalons.core.charts.geometry import coordinate

FONT = "Source Sans 3, sans-serif"
INK, MUTED, RULE, LINE, PAPER = "#1C2B33", "#51616A", "#DDD6C9", "#737E85", "#FFFFFF"
COLOURS = ("#0B5D63", "#A63A24", "#6B3A73", "#7A4E00", "#2A6435", "#1C2B33")
DASHES = ("", "7 4", "2 4", "9 3 2 3", "4 2", "1 3")
# (fill, outline) of bars side by side: full, then pale with an outline, so that grey print tells them apart.
FILLS = (("#0B5D63", "#0B5D63"), ("#CFE6E4", "#0B5D63"), ("#6B3A73", "#6B3A73"), ("#EADCEC", "#6B3A73"))
SHAPES = ("circle", "square", "triangle", "diamond", "cross", "ring")


@dataclass(frozen=True)
class LegendItem:
    """`kind`: line (style is its dashes), mark (style is its shape), bar (style is its rank), unknown."""

    kind: str
    style: str
    colour: str
    label: str


def root(title: str, description: str, width: int, height: float, css: str = "") -> ElementTree.Element:
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {width} {coordinate(height)}",
        "width": str(width),
        "height": coordinate(height),
        "role": "img",
        "aria-label": f"{title}. {description}" if description else title,
        "font-family": FONT,
        "font-size": "14",
    }
    if css:
        attributes["class"] = css
    root = ElementTree.Element("svg", attributes)
    add(root, "title").text = title
    if description:
        add(root, "desc").text = description
    return root


def add(parent: ElementTree.Element, name: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(
        parent, name, {key.replace("_", "-"): value for key, value in attributes.items()}
    )


def text(
    parent: ElementTree.Element,
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    fill: str = INK,
    bold: bool = False,
    italic: bool = False,
) -> None:
    extra = {**({"font_weight": "700"} if bold else {}), **({"font_style": "italic"} if italic else {})}
    text = add(parent, "text", x=coordinate(x), y=coordinate(y), text_anchor=anchor, fill=fill, **extra)
    text.text = words


def line(parent: ElementTree.Element, x1: float, y1: float, x2: float, y2: float, stroke: str) -> None:
    add(
        parent,
        "line",
        x1=coordinate(x1),
        y1=coordinate(y1),
        x2=coordinate(x2),
        y2=coordinate(y2),
        stroke=stroke,
    )


def polyline(
    parent: ElementTree.Element, run: Sequence[tuple[float, float]], stroke: str, dash: str, width: float
) -> None:
    if len(run) < 2:
        return
    extra = {"stroke_dasharray": dash} if dash else {}
    points = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in run)
    add(
        parent,
        "polyline",
        points=points,
        fill="none",
        stroke=stroke,
        stroke_width=str(width),
        stroke_linejoin="round",
        **extra,
    )


def mark(parent: ElementTree.Element, shape: str, x: float, y: float, colour: str, size: float) -> None:
    """A point; the white rim keeps two marks that touch apart."""
    rim: dict[str, Any] = {"fill": colour, "stroke": PAPER, "stroke_width": "1.2"}
    if shape in ("circle", "ring"):
        if shape == "ring":
            rim = {"fill": PAPER, "stroke": colour, "stroke_width": "2.2"}
        add(parent, "circle", cx=coordinate(x), cy=coordinate(y), r=coordinate(size), **rim)
        return
    if shape == "cross":
        d = "M{0},{1}L{2},{3}M{0},{3}L{2},{1}".format(
            *map(coordinate, (x - size, y - size, x + size, y + size))
        )
        add(parent, "path", d=d, fill="none", stroke=colour, stroke_width="2.4")
        return
    outlines = {
        "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        "triangle": [(0, -1.2), (1.15, 0.85), (-1.15, 0.85)],
        "diamond": [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)],
    }
    points = " ".join(
        f"{coordinate(x + dx * size)},{coordinate(y + dy * size)}" for dx, dy in outlines[shape]
    )
    add(parent, "polygon", points=points, **rim)


def bar(parent: ElementTree.Element, rank: str, x: float, y: float, width: float, height: float) -> None:
    """The bar of the series of this rank (a number from 0, as text)."""
    fill, outline = FILLS[int(rank) % len(FILLS)]
    sizes = {"x": x, "y": y, "width": width, "height": height}
    add(parent, "rect", fill=fill, stroke=outline, **{name: coordinate(size) for name, size in sizes.items()})


def legend_rows(items: Sequence[LegendItem], width: int) -> list[list[tuple[float, LegendItem]]]:
    """Items with their x, as many on a row as the width holds."""
    rows: list[list[tuple[float, LegendItem]]] = []
    x = float(width)
    for item in items:
        room = 40 + 7.2 * len(item.label)
        if x + room > width - 4:
            rows.append([])
            x = 10.0
        rows[-1].append((x, item))
        x += room
    return rows


def legend(root: ElementTree.Element, rows: Sequence[Sequence[tuple[float, LegendItem]]]) -> None:
    for number, row in enumerate(rows):
        y = 14 + 20 * number
        for x, item in row:
            if item.kind == "line":
                polyline(root, [(x, y - 4.5), (x + 22, y - 4.5)], item.colour, item.style, 2.6)
            elif item.kind == "mark":
                mark(root, item.style, x + 12, y - 4.5, item.colour, 4.5)
            elif item.kind == "bar":
                bar(root, item.style, x + 4, y - 11, 14, 12)
            else:
                text(root, x + 2, y, "ND", fill=item.colour, italic=True)
            text(root, x + 27, y, item.label, fill=MUTED)
