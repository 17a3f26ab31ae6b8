"""The drawings of a dashboard, each under a code: what may be taken away as a picture or as its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from jalons.accounts.enums import Right
from jalons.accounts.selectors import who_can
from jalons.core.charts import BarChart, LineChart, data_table, render_svg
from jalons.core.values import format_date
from jalons.exports.contract import About, Export, ExportColumn, Params, Table
from jalons.figures.registry import FigureQuestion
from jalons.reports.selectors.asking import read_dashboard
from jalons.reports.selectors.below import below
from jalons.reports.selectors.blocks import all_readings, blocks_of
from jalons.reports.selectors.trends import trend_charts
from jalons.sites.exports import said_by

MAP = "carte"
TRENDS = ("courbe-sites", "courbe-habitants")
CODE_PARAMETER = "dessin"


@dataclass(frozen=True, slots=True)
class DrawnFigure:
    """One value of a drawing: of which category or date, of which series. `note`: « au moins », the reason of a gap."""

    category: str
    series: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """`svg`: standalone, `figures`: all that it shows."""

    title: str
    svg: str
    figures: Sequence[DrawnFigure]


def drawing_of(asked: FigureQuestion, code: str) -> Drawing | None:
    """The drawing of this code, with the rights and the dates of the dashboard; None when it shows nothing."""
    if code == MAP:
        return map_of(asked)
    if code in TRENDS:
        return drawn(trend_charts(asked)[TRENDS.index(code)])
    blocks = blocks_of(asked, all_readings(asked), everything=True)
    chart = next((block.chart for block in blocks if block.anchor == code), None)
    return drawn(chart) if chart else None


def drawn(chart: BarChart | LineChart) -> Drawing:
    table = data_table(chart)
    figures = [
        DrawnFigure(row.label, head, cell.text, cell.note)
        for row in table.rows
        for head, cell in zip(table.heads[1:], row.cells, strict=True)
    ]
    return Drawing(chart.title, render_svg(chart), figures)


def map_of(asked: FigureQuestion) -> Drawing | None:
    areas = below(asked)
    if areas is None or not areas.drawing:
        return None
    title = f"Sites ouverts par département, {asked.area.label}"
    figures = [DrawnFigure(row.name, "Sites ouverts", row.sites) for row in areas.rows]
    return Drawing(title, str(areas.drawing), figures)


def make(user: Any, params: Params, columns: Sequence[ExportColumn]) -> Table:
    read = read_dashboard(user, params)
    drawing = drawing_of(read.question, str(params.get(CODE_PARAMETER) or "")) if read else None
    if read is None or drawing is None:
        raise Http404
    return Table(
        title="Chiffres", columns=columns, rows=lambda: drawing.figures, about=about(read.question, drawing)
    )


def about(asked: FigureQuestion, drawing: Drawing) -> About:
    first, last = asked.days
    return About(
        perimeter=asked.area.label,
        author=said_by(asked.user),
        as_of=asked.at.valid,
        known_on=asked.at.known,
        filters=[drawing.title, f"Période : du {format_date(first)} au {format_date(last)}"],
        rules=(f"Peuvent lire les sites : {who_can(Right.READ_SITES)}.",),
    )


CHART = Export(
    name="graphique",
    label="Graphique d’un tableau de bord",
    right=Right.EXPORT,
    every_column=(
        ExportColumn("categorie", "Date ou catégorie", lambda figure: figure.category),
        ExportColumn("serie", "Série", lambda figure: figure.series),
        ExportColumn("valeur", "Valeur", lambda figure: figure.value),
        ExportColumn("note", "Remarque", lambda figure: figure.note),
    ),
    make=make,
)
