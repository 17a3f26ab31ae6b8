"""Layers in a picture, without tiles: hatched outlines, dashed lines, marks; and the lines of their legend."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from jalons.core.charts import drawing as svg
from jalons.core.charts.geometry import coordinate
from jalons.core.values import format_date
from jalons.layers.drawn import shapes_in, unpacked
from jalons.layers.looks import LayerLook
from jalons.layers.models import LayerVersion, MapLayer
from jalons.layers.selectors import drawn_versions, offered_layers
from jalons.layers.words import shapes_in_words
from jalons.territories.drawing import (
    GAP,
    HELD,
    MOST_HEIGHT,
    SOURCE,
    WIDTH,
    Bounds,
    Feature,
    Frame,
    bounds_of,
    clipped,
    draw_outline,
    fitted,
    shape_of,
)

LINE = 20
MARK = 5.5  # half of a mark, in units of the drawing
MOST_MARKS = 1_500  # of one layer; beyond, those that touch are drawn as one
LONGEST_LINE = 92  # characters of the legend
NARROWEST = 0.01  # degrees shown around a layer of one point


@dataclass(frozen=True, slots=True)
class PictureLayer:
    """What a picture needs of a layer: `shapes` are types and coordinates of GeoJSON."""

    key: str
    title: str
    about: str
    look: LayerLook
    shapes: Sequence[tuple[str, Any]]


def picture_layer(layer: MapLayer, version: LayerVersion) -> PictureLayer:
    words = f"{layer.source}, {format_date(layer.dated_on)}" if layer.source else format_date(layer.dated_on)
    counts = shapes_in_words(version.points, version.lines, version.outlines)
    about = f"{counts}. Source\u00a0: {words}."
    shapes = list(shapes_in(unpacked(bytes(version.drawn))))
    return PictureLayer(layer.public_id, layer.title, about, layer.look, shapes)


def add_patterns(root: ElementTree.Element, layers: Iterable[PictureLayer]) -> None:
    """What fills the outlines; colours are hatched so that grey print tells them apart."""
    for layer in layers:
        pattern = svg.add(
            svg.add(root, "defs"),
            "pattern",
            id=pattern_id(layer),
            width="8",
            height="8",
            patternUnits="userSpaceOnUse",
        )
        svg.add(
            pattern,
            "path",
            d=layer.look.tile,
            fill="none",
            stroke=layer.look.colour,
            stroke_width=layer.look.pen,
            stroke_linecap="round",
        )


def pattern_id(layer: PictureLayer) -> str:
    return f"motif-{layer.key}"


def draw_layer(parent: ElementTree.Element, frame: Frame, layer: PictureLayer) -> None:
    """Outlines first, then lines, then marks."""
    points = []
    for name, coordinates in layer.shapes:
        if name == "Point":
            points.append(coordinates)
        elif name == "MultiPoint":
            points += coordinates
        else:
            d = path_of(frame, name, coordinates)
            if d:
                draw_shape(parent, layer, d, outline=name.endswith("Polygon"))
    for x, y in apart([frame.place(*point) for point in points], frame):
        draw_mark(parent, layer.look, x, y)


def draw_shape(parent: ElementTree.Element, layer: PictureLayer, d: str, *, outline: bool) -> None:
    look = layer.look
    fill = {"fill": f"url(#{pattern_id(layer)})", "fill_rule": "evenodd"} if outline else {"fill": "none"}
    dashes = {"stroke_dasharray": look.dashes} if look.dashes else {}
    svg.add(parent, "path", d=d, stroke=look.colour, stroke_width="1.6", **fill, **dashes)


def draw_mark(parent: ElementTree.Element, look: LayerLook, x: float, y: float) -> None:
    scale = MARK / 12
    move = f"translate({coordinate(x - MARK)} {coordinate(y - MARK)}) scale({coordinate(scale)})"
    svg.add(
        parent, "path", d=look.mark, transform=move, fill=look.colour, stroke=svg.PAPER, stroke_width="2",
        paint_order="stroke",
    )  # fmt: skip


def path_of(frame: Frame, name: str, coordinates: Any) -> str:
    lines = {
        "LineString": lambda: [coordinates],
        "MultiLineString": lambda: coordinates,
        "Polygon": lambda: coordinates,
        "MultiPolygon": lambda: [ring for polygon in coordinates for ring in polygon],
    }[name]()
    return "".join(filter(None, (run_of(frame, line, closed="Polygon" in name) for line in lines)))


def run_of(frame: Frame, line: Sequence[Sequence[float]], *, closed: bool) -> str:
    """Nothing when it is outside of the frame; corners on one spot are drawn once."""
    corners = [frame.place(*position) for position in line]
    xs, ys = zip(*corners, strict=True)
    beside = max(xs) < frame.left or min(xs) > frame.left + frame.width
    above = max(ys) < frame.top or min(ys) > frame.top + frame.height
    if beside or above:
        return ""
    spots = list(dict.fromkeys(f"{coordinate(x)},{coordinate(y)}" for x, y in corners))
    if len(spots) == 1:
        spots.append(f"{coordinate(corners[0][0] + 1)},{coordinate(corners[0][1])}")
    return "M" + "L".join(spots) + ("Z" if closed else "")


def apart(places: Sequence[tuple[float, float]], frame: Frame) -> list[tuple[float, float]]:
    """The marks inside the frame; beyond `MOST_MARKS`, one for each spot of a grid that is wide enough."""
    inside = [
        (x, y)
        for x, y in places
        if frame.left <= x <= frame.left + frame.width and frame.top <= y <= frame.top + frame.height
    ]
    step = 2.0
    while len(inside) > MOST_MARKS:
        inside = list({(int(x / step), int(y / step)): (x, y) for x, y in inside}.values())
        step *= 1.5
    return inside


def legend_lines(layers: Sequence[PictureLayer]) -> int:
    """How many lines the legend of some layers takes."""
    return sum(len(legend_words(layer)) for layer in layers)


def legend_words(layer: PictureLayer) -> list[str]:
    """Its title, what it counts and where it comes from: never cut, a source is owed."""
    return textwrap.wrap(f"{layer.title}\u00a0: {layer.about}", LONGEST_LINE)


def draw_legend(root: ElementTree.Element, top: float, layers: Sequence[PictureLayer]) -> None:
    """For each, its mark, its hatching, and its words."""
    y = top
    for layer in layers:
        svg.add(
            root,
            "rect",
            x="10",
            y=coordinate(y - 12),
            width="22",
            height="14",
            fill=f"url(#{pattern_id(layer)})",
            stroke=layer.look.colour,
        )
        draw_mark(root, layer.look, 44, y - 5)
        for words in legend_words(layer):
            svg.text(root, 56, y, words, fill=svg.MUTED)
            y += LINE


# A layer alone --------------------------------------------------------------------------------------------------


def draw_alone(layer: PictureLayer, bounds: Bounds, outlines: Sequence[Feature]) -> str:
    """SVG text of one layer on the outlines of the départements around it."""
    frame = frame_around(bounds)
    height = frame.height + GAP
    root = svg.root(layer.title, layer.about, WIDTH, height + LINE * (legend_lines([layer]) + 2))
    add_patterns(root, [layer])
    inner = clipped(root, frame, 0)
    for feature in outlines:
        if frame.holds(bounds_of(feature)):
            draw_outline(inner, frame, feature, HELD)
    draw_layer(inner, frame, layer)
    draw_legend(root, height + 14, [layer])
    svg.text(root, 10, height + 14 + LINE * legend_lines([layer]), SOURCE, fill=svg.MUTED)
    return ElementTree.tostring(root, encoding="unicode")


def frame_around(bounds: Bounds) -> Frame:
    west, south, east, north = bounds
    beside = max(0.08 * (east - west), NARROWEST)
    above = max(0.08 * (north - south), NARROWEST)
    wide = (west - beside, south - above, east + beside, north + above)
    return fitted(wide, 0, 0, WIDTH, min(MOST_HEIGHT, max(WIDTH / 2, WIDTH / shape_of(wide))))


def drawn_layers(user: Any) -> list[PictureLayer]:
    """The layers that a person ticked, for a picture. Three queries at most."""
    layers = [row.layer for row in offered_layers(user) if row.checked]
    versions = drawn_versions(layers) if layers else {}
    return [picture_layer(layer, versions[layer.pk]) for layer in layers if layer.pk in versions]
