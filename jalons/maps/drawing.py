"""The map as one drawing, for pages without JavaScript and for documents: outlines, then sites or counts."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from xml.etree import ElementTree

from jalons.core.charts import drawing as svg
from jalons.core.charts.geometry import coordinate
from jalons.core.values import format_number, plural
from jalons.layers.drawing import PictureLayer, add_patterns, draw_layer, draw_legend, legend_lines
from jalons.maps.selectors import Point
from jalons.territories.drawing import (
    EMPTY,
    GAP,
    HELD,
    SOURCE,
    WIDTH,
    Feature,
    Frame,
    bounds_of,
    clipped,
    draw_outline,
    frames_for,
)
from jalons.thresholds.enums import Limits
from jalons.thresholds.selectors import delay_words

# Beyond this many points, marks hide one another: départements are counted instead.
MOST_MARKS = 250
LINE = 20
MARKS = {
    "good": svg.LegendItem("mark", "circle", "#2A6435", "recensé depuis moins de {due}"),
    "due": svg.LegendItem("mark", "diamond", "#7A4E00", "depuis {due} à {stale}"),
    "late": svg.LegendItem("mark", "triangle", "#A63A24", "depuis plus de {stale} ou jamais"),
    "closed": svg.LegendItem("mark", "ring", "#51616A", "site fermé"),
    "insertion": svg.LegendItem("mark", "square", "#6B3A73", "terrain d’insertion"),
}
NO_GROUNDS: Mapping[str, Sequence[Point]] = MappingProxyType({})


def in_words(mark: svg.LegendItem, limits: Limits) -> svg.LegendItem:
    due, stale = delay_words(limits.survey_due), delay_words(limits.survey_stale)
    return replace(mark, label=mark.label.format(due=due, stale=stale))


def draw_map(
    title: str,
    outlines: Sequence[Feature],
    counts: Mapping[str, int],
    points: Sequence[Point],
    grounds: Mapping[str, Sequence[Point]] = NO_GROUNDS,
    layers: Sequence[PictureLayer] = (),
    *,
    limits: Limits,
) -> str:
    """SVG text. `counts`: sites by code of département; `points` are drawn unless they are too many.

    `grounds`: insertion sites, also by code of département; always drawn. `layers` stand under the sites.
    """
    features = {feature["id"]: feature for feature in outlines}
    boxes = {code: bounds_of(feature) for code, feature in features.items()}
    held = {**dict.fromkeys(grounds), **dict.fromkeys(counts)}
    frames = frames_for([code for code in held if code in features] or list(features), boxes)
    one_by_one = len(points) <= MOST_MARKS
    insertion = [point for ground in grounds.values() for point in ground]
    shapes = (
        {point.shape for point in (*points, *insertion)} if one_by_one else {mark.shape for mark in insertion}
    )
    rows = svg.legend_rows([in_words(MARKS[shape], limits) for shape in MARKS if shape in shapes], WIDTH)
    height = max((frame.top + frame.height for frame in frames), default=0) + GAP
    root = svg.root(
        title,
        description(counts, len(insertion)),
        WIDTH,
        height + LINE * (len(rows) + legend_lines(layers) + 2),
    )
    add_patterns(root, layers)
    for number, frame in enumerate(frames):
        inner = clipped(root, frame, number)
        for code, feature in features.items():
            if frame.holds(boxes[code]):
                draw_outline(inner, frame, feature, HELD if counts.get(code) else EMPTY)
        for layer in layers:
            draw_layer(inner, frame, layer)
        if one_by_one:
            marks(inner, frame, points)
        else:
            bubbles(inner, frame, features, counts)
        marks(inner, frame, insertion)
    svg.text(root, 10, height + 14, title, bold=True)
    svg.legend(svg.add(root, "g", transform=f"translate(0 {coordinate(height + LINE)})"), rows)
    draw_legend(root, height + 14 + LINE * (len(rows) + 1), layers)
    svg.text(root, 10, height + 14 + LINE * (len(rows) + legend_lines(layers) + 1), SOURCE, fill=svg.MUTED)
    return ElementTree.tostring(root, encoding="unicode")


def description(counts: Mapping[str, int], grounds: int = 0) -> str:
    """The words of the drawing: where most sites are, and how many insertion sites are drawn."""
    first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:12]
    words = [f"{code} : {format_number(count)} {plural(count, 'site', 'sites')}" for code, count in first]
    rest = len(counts) - len(first)
    if rest > 0:
        words.append(f"et {rest} autres départements" if rest > 1 else "et un autre département")
    if grounds:
        words.append(f"{format_number(grounds)} {plural(grounds, 'terrain', 'terrains')} d’insertion")
    return ", ".join(words)


def marks(parent: ElementTree.Element, frame: Frame, points: Sequence[Point]) -> None:
    for point in points:
        x, y = frame.place(point.longitude, point.latitude)
        if frame.left <= x <= frame.left + frame.width and frame.top <= y <= frame.top + frame.height:
            item = MARKS[point.shape]
            svg.mark(parent, item.style, x, y, item.colour, 5)


def bubbles(
    parent: ElementTree.Element, frame: Frame, features: Mapping[str, Feature], counts: Mapping[str, int]
) -> None:
    """A disc for each département, whose surface says how many sites, with the number written in it."""
    most = max(counts.values(), default=1)
    for code, count in sorted(counts.items(), key=lambda item: -item[1]):
        if code not in features or not frame.holds(bounds_of(features[code])):
            continue
        x, y = frame.place(*middle(features[code]))
        radius = max(9.0, 26 * math.sqrt(count / most))
        svg.add(
            parent,
            "circle",
            cx=coordinate(x),
            cy=coordinate(y),
            r=coordinate(radius),
            fill="#0B5D63",
            stroke=svg.PAPER,
            stroke_width="1.5",
        )
        svg.text(parent, x, y + 4.5, format_number(count), anchor="middle", fill=svg.PAPER, bold=True)


def middle(feature: Feature) -> tuple[float, float]:
    """The middle of the largest polygon's box: good enough to write a number in."""
    boxes = [
        bounds_of({"geometry": {"coordinates": [polygon]}}) for polygon in feature["geometry"]["coordinates"]
    ]
    west, south, east, north = max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    return (west + east) / 2, (south + north) / 2
