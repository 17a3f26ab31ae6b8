"""Départements coloured by their number of sites; a small bar beside a number."""

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from jalons.core.charts import drawing as svg
from jalons.core.charts.geometry import coordinate
from jalons.core.values import format_number
from jalons.territories.choropleth import STROKE, draw_coloured, look_of
from jalons.territories.drawing import Feature

NONE = "#FFFFFF"
BOUNDS = (0, 1, 5, 10, 20)  # the least of each class; the first is blank


def class_of(count: int) -> int:
    """The rank of the class of a number."""
    return max(rank for rank, least in enumerate(BOUNDS) if count >= least)


def class_words(rank: int) -> str:
    """« aucun site », « de 1 à 4 sites », « 20 sites et plus »."""
    least = BOUNDS[rank]
    if rank == 0:
        return "aucun site"
    if rank == len(BOUNDS) - 1:
        return f"{format_number(least)} sites et plus"
    return f"de {format_number(least)} à {format_number(BOUNDS[rank + 1] - 1)} sites"


def draw_choropleth(title: str, outlines: Sequence[Feature], counts: Mapping[str, int]) -> str:
    """SVG text; nothing without any outline. `counts`: by code of département; the others hold none."""
    features = {feature["id"]: feature for feature in outlines}
    if not features:
        return ""
    key = [(fill_of(rank), class_words(rank)) for rank in range(len(BOUNDS))]
    words = choropleth_words(features, counts)
    return draw_coloured(
        title, words, outlines, lambda code: fill_of(class_of(counts.get(code, 0))), key, across=3
    )


def fill_of(rank: int) -> str:
    return look_of(rank - 1) if rank else NONE


def choropleth_words(features: Mapping[str, Feature], counts: Mapping[str, int]) -> str:
    """« De 1 à 4 sites : Ain, Aisne. »: what the colours say, from the highest class down."""
    words = []
    for rank in reversed(range(1, len(BOUNDS))):
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
