"""Charts as SVG written on the server: readable on a page, in a printed document and by a screen reader.

The same drawing is a standalone file (`render_svg`) that goes into a PDF. What is unknown is a gap, never a
zero. Sources differ by shape and series by line, not by colour alone.
"""

from xml.etree import ElementTree

from django.utils.safestring import SafeString, mark_safe

from jalons.core.charts import drawing as svg
from jalons.core.charts.bars import bar_chart
from jalons.core.charts.data import (
    Bar,
    BarChart,
    DataTable,
    LineChart,
    Point,
    Series,
    Sparkline,
    data_table,
    every_figure_in_words,
    point_words,
)
from jalons.core.charts.geometry import Scale, number_label, runs
from jalons.core.charts.lines import line_chart

__all__ = [
    "Bar",
    "BarChart",
    "DataTable",
    "LineChart",
    "Point",
    "Series",
    "Sparkline",
    "data_table",
    "every_figure_in_words",
    "number_label",
    "render_svg",
    "sparkline_svg",
]


def render_svg(chart: LineChart | BarChart, width: int = 720) -> str:
    """A standalone SVG, `width` units wide (350 for a phone), at a text size made for that width."""
    root = line_chart(chart, width) if isinstance(chart, LineChart) else bar_chart(chart, width)
    return ElementTree.tostring(root, encoding="unicode")


def sparkline_svg(sparkline: Sparkline, width: int = 96, height: int = 26) -> SafeString:
    """A drawing of one line's height, read as « Ménages : 6, 7, ND »; nothing if nothing is known."""
    points = sparkline.points
    known = [float(value) for value, _ in points if value is not None]
    if not known:
        return mark_safe("")
    words = ", ".join(point_words(value, at_least=at_least) for value, at_least in points)
    root = svg.root(f"{sparkline.label}\u00a0: {words}", "", width, height, css="j-spark")
    x = Scale(0, max(len(sparkline.values) - 1, 1), 4, width - 5)
    low, high = min(known), max(known)
    y = Scale(low, high, height - 5, 5) if high > low else Scale(low - 1, low + 1, height - 5, 5)
    spots = [
        None if value is None else (x(index), y(float(value))) for index, (value, _) in enumerate(points)
    ]
    whole = [None if at_least else spot for spot, (_, at_least) in zip(spots, points, strict=True)]
    for run in runs(whole):
        svg.polyline(root, run, svg.COLOURS[0], "", 2.2)
        if len(run) == 1:
            svg.mark(root, "circle", *run[0], svg.COLOURS[0], 2)
    for spot, (_, at_least) in zip(spots, points, strict=True):
        if spot is not None and at_least:
            svg.mark(root, "ring", *spot, svg.COLOURS[0], 2)
    last = next((spot for spot in reversed(whole) if spot is not None), None)
    if last is not None:
        svg.mark(root, "circle", *last, svg.COLOURS[0], 3)
    return mark_safe(ElementTree.tostring(root, encoding="unicode"))
