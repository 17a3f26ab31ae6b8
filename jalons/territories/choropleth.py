"""Départements coloured by classes: a colour and a pattern for each, so that grey print tells them apart."""

from collections.abc import Callable, Mapping, Sequence
from xml.etree import ElementTree

from jalons.core.charts import drawing as svg
from jalons.core.charts.geometry import coordinate
from jalons.territories.drawing import (
    GAP,
    SOURCE,
    WIDTH,
    Feature,
    bounds_of,
    clipped,
    draw_outline,
    frames_for,
)

LINE, BOX = 22, 16
STROKE = "#0B5D63"
# The ground and the strokes of each class, from the smallest numbers to the greatest; without strokes it is plain.
LOOKS = (
    ("#E3F0EF", "M0,6L6,0"),
    ("#B5D5D3", "M0,3L6,3M3,0L3,6"),
    ("#5E9FA2", "M0,0L6,6"),
    ("#0B5D63", ""),
)
MISSING, MISSING_MARK = "masque", ("#F4F0E8", "M3,2.4L3,3.6")
KeyEntry = tuple[str, str]  # how it is filled, what it means


def look_of(rank: int) -> str:
    colour, strokes = LOOKS[rank]
    return f"url(#motif{rank})" if strokes else colour


def draw_coloured(
    title: str,
    words: str,
    outlines: Sequence[Feature],
    fill_of: Callable[[str], str],
    key: Sequence[KeyEntry],
    *,
    across: int = 2,
) -> str:
    """SVG text; the key alone without any outline. `fill_of`: by code of département; `across`: columns of the key."""
    features = {feature["id"]: feature for feature in outlines}
    boxes = {code: bounds_of(feature) for code, feature in features.items()}
    frames = frames_for(list(features), boxes) if features else []
    height = max((frame.top + frame.height for frame in frames), default=0) + GAP
    rows = -(-len(key) // across)
    root = svg.root(title, words, WIDTH, height + LINE * (rows + 1))
    define_patterns(root)
    for number, frame in enumerate(frames):
        inner = clipped(root, frame, number)
        for code, feature in features.items():
            if frame.holds(boxes[code]):
                draw_outline(inner, frame, feature, fill_of(code))
    draw_key(root, height, key, across)
    return ElementTree.tostring(root, encoding="unicode")


def define_patterns(root: ElementTree.Element) -> None:
    definitions = svg.add(root, "defs")
    looks: Mapping[str, tuple[str, str]] = {f"motif{rank}": look for rank, look in enumerate(LOOKS)}
    for name, (colour, strokes) in {**looks, MISSING: MISSING_MARK}.items():
        if not strokes:
            continue
        sizes = {"id": name, "width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
        pattern = svg.add(definitions, "pattern", **sizes)
        svg.add(pattern, "rect", width="6", height="6", fill=colour)
        stroke = svg.LINE if name == MISSING else STROKE
        svg.add(pattern, "path", d=strokes, stroke=stroke, stroke_width="1")


def draw_key(root: ElementTree.Element, top: float, key: Sequence[KeyEntry], across: int) -> None:
    for number, (fill, words) in enumerate(key):
        x, y = 10.0 + 250 * (number % across), top + LINE * (number // across)
        sizes = {"x": coordinate(x), "y": coordinate(y), "width": str(BOX), "height": str(BOX)}
        svg.add(root, "rect", fill=fill, stroke=svg.LINE, **sizes)
        svg.text(root, x + BOX + 8, y + 13, words)
    rows = -(-len(key) // across)
    svg.text(root, 10, top + LINE * rows + 16, SOURCE, fill=svg.MUTED)
