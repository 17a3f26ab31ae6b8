"""Writing the words of a fiche, block by block, and making a new one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.dossier.row_changes import RowChange, save_changes, save_rows
from jalons.conventions.enums import AlertScope, ColumnMeasure
from jalons.conventions.models import (
    BudgetLine,
    Commitment,
    Convention,
    MatrixColumn,
    Party,
    SubAction,
)
from jalons.conventions.models.sheets import new_key
from jalons.history.services import Actor, create_records, save_record

FAMILY_WORDS = {"socle": "socle", "initiative": "initiative départementale", "other": ""}
RESUME_HEADERS = ["DESCRIPTION DE L’ACTION", "DATE DE MISE EN PLACE DE L’ACTION", "DURÉE DE L’ACTION"]
ACTION_HEADERS = ["ACTIONS MISES EN PLACE", "ÉTAT D’AVANCEMENT", "CALENDRIER", "PARTENAIRES"]
BUDGET_HEADERS = ["BUDGET", "TOTAL", "PART ÉTAT", "PART DÉPARTEMENT", "NOTES"]


@transaction.atomic
def update_commitment(
    *,
    commitment: Commitment,
    by: Actor,
    reason: str = "",
    scopes: Sequence[AlertScope] | None = None,
    **values: Any,
) -> bool:
    """Change words of the fiche. Answers whether anything changed. Raises `Stale`."""
    changed = save_changes(commitment, values, by, reason)
    if changed:
        touched(convention=commitment.convention, sheets=[commitment], scopes=scopes)
    return changed


@transaction.atomic
def write_rows(
    *,
    commitment: Commitment,
    model: Any,
    rows: Sequence[RowChange],
    by: Actor,
    headers: Mapping[str, Any] | None = None,
    scopes: Sequence[AlertScope] | None = None,
    reason: str = "",
) -> bool:
    """Change the rows of one block, in the order given, and its words on the fiche (`headers`).

    What nobody names stays. Answers whether anything changed. Raises `Stale` when one of the rows changed meanwhile.
    """
    changed = save_changes(commitment, headers or {}, by, reason)
    if model is SubAction:
        rows = [with_key(row, commitment) for row in rows]
    changed |= save_rows(model, {"commitment": commitment}, rows, by, reason)
    if changed:
        touched(convention=commitment.convention, sheets=[commitment], scopes=scopes)
    return changed


def with_key(row: RowChange, commitment: Commitment) -> RowChange:
    """A new row with what other pieces name it by."""
    if row.record is not None:
        return row
    return RowChange(None, {**row.values, "key": new_key(f"{commitment.key[:80]}-a")})


@transaction.atomic
def add_sheet(
    *,
    convention: Convention,
    by: Actor,
    numbers: Sequence[int | str] = (),
    family: str = "other",
    title: str = "",
    axis_theme: str = "",
    parent: Commitment | None = None,
    party: Party | None = None,
) -> Commitment:
    """A new fiche with its standard headers, the budget line of the year, and two columns: bilan N-1, objectif N.

    A theme is in the family and of the party of its mother.
    """
    if parent is not None:
        numbers, family, party = numbers or parent.numbers, parent.family, parent.party
    year, last = convention.year, convention.commitments.aggregate(last=Max("position"))["last"]
    label = sheet_label(numbers)
    commitment = Commitment(
        convention=convention,
        key=new_key(f"{convention.slug[:60]}-f{'-'.join(map(str, numbers))[:30]}"),
        numbers=list(numbers),
        sheet_label=label,
        family=family,
        family_words=FAMILY_WORDS.get(family, ""),
        family_label=parent.family_label if parent else "",
        title=title.strip(),
        axis_theme=axis_theme,
        parent=parent,
        party=party,
        position=0 if last is None else last + 1,
        headings=headings(label, year),
        objective_heading=f"OBJECTIF {year}" if year else "OBJECTIF",
        resume_headers=RESUME_HEADERS,
        sub_action_headers=ACTION_HEADERS,
        budget_headers=BUDGET_HEADERS,
    )
    save_record(record=commitment, by=by)
    if parent is None:
        save_record(record=first_line(commitment), by=by)
    create_records(records=first_columns(commitment), by=by)
    touched(convention=convention)
    return commitment


def sheet_label(numbers: Sequence[int | str]) -> str:
    if not numbers:
        return ""
    words = [str(number) for number in numbers]
    if len(words) == 1:
        return f"FICHE {words[0]}"
    return f"FICHES {', '.join(words[:-1])} ET {words[-1]}"


def headings(label: str, year: int | None) -> list[str]:
    resume = f"RÉSUMÉ DU PROJET ({label})" if label else "RÉSUMÉ DU PROJET"
    objective = f"OBJECTIF {year}" if year else "OBJECTIF"
    return [resume, objective, "VUE D’ENSEMBLE DU BUDGET", "INDICATEURS"]


def first_line(commitment: Commitment) -> BudgetLine:
    year = commitment.convention.year
    numbers = commitment.numbers
    return BudgetLine(
        commitment=commitment,
        label=f"Montant prévisionnel {year}" if year else "Montant prévisionnel",
        number=str(numbers[0])[:20] if len(numbers) == 1 else "",
        year=year,
        nature="prévisionnel",
    )


def first_columns(commitment: Commitment) -> list[MatrixColumn]:
    year = commitment.convention.year
    if year is None:
        return [column(commitment, 0, ColumnMeasure.OBJECTIVE, None)]
    return [
        column(commitment, 0, ColumnMeasure.ACCOUNT, year - 1),
        column(commitment, 1, ColumnMeasure.OBJECTIVE, year),
    ]


def column(commitment: Commitment, position: int, measure: ColumnMeasure, year: int | None) -> MatrixColumn:
    ending = "" if year is None else f"_{year}"
    return MatrixColumn(
        commitment=commitment,
        position=position,
        key=f"{measure.value}{ending}",
        header=f"{measure.label.upper()} {year or ''}".strip(),
        year=year,
        measure=measure,
    )
