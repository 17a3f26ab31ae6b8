"""The rows behind the figures, for the workbook: each site and each dispositif that the reader may read."""

from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.actions.enums import ParticipationRole
from jalons.core.values import join_and
from jalons.editions.blocks import ReportTable
from jalons.editions.making.materials import ReportMaterials
from jalons.editions.making.places import SiteLine, site_lines
from jalons.editions.making.yearly import AMOUNTS, year_lines
from jalons.exports.document import Grid, Head, Said
from jalons.sites.enums import Condition, Theme
from jalons.sites.models import Survey

UNTOLD = Said("ND", missing=True)


def data_tables(materials: ReportMaterials) -> Iterator[ReportTable]:
    """Nothing of money without the right to read it, not even the heads of its columns."""
    lines = site_lines(materials.question)
    heads = [
        *(Head(label) for label in ("Identifiant", "Site", "Commune", "Département", "Depuis", "Recensé le")),
        *(Head(name_of(count), numeric=True) for count in Survey.COUNTS),
        Head("Source"),
        Head("Conditions de vie au"),
        *(Head(str(theme.label)) for theme in Theme),
    ]
    rows = [site_row(line) for line in lines]
    yield ReportTable(
        "donnees-sites", Grid(heads, rows, caption="Données des sites"), [line.key for line in lines]
    )
    if has(materials.reader, Right.READ_ACTIONS):
        yield action_table(materials)


def name_of(count: str) -> str:
    words = str(Survey._meta.get_field(count).verbose_name)  # type: ignore[union-attr]
    return words[:1].upper() + words[1:]


def site_row(line: SiteLine) -> list[object]:
    figure, state = line.row.figure, line.row.state
    return [
        line.key,
        line.name,
        line.place,
        line.departement,
        line.since,
        line.counted_on or UNTOLD,
        *((figure.value(name) if figure else UNTOLD) for name in Survey.COUNTS),
        figure.get_source_kind_display() if figure else UNTOLD,
        state.valid_on if state else UNTOLD,
        *(str(Condition(getattr(state, theme.value)).label) if state else UNTOLD for theme in Theme),
    ]


def action_table(materials: ReportMaterials) -> ReportTable:
    year = materials.question.at.day.year
    money = has(materials.reader, Right.READ_FUNDING)
    lines = year_lines(materials, years=[year])
    heads = [
        *(Head(label) for label in ("Identifiant", "Dispositif", "Département", "Opérateurs", "Du", "Au")),
        Head("Sites", numeric=True),
        Head("Dernier suivi"),
        *(Head(f"{label} {year} (€)", numeric=True) for label in (AMOUNTS.values() if money else ())),
    ]
    rows: list[list[object]] = [
        [
            line.key,
            line.name,
            line.departement,
            join_and(line.who(ParticipationRole.OPERATOR)) or UNTOLD,
            line.row.run.valid_on,
            line.row.closed_on or Said("en cours"),
            len(line.row.sites),
            line.row.last_report or Said("aucun", missing=True),
            *(line.amount(year, name) for name in (AMOUNTS if money else ())),
        ]
        for line in lines
    ]
    grid = Grid(heads, rows, caption="Données des dispositifs")
    return ReportTable("donnees-dispositifs", grid, [line.key for line in lines])
