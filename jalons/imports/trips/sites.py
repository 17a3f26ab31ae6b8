"""The list of sites as a workbook to be filled in: a row a site, its last count, its living conditions."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jalons.core.values import format_date, french_spaces, plural
from jalons.exports.writers.editable import EditableColumn, EditableTable
from jalons.history.querysets import NOW
from jalons.imports.enums import TargetKind
from jalons.imports.judging.values import ANSWERS
from jalons.imports.targets.fields import target_of
from jalons.imports.trips.contents import GIVE_BACK, SIGNS, content_of, text_of
from jalons.imports.trips.left import COUNTED, KEY, MEMORY, SHEET, LeftTable
from jalons.sites.export_rows import CONDITIONS, ExportRow, export_rows
from jalons.sites.models import LivingConditions, Survey
from jalons.sites.querysets import SiteQuerySet

NAMED = ("commune", "name", "address")
SEEN = "Vu le"
YES_NO = ("oui", "non")
WIDTHS = {"commune": 20, "name": 28, "address": 28}
HOW_TO = (
    *GIVE_BACK,
    "« Vu le » : le jour où vous l’avez constaté. Vide : le jour où vous rendez ce fichier.",
    "« Vu le » rempli seul : rien n’a changé ce jour-là, la date est renouvelée.",
    *SIGNS,
    "Un site de plus : une ligne sous le tableau, avec sa commune et son nom.",
    "Commune, nom et adresse disent de quel site parle la ligne : ils se changent sur la fiche du site.",
)


def shown_keys() -> list[str]:
    """What may be changed, in the order of the list."""
    return [*Survey.COUNTS, *ANSWERS]


def contents(figure: Survey | None, state: LivingConditions | None) -> dict[str, Any]:
    """What the cells of a site show, by column."""
    told = {key: content_of(figure.value(key)) if figure else "" for key in Survey.COUNTS}
    answers: Mapping[str, Mapping[str, str]] = state.answers if state else {}
    words = {"yes": YES_NO[0], "no": YES_NO[1]}
    return told | {
        key: words.get(answers.get(theme, {}).get(question, ""), "")
        for key, (theme, question) in ANSWERS.items()
    }


def named_by(row: ExportRow) -> list[str]:
    return [row.commune.name, row.site.name, row.site.address]


def editable_sites(user: Any, sites: SiteQuerySet, today: dt.date, left_out: int = 0) -> EditableTable:
    """`left_out`: how many sites of the list are not in it, because this person does not write on them."""
    rows = list(export_rows(user, sites, NOW, {CONDITIONS}))
    fields = target_of(TargetKind.SITES).fields
    keys = shown_keys()
    shown = {row.site.public_id: contents(row.figure, row.state) for row in rows}
    left = LeftTable(
        TargetKind.SITES.value,
        today.isoformat(),
        [*((key, fields[key].label) for key in NAMED), ("observed_on", SEEN)]
        + [(key, fields[key].label) for key in keys],
        len(NAMED),
        {
            row.site.public_id: [
                *map(text_of, named_by(row)),
                "",
                *(text_of(shown[row.site.public_id][key]) for key in keys),
            ]
            for row in rows
        },
    )
    columns = [
        *(EditableColumn(fields[key].label, locked=True, width=WIDTHS[key]) for key in NAMED),
        EditableColumn(COUNTED, locked=True, spare=False),
        EditableColumn(SEEN, is_day=True),
        *(EditableColumn(fields[key].label, options=YES_NO if key in ANSWERS else ()) for key in keys),
    ]
    return EditableTable(
        SHEET, KEY, columns, written_rows(rows, shown), how_to(left_out), MEMORY, left.pieces()
    )


def written_rows(
    rows: Iterable[ExportRow], shown: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, list[Any]]]:
    for row in rows:
        counted = format_date(row.figure.valid_on) if row.figure else ""
        key = row.site.public_id
        yield key, [*named_by(row), counted, None, *shown[key].values()]


def how_to(left_out: int) -> list[str]:
    sentences = list(HOW_TO)
    if left_out:
        words = plural(left_out, "site de votre liste n’y est pas", "sites de votre liste n’y sont pas")
        sentences.append(f"{left_out} {words} : vous ne pouvez pas y écrire.")
    return [french_spaces(sentence) for sentence in sentences]
