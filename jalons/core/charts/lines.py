"""Values over time. A gap where nothing is known; a shape for each source."""

from collections.abc import Sequence
from xml.etree import ElementTree

from jalons.core.charts import drawing as svg
from jalons.core.charts.data import UNKNOWN, LineChart, Point, Series
from jalons.core.charts.geometry import Scale, Spot, TimeTick, nice_ticks, number_label, runs, time_ticks
from jalons.core.values import format_long_date


def line_chart(chart: LineChart, width: int) -> ElementTree.Element:
    marks = list(dict.fromkeys(p.mark for series in chart.series for p in series.points if p.mark))
    legend = svg.legend_rows(_line_legend(chart, marks), width)
    top = 14 + 20 * len(legend) + (18 if chart.unit else 0)
    bottom = top + (230 if width > 500 else 200)
    root = svg.root(chart.title, _line_description(chart), width, bottom + 44)
    svg.legend(root, legend)
    known = [float(p.value) for series in chart.series for p in series.points if p.value is not None]
    ticks = nice_ticks(min([0.0, *known]), max([0.0, *known]))
    left = 12 + max(7.5 * len(number_label(tick)) for tick in ticks)
    y = Scale(ticks[0], ticks[-1], bottom, top + 8)
    if chart.unit:
        svg.text(root, left, top - 6, chart.unit, fill=svg.MUTED)
    for tick in ticks:
        svg.line(root, left, y(tick), width - 10, y(tick), svg.LINE if tick == 0 else svg.RULE)
        svg.text(root, left - 8, y(tick) + 4.5, number_label(tick), anchor="end", fill=svg.MUTED)
    days = [p.date for series in chart.series for p in series.points]
    if not days:
        svg.text(
            root, width / 2, (top + bottom) / 2, "Aucune donnée", anchor="middle", fill=svg.MUTED, italic=True
        )
        return root
    dates, x = time_ticks(min(days), max(days), left + 10, width - 22)
    _draw_dates(root, dates, bottom, width)
    for index, series in enumerate(chart.series):
        _draw_series(root, series, index, marks, x, y, bottom)
    return root


def _line_legend(chart: LineChart, marks: Sequence[str]) -> list[svg.LegendItem]:
    """Lines when there are several, then the shapes of sources."""
    lines = [
        svg.LegendItem(
            "line", svg.DASHES[i % len(svg.DASHES)], svg.COLOURS[i % len(svg.COLOURS)], series.label
        )
        for i, series in enumerate(chart.series)
    ]
    colour = svg.COLOURS[0] if len(chart.series) == 1 else svg.MUTED
    shapes = [
        svg.LegendItem("mark", svg.SHAPES[i % len(svg.SHAPES)], colour, mark) for i, mark in enumerate(marks)
    ]
    gap = any(p.value is None for series in chart.series for p in series.points)
    bound = any(p.at_least for series in chart.series for p in series.points)
    return [
        *(lines if len(lines) > 1 else []),
        *shapes,
        *([svg.LegendItem("mark", "ring", svg.MUTED, "au moins : il manque une réponse")] if bound else []),
        *([svg.LegendItem("unknown", "", svg.MUTED, "inconnu à cette date")] if gap else []),
    ]


def _draw_series(
    root: ElementTree.Element,
    series: Series,
    index: int,
    marks: Sequence[str],
    x: Scale,
    y: Scale,
    bottom: float,
) -> None:
    colour, dash = svg.COLOURS[index % len(svg.COLOURS)], svg.DASHES[index % len(svg.DASHES)]
    points = sorted(series.points, key=lambda point: point.date)
    spots = [None if p.value is None else (x(p.date.toordinal()), y(float(p.value))) for p in points]
    whole = [None if p.at_least else spot for p, spot in zip(points, spots, strict=True)]
    for run in runs(whole):
        svg.polyline(root, run, colour, dash, 2.2)
    for point, spot in zip(points, spots, strict=True):
        if spot is None:
            svg.text(
                root,
                x(point.date.toordinal()),
                bottom - 6,
                UNKNOWN,
                anchor="middle",
                fill=svg.MUTED,
                italic=True,
            )
            continue
        shape = svg.SHAPES[marks.index(point.mark) % len(svg.SHAPES)] if point.mark else "circle"
        svg.mark(root, "ring" if point.at_least else shape, *spot, colour, 4.5 if point.mark else 3.2)
    if len(series.points) and len(spots) <= 24:
        _label_last(root, points, spots, colour, index)


def _label_last(
    root: ElementTree.Element,
    points: Sequence[Point],
    spots: Sequence[Spot | None],
    colour: str,
    index: int,
) -> None:
    """The latest figure is written: it is what people look for first."""
    for point, spot in zip(reversed(points), reversed(spots), strict=True):
        if spot is not None and point.value is not None:
            below = index % 2 == 1
            svg.text(
                root,
                spot[0] + 6,
                spot[1] + (19 if below else -10),
                point.words,
                anchor="end",  # nothing is drawn beyond the last day
                fill=colour,
                bold=True,
            )
            return


def _draw_dates(root: ElementTree.Element, ticks: Sequence[TimeTick], bottom: float, width: int) -> None:
    for tick in ticks:
        svg.line(root, tick.x, bottom, tick.x, bottom + 5, svg.LINE)
        svg.text(root, tick.x, bottom + 20, tick.label, anchor="middle", fill=svg.MUTED)
        if tick.year:
            svg.text(root, tick.x, bottom + 36, tick.year, anchor="middle", fill=svg.INK, bold=True)


def _line_description(chart: LineChart) -> str:
    sentences = []
    for series in chart.series:
        known = [p for p in sorted(series.points, key=lambda p: p.date) if p.value is not None]
        if not known:
            sentences.append(f"{series.label}\u00a0: inconnu.")
            continue
        first, last = known[0], known[-1]
        sentence = f"{series.label}\u00a0: {_told(first)}"
        sentences.append(f"{sentence}, {_told(last)}." if last is not first else f"{sentence}.")
    return " ".join(sentences)


def _told(point: Point) -> str:
    return f"{point.words} au {format_long_date(point.date)}"
