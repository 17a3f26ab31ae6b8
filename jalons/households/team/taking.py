"""The figures of a team as a document and as a workbook, for its annual report: counts, never anybody."""

import io
from collections.abc import Sequence
from typing import Any

from jalons.accounts.enums import Right
from jalons.core.charts import every_figure_in_words, render_svg
from jalons.exports.contract import About, Book, Export, ExportColumn, Table
from jalons.exports.document import Document, Figure, Grid, Head, Heading, Note, Paragraph
from jalons.exports.enums import ColumnKind
from jalons.exports.writers.xlsx import write_xlsx
from jalons.households.team.figures import TeamFigures

WIDE = 960
SOURCE = "D’après le registre des familles de la structure, tel qu’elle le connaissait ce jour-là."
SMALL_NUMBERS = (
    "Un nombre de 1 à 4 personnes peut désigner une famille : ne le diffusez pas hors de l’équipe."
)
NOBODY = "Aucune famille n’était accompagnée pendant cette période."


def about_figures(figures: TeamFigures, organisation: str) -> About:
    return About(
        perimeter=organisation,
        author=organisation,
        as_of=figures.last,
        filters=[figures.period, *([f"Dispositif : {figures.action_name}"] if figures.action_name else [])],
        rules=[SOURCE, SMALL_NUMBERS],
    )


def figures_document(figures: TeamFigures, organisation: str) -> Document:
    blocks: list[Any] = [Paragraph(SOURCE), Note(SMALL_NUMBERS, warning=True)]
    if figures.has_families:
        blocks += [Paragraph(figures.summary), drawing(figures.curve)]
    else:
        blocks.append(Paragraph(NOBODY))
    heads = [Head("Chiffre", weight=3), Head("Nombre", numeric=True)]
    for table in figures.every_table:
        if table.is_empty:
            continue
        blocks.append(Heading(table.caption))
        if table.drawn:
            blocks.append(drawing(table.chart))
        blocks.append(Grid(heads, table.rows, caption=table.caption))
    subtitle = " · ".join(filter(None, [figures.period, figures.action_name]))
    return Document("Chiffres de l’équipe", blocks, about_figures(figures, organisation), subtitle=subtitle)


def drawing(chart: Any) -> Figure:
    return Figure(render_svg(chart, WIDE), alt=every_figure_in_words(chart), caption=chart.title)


COLUMNS = (
    ExportColumn("partie", "Partie", lambda row: row[0]),
    ExportColumn("chiffre", "Chiffre", lambda row: row[1]),
    ExportColumn("nombre", "Nombre", lambda row: row[2], ColumnKind.INTEGER),
)
MONTHS = (
    ExportColumn("jour", "Au", lambda row: row.date, ColumnKind.DATE),
    ExportColumn("personnes", "Personnes accompagnées", lambda row: row.value, ColumnKind.INTEGER),
)


def figures_workbook(figures: TeamFigures, organisation: str, user: Any) -> bytes:
    """One sheet of every count, one of the curve. It is noted in the log of the register, and in no other."""
    about = about_figures(figures, organisation)
    rows = [(table.caption, row.label, row.number) for table in figures.every_table for row in table.rows]
    points = figures.curve.series[0].points

    def tables(user: Any, params: Any, columns: Sequence[ExportColumn]) -> list[Table]:
        return [
            Table("Chiffres", COLUMNS, lambda: rows, about),
            Table("Mois par mois", MONTHS, lambda: points, about),
        ]

    export = Export("chiffres-de-l-equipe", "Chiffres de l’équipe", Right.KEEP_REGISTER, COLUMNS, tables)
    file = io.BytesIO()
    write_xlsx(Book(export, user, tables(user, {}, COLUMNS)), file)
    return file.getvalue()
