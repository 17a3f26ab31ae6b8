"""The list of priorities as a table: the reasons that its reader may read, those of justice apart."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.accounts.selectors import who_can
from jalons.core.values import format_date
from jalons.exports.contract import About, Export, ExportColumn, Params, Table
from jalons.exports.enums import ColumnKind
from jalons.sites.exports import said_by
from jalons.urgency.engine import SiteReason
from jalons.urgency.forms import PriorityFilterForm
from jalons.urgency.rules import RULES
from jalons.urgency.selectors import (
    PriorityLine,
    PriorityList,
    departement_names,
    priority_list,
    territory_words,
)

BATCH = 500
ROW_MS = 0.3  # of processor


def form_for(user: Any, params: Params) -> tuple[PriorityFilterForm, dict[str, str]]:
    """The filters, and the départements that the reader sees. A rule that they may read nowhere is not offered."""
    seen = territory_of(user, Right.READ_SITES)
    departements = departement_names(seen)
    rules = [
        (code, rule.sentence)
        for code, rule in sorted(RULES.items(), key=lambda item: item[1].sentence)
        if territory_of(user, rule.right)
    ]
    places = [(code, f"{code} · {name}") for code, name in departements.items()]
    return PriorityFilterForm(params, rules=rules, departements=places), departements


def sentences(line: PriorityLine, wanted: Callable[[SiteReason], bool]) -> list[str]:
    return [dated(reason) for reason in line.reasons if wanted(reason)]


def dated(reason: SiteReason) -> str:
    """« Pas d’eau : pas d’accès correct à l’eau (12/11/2026) »."""
    day = f" ({format_date(reason.rise.day)})" if reason.rise.day else ""
    return f"{reason.rule.sentence} : {reason.words}{day}"


def of_justice(reason: SiteReason) -> bool:
    return reason.rule.right == Right.READ_JUSTICE


def make(user: Any, params: Params, columns: Sequence[ExportColumn]) -> Table:
    form, departements = form_for(user, params)
    asked = form.asked()
    ranking = priority_list(user, asked)
    where = territory_words(user, asked, departements, territory_of(user, Right.READ_SITES))
    return Table(
        title="Sites prioritaires",
        columns=columns,
        rows=lambda: rows(ranking),
        about=About(
            perimeter=where,
            author=said_by(user),
            filters=[chip.label for chip in form.chips()],
            rules=(
                "Ce qui presse d’abord, selon ce que la personne qui exporte peut lire.",
                f"Peuvent lire les sites : {who_can(Right.READ_SITES)}.",
                f"Peuvent lire les procédures : {who_can(Right.READ_JUSTICE)}.",
            ),
        ),
        located=lambda line: line.site,
        count=lambda: len(ranking.order),
        row_ms=ROW_MS,
    )


def rows(ranking: PriorityList) -> Iterator[PriorityLine]:
    for start in range(0, len(ranking.order), BATCH):
        yield from ranking.lines(ranking.order[start : start + BATCH])


PRIORITIES = Export(
    name="sites-prioritaires",
    label="Sites prioritaires",
    right=Right.EXPORT,
    every_column=(
        ExportColumn("site", "Site", lambda line: line.site.name),
        ExportColumn("commune", "Commune", lambda line: line.site.commune.name),
        ExportColumn("departement", "Département", lambda line: line.site.commune.departement_id),
        ExportColumn(
            "personnes",
            "Personnes",
            lambda line: line.figure.people if line.figure else None,
            ColumnKind.INTEGER,
        ),
        ExportColumn(
            "raisons", "Pourquoi", lambda line: sentences(line, lambda reason: not of_justice(reason))
        ),
        ExportColumn(
            "procedures",
            "Pourquoi (procédures)",
            lambda line: sentences(line, of_justice),
            right=Right.READ_JUSTICE,
        ),
        ExportColumn(
            "qui", "Qui s’en occupe", lambda line: str(line.handling.author) if line.handling else ""
        ),
        ExportColumn(
            "depuis",
            "Depuis le",
            lambda line: line.handling.valid_on if line.handling else None,
            ColumnKind.DATE,
        ),
    ),
    make=make,
)
