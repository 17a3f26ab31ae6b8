"""The départements coloured by a published figure. Each class has its pattern: grey print tells them apart."""

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
STROKE = "#0B5D63"
# The ground and the strokes of each class, from the smallest figures to the greatest.
CLASSES = (
    ("#E3F0EF", "M0,6L6,0"),
    ("#B5D5D3", "M0,3L6,3M3,0L3,6"),
    ("#5E9FA2", "M0,0L6,6"),
    ("#0B5D63", ""),
)
HIDDEN, HIDDEN_MARK = "#F4F0E8", "M3,2.4L3,3.6"
STEPS = (1, 2, 5)


def bounds_for(values: Sequence[int]) -> list[int]:
    """The least of each class: round numbers, about as many départements in each."""
    ordered = sorted(values)
    if not ordered:
        return []
    wanted = [ordered[len(ordered) * rank // len(CLASSES)] for rank in range(len(CLASSES))]
    return sorted({round_down(value) for value in wanted})


def round_down(value: int) -> int:
    """The greatest of 1, 2, 5, 10, 20, 50… that is not above."""
    best, power = 0, 1
    while power <= value:
        best = max([best, *(step * power for step in STEPS if step * power <= value)])
        power *= 10
    return best


def draw_open_map(title: str, outlines: Sequence[Feature], values: Mapping[str, int | None]) -> str:
    """SVG text; the key alone without any outline. `values`: by code of département, None where it is hidden."""
    features = {feature["id"]: feature for feature in outlines}
    least = bounds_for([value for value in values.values() if value is not None])
    boxes = {code: bounds_of(feature) for code, feature in features.items()}
    frames = frames_for(list(features), boxes) if features else []
    height = max((frame.top + frame.height for frame in frames), default=0) + GAP
    rows = (len(least) + 2) // 2
    root = svg.root(title, words_of(least, values), WIDTH, height + LINE * (rows + 2))
    define_patterns(root)
    for number, frame in enumerate(frames):
        inner = clipped(root, frame, number)
        for code, feature in features.items():
            if frame.holds(boxes[code]):
                draw_outline(inner, frame, feature, fill_of(least, values.get(code)))
    draw_key(root, height, least)
    return ElementTree.tostring(root, encoding="unicode")


def fill_of(least: Sequence[int], value: int | None) -> str:
    if value is None:
        return "url(#masque)"
    return ground(max(rank for rank, bound in enumerate(least) if value >= bound))


def ground(rank: int) -> str:
    colour, strokes = CLASSES[rank]
    return f"url(#motif{rank})" if strokes else colour


def define_patterns(root: ElementTree.Element) -> None:
    definitions = svg.add(root, "defs")
    patterns = {f"motif{rank}": look for rank, look in enumerate(CLASSES) if look[1]}
    for name, (colour, strokes) in {**patterns, "masque": (HIDDEN, HIDDEN_MARK)}.items():
        sizes = {"id": name, "width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
        pattern = svg.add(definitions, "pattern", **sizes)
        svg.add(pattern, "rect", width="6", height="6", fill=colour)
        stroke = svg.LINE if name == "masque" else STROKE
        svg.add(pattern, "path", d=strokes, stroke=stroke, stroke_width="1")


def draw_key(root: ElementTree.Element, top: float, least: Sequence[int]) -> None:
    entries = [(ground(rank), class_words(least, rank)) for rank in range(len(least))]
    entries.append(("url(#masque)", "c\u00a0: non diffusé"))
    for number, (fill, words) in enumerate(entries):
        x, y = 10.0 + 250 * (number % 2), top + LINE * (number // 2)
        sizes = {"x": coordinate(x), "y": coordinate(y), "width": str(BOX), "height": str(BOX)}
        svg.add(root, "rect", fill=fill, stroke=svg.LINE, **sizes)
        svg.text(root, x + BOX + 8, y + 13, words)
    rows = (len(entries) + 1) // 2
    svg.text(root, 10, top + LINE * rows + 16, SOURCE, fill=svg.MUTED)


def class_words(least: Sequence[int], rank: int) -> str:
    """« de 20 à 49 », « 100 et plus »."""
    if rank == len(least) - 1:
        return f"{format_number(least[rank])} et plus"
    return f"de {format_number(least[rank])} à {format_number(least[rank + 1] - 1)}"


def words_of(least: Sequence[int], values: Mapping[str, int | None]) -> str:
    count = sum(value is not None for value in values.values())
    if not count:
        return "Aucun département n’a de chiffre diffusé."
    top = [code for code, value in values.items() if value is not None and value >= least[-1]]
    return (
        f"{format_number(count)} départements colorés. "
        f"{class_words(least, len(least) - 1).capitalize()}\u00a0: {', '.join(top)}."
    )
