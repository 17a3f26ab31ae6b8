"""Horizontal bars: long French labels read better on the left."""

from xml.etree import ElementTree

from jalons.core.charts import drawing as svg
from jalons.core.charts.data import UNKNOWN, BarChart
from jalons.core.charts.geometry import Number, Scale, number_label, shorten, wrap


def bar_chart(chart: BarChart, width: int) -> ElementTree.Element:
    several = len(chart.labels) > 1
    legend = [svg.LegendItem("bar", str(i), "", label) for i, label in enumerate(chart.labels)]
    rows = svg.legend_rows(legend, width) if several else []
    narrow = width < 500
    left = 10.0 if narrow else min(250.0, 20 + 7.2 * max((len(bar.label) for bar in chart.bars), default=0))
    thick = 15 if several else 20
    head = 20 if narrow else 0
    row_height = head + thick * len(chart.labels) + 14
    top = 10 + 20 * len(rows) + (18 if chart.unit else 0)
    root = svg.root(
        chart.title, _bar_description(chart), width, top + row_height * max(len(chart.bars), 1) + 4
    )
    svg.legend(root, rows)
    if chart.unit:
        svg.text(root, left, top - 5, chart.unit, fill=svg.MUTED)
    if not chart.bars:
        svg.text(root, width / 2, top + 20, "Aucune donnée", anchor="middle", fill=svg.MUTED, italic=True)
    known = [float(value) for bar in chart.bars for value in bar.values if value is not None]
    x = Scale(0, max([1.0, *known]), left, width - 90)
    svg.line(root, left, top, left, top + row_height * len(chart.bars), svg.LINE)
    for number, bar in enumerate(chart.bars):
        start = top + number * row_height + 7
        _bar_label(root, bar.label, left, start, head, thick * len(bar.values))
        for i, value in enumerate(bar.values):
            place = start + head + i * thick
            _draw_bar(root, value, x, place, thick, i)
    return root


def _bar_label(
    root: ElementTree.Element, label: str, left: float, start: float, head: int, height: float
) -> None:
    if head:
        svg.text(root, left + 4, start + 13, shorten(label, 46), fill=svg.INK)
        return
    lines = wrap(label, 34)
    first = start + height / 2 + 5 - 8 * (len(lines) - 1)
    for i, line in enumerate(lines):
        svg.text(root, left - 10, first + 16 * i, line, anchor="end", fill=svg.INK)


def _draw_bar(
    root: ElementTree.Element, value: Number | None, x: Scale, y: float, thick: int, rank: int
) -> None:
    base = y + thick / 2 + 4.5
    if value is None:
        svg.text(root, x(0) + 6, base, UNKNOWN, fill=svg.MUTED, italic=True)
        return
    end = x(max(float(value), 0))
    if end > x(0):
        svg.bar(root, str(rank), x(0), y + 1, end - x(0), thick - 3)
    svg.text(root, end + 6, base, number_label(value), fill=svg.INK, bold=True)


def _bar_description(chart: BarChart) -> str:
    sentences = []
    for bar in chart.bars:
        values = (UNKNOWN if value is None else number_label(value) for value in bar.values)
        sentences.append(f"{bar.label}\u00a0: {', '.join(values)}.")
    return " ".join(sentences)
