"""Départements coloured by a number: a colour and a pattern for each class, so that grey print tells them apart."""

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from jalons.core.charts import drawing as svg
from jalons.core.charts.geometry import coordinate
from jalons.core.values import format_number
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
# Lower bound of each class, its ground and its strokes; without strokes the ground is plain.
CLASSES = (
    (0, "#FFFFFF", ""),
    (1, "#E3F0EF", "M0,6L6,0"),
    (5, "#B5D5D3", "M0,3L6,3M3,0L3,6"),
    (10, "#5E9FA2", "M0,0L6,6"),
    (20, "#0B5D63", ""),
)
STROKE = "#0B5D63"


def class_of(count: int) -> int:
    """The rank of the class of a number."""
    return max(rank for rank, (least, _, _) in enumerate(CLASSES) if count >= least)


def class_words(rank: int) -> str:
    """« aucun site », « de 1 à 4 sites », « 20 sites et plus »."""
    least = CLASSES[rank][0]
    if rank == 0:
        return "aucun site"
    if rank == len(CLASSES) - 1:
        return f"{format_number(least)} sites et plus"
    return f"de {format_number(least)} à {format_number(CLASSES[rank + 1][0] - 1)} sites"


def draw_choropleth(title: str, outlines: Sequence[Feature], counts: Mapping[str, int]) -> str:
    """SVG text; nothing without any outline. `counts`: by code of département; the others hold none."""
    features = {feature["id"]: feature for feature in outlines}
    if not features:
        return ""
    boxes = {code: bounds_of(feature) for code, feature in features.items()}
    frames = frames_for(list(features), boxes)
    height = max(frame.top + frame.height for frame in frames) + GAP
    root = svg.root(title, choropleth_words(features, counts), WIDTH, height + LINE * (len(CLASSES) // 2 + 2))
    define_patterns(root)
    for number, frame in enumerate(frames):
        inner = clipped(root, frame, number)
        for code, feature in features.items():
            if frame.holds(boxes[code]):
                draw_outline(inner, frame, feature, fill_of(class_of(counts.get(code, 0))))
    draw_key(root, height)
    return ElementTree.tostring(root, encoding="unicode")


def fill_of(rank: int) -> str:
    _, ground, strokes = CLASSES[rank]
    return f"url(#motif{rank})" if strokes else ground


def define_patterns(root: ElementTree.Element) -> None:
    definitions = svg.add(root, "defs")
    for rank, (_, ground, strokes) in enumerate(CLASSES):
        if strokes:
            sizes = {"id": f"motif{rank}", "width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
            pattern = svg.add(definitions, "pattern", **sizes)
            svg.add(pattern, "rect", width="6", height="6", fill=ground)
            svg.add(pattern, "path", d=strokes, stroke=STROKE, stroke_width="1")


def draw_key(root: ElementTree.Element, top: float) -> None:
    for rank in range(len(CLASSES)):
        x, y = 10.0 + 250 * (rank % 3), top + LINE * (rank // 3)
        sizes = {"x": coordinate(x), "y": coordinate(y), "width": str(BOX), "height": str(BOX)}
        svg.add(root, "rect", fill=fill_of(rank), stroke=svg.LINE, **sizes)
        svg.text(root, x + BOX + 8, y + 13, class_words(rank))
    svg.text(root, 10, top + LINE * 2 + 16, SOURCE, fill=svg.MUTED)


def choropleth_words(features: Mapping[str, Feature], counts: Mapping[str, int]) -> str:
    """« De 1 à 4 sites : Ain, Aisne. »: what the colours say, from the highest class down."""
    words = []
    for rank in reversed(range(1, len(CLASSES))):
        names = [
            str(feature["properties"]["name"])
            for code, feature in features.items()
            if class_of(counts.get(code, 0)) == rank
        ]
        if names:
            words.append(f"{class_words(rank).capitalize()}\u00a0: {', '.join(names)}.")
    return " ".join(words) or "Aucun site ouvert."


BAR_WIDTH, BAR_HEIGHT = 96, 8


def draw_bar(share: float, *, at_least: bool = False) -> str:
    """A small bar beside a number, which says the same: screen readers skip it. Hollow when part of it is missing."""
    width = max(2.0, min(share, 1.0) * BAR_WIDTH) if share > 0 else 0.0
    root = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {BAR_WIDTH} {BAR_HEIGHT}",
            "width": str(BAR_WIDTH),
            "height": str(BAR_HEIGHT),
            "aria-hidden": "true",
        },
    )
    sizes = {"y": "1", "height": str(BAR_HEIGHT - 2)}
    svg.add(root, "rect", x="0", width=str(BAR_WIDTH), fill="none", stroke=svg.RULE, **sizes)
    if width:
        ground = svg.PAPER if at_least else STROKE
        svg.add(root, "rect", x="0", width=coordinate(width), fill=ground, stroke=STROKE, **sizes)
    return ElementTree.tostring(root, encoding="unicode")
