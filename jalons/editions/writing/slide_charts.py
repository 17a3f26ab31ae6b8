"""Charts that stay charts in a slide: whoever opens it may edit their values."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.util import Pt

from jalons.core.charts import BarChart, LineChart, every_figure_in_words, point_words
from jalons.core.charts.drawing import COLOURS, FILLS, LINE, PAPER
from jalons.core.values import format_date
from jalons.editions.making.english import english, in_figures
from jalons.exports.document import in_french
from jalons.exports.docx import steady
from jalons.exports.writers.cells import looks_like_formula

# Shapes as well as colours: a slide is also printed in black and white.
MARKERS = (
    XL_MARKER_STYLE.CIRCLE,
    XL_MARKER_STYLE.SQUARE,
    XL_MARKER_STYLE.TRIANGLE,
    XL_MARKER_STYLE.DIAMOND,
)
NUMBERS, ENGLISH_NUMBERS = "#\u202f##0", "#,##0"
ADDRESS = re.compile(r"\s*(https?|ftp|mailto|internal|external):", re.IGNORECASE)
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
WRITTEN_AT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def writable(text: object) -> str:
    """Words that a file of this kind may hold."""
    return UNWRITABLE.sub("", in_french(text))


def label_of(text: object) -> str:
    """The same in the workbook behind a chart, where nothing typed may be run nor followed."""
    words = writable(text)
    return f"\u00a0{words}" if looks_like_formula(words) or ADDRESS.match(words) else words


def colour(code: str) -> RGBColor:
    return RGBColor.from_string(code.removeprefix("#"))


def add_chart(
    slide: Any, chart: BarChart | LineChart, box: Sequence[int], made_at: dt.datetime, language: str = "fr"
) -> Any:
    """A native chart in `box` (left, top, width, height)."""
    lines = isinstance(chart, LineChart)
    kind = XL_CHART_TYPE.LINE_MARKERS if lines else XL_CHART_TYPE.BAR_CLUSTERED
    say, numbers = (in_figures, ENGLISH_NUMBERS) if language == "en" else (str, NUMBERS)
    data = line_data(chart, numbers, say) if isinstance(chart, LineChart) else bar_data(chart, numbers)
    frame = slide.shapes.add_chart(kind, *box, data)
    frame.name = writable(chart.title)[:80]
    frame._element.nvGraphicFramePr.cNvPr.set("descr", writable(say(every_figure_in_words(chart))))
    drawn = frame.chart
    drawn.font.size, drawn.font.name = Pt(12), "Calibri"
    drawn.has_title = True
    drawn.chart_title.text_frame.text = titled_with_unit(chart)
    run = drawn.chart_title.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold = Pt(14), True
    drawn.has_legend = len(drawn.plots[0].series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    axis = drawn.value_axis
    axis.minimum_scale = 0
    axis.major_gridlines.format.line.color.rgb = colour("#DDD6C9")
    axis.format.line.fill.background()
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = numbers, False
    drawn.category_axis.format.line.color.rgb = colour(LINE)
    if isinstance(chart, LineChart):
        dress_lines(drawn, chart, numbers)
    else:
        dress_bars(drawn, chart, numbers)
    forget_the_clock(drawn, made_at)
    return frame


def titled_with_unit(chart: BarChart | LineChart) -> str:
    return writable(f"{chart.title} ({chart.unit})" if chart.unit else chart.title)


def line_data(chart: LineChart, numbers: str, say: Callable[[str], str]) -> CategoryChartData:
    """Days that nobody knows stay blank: a gap, never a zero."""
    days = sorted({point.date for series in chart.series for point in series.points})
    data = CategoryChartData(number_format=numbers)
    data.categories = [say(format_date(day)) for day in days]
    for series in chart.series:
        by_day = {point.date: point.value for point in series.points}
        data.add_series(label_of(series.label), [by_day.get(day) for day in days])
    return data


def bar_data(chart: BarChart, numbers: str) -> CategoryChartData:
    data = CategoryChartData(number_format=numbers)
    data.categories = [
        f"{label_of(bar.label)} (ND)" if all(value is None for value in bar.values) else label_of(bar.label)
        for bar in chart.bars
    ]
    for place, label in enumerate(chart.labels):
        data.add_series(label_of(label), [bar.values[place] for bar in chart.bars])
    return data


def dress_lines(drawn: Any, chart: LineChart, numbers: str) -> None:
    days = sorted({point.date for series in chart.series for point in series.points})
    for number, (line, series) in enumerate(zip(drawn.plots[0].series, chart.series, strict=True)):
        ink = colour(COLOURS[number % len(COLOURS)])
        line.smooth = False
        line.format.line.color.rgb, line.format.line.width = ink, Pt(2.25)
        line.marker.style, line.marker.size = MARKERS[number % len(MARKERS)], 8
        line.marker.format.fill.solid()
        line.marker.format.fill.fore_color.rgb = line.marker.format.line.color.rgb = ink
        label_values(line, numbers)
        line.data_labels.position = XL_LABEL_POSITION.ABOVE
        for point in series.points:
            if point.at_least and point.value is not None:
                hollow(line.points[days.index(point.date)], point.words)


def hollow(point: Any, words: str) -> None:
    """« ≥ 46 »: a part is missing, no line leads there, which would show a fall."""
    point.marker.style = XL_MARKER_STYLE.CIRCLE
    point.marker.format.fill.solid()
    point.marker.format.fill.fore_color.rgb = colour(PAPER)
    point.format.line.fill.background()
    point.data_label.position = XL_LABEL_POSITION.ABOVE
    frame = point.data_label.text_frame
    frame.text = words
    frame.paragraphs[0].runs[0].font.size = Pt(12)


def dress_bars(drawn: Any, chart: BarChart, numbers: str) -> None:
    drawn.category_axis.reverse_order = True
    drawn.value_axis.visible = False
    drawn.value_axis.has_major_gridlines = False
    drawn.plots[0].gap_width = 60
    for number, bars in enumerate(drawn.plots[0].series):
        fill, edge = FILLS[number % len(FILLS)]
        bars.format.fill.solid()
        bars.format.fill.fore_color.rgb = colour(fill)
        bars.format.line.color.rgb = colour(edge)
        label_values(bars, numbers)


def label_values(series: Any, numbers: str) -> None:
    labels = series.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = numbers, False
    labels.font.size = Pt(12)


def unknown_words(chart: BarChart | LineChart, language: str = "fr") -> str:
    """What is not drawn, and what is only a lower bound, in one sentence; empty when all is known."""
    say = english if language == "en" else str
    if isinstance(chart, BarChart):
        partly = any(None in bar.values for bar in chart.bars)
        return say("Une barre absente\u00a0: ND (non disponible).") if partly else ""
    points = [point for series in chart.series for point in series.points]
    words = []
    if any(point.value is None for point in points):
        words.append(say(f"Une date sans point\u00a0: {point_words(None)} (non disponible)."))
    if any(point.at_least for point in points):
        words.append(say("«\u00a0≥\u00a0»\u00a0: tout n’est pas compté."))
    return " ".join(words)


def forget_the_clock(drawn: Any, made_at: dt.datetime) -> None:
    """The workbook behind a chart says when it was written: it says the instant of the edition instead."""
    part = drawn.part.chart_workbook.xlsx_part
    file, day = io.BytesIO(), made_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(part.blob)) as old, zipfile.ZipFile(file, "w") as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = WRITTEN_AT.sub(lambda match: match[1] + day, content)
            new.writestr(zipfile.ZipInfo(name), content)
    part._blob = steady(file.getvalue())
