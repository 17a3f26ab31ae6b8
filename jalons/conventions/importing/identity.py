"""What an indicator of a sheet stays from one year to the next."""

from typing import Any

from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.models import Convention, MatrixRow
from jalons.core.values import fold
from jalons.history.services import Actor, create_records, save_record
from jalons.indicators.enums import AcrossTime, Direction, Nature, ValueType
from jalons.indicators.models import Indicator

REASON = "Reprise d’un fichier"
LONGEST = 400


def link_indicators(wanted: Dossier, convention: Convention, twins: dict[int, Any], by: Actor) -> None:
    """Gives each row its indicator: that of the same row of the year before, or a new one."""
    before = rows_of_the_year_before(convention)
    new: list[tuple[MatrixRow, Indicator]] = []
    reused: list[MatrixRow] = []
    for sheet in wanted.sheets:
        for row in sheet.rows:
            stored: MatrixRow = twins[id(row)]
            if stored.indicator_id is not None:
                continue
            known = before.get(identity(sheet.commitment.numbers, path_of(row)))
            if known is not None:
                stored.indicator_id = known
                reused.append(stored)
            else:
                new.append((stored, indicator_of(row, sheet, convention)))
    create_records(records=[indicator for _, indicator in new], by=by, reason=REASON)
    for row, indicator in new:
        row.indicator = indicator
    rows = [row for row, _ in new] + reused
    # The rows were written a moment ago in this same transaction: their line of history says them whole.
    MatrixRow.objects.bulk_update(rows, ["indicator"], batch_size=500)


def identity(numbers: list[Any], path: str) -> tuple[str, str]:
    return ",".join(map(str, numbers)), path


def path_of(row: MatrixRow) -> str:
    """The labels that lead to a row, its section first: « SPRENE » stands in two sections of a sheet."""
    labels, above = [row.label, row.breakdown], row.parent
    while above is not None:
        labels.append(above.label)
        above = above.parent
    section = row.group.label if row.group else ""
    return " / ".join(fold(label) for label in (section, *reversed(labels)) if label)


def rows_of_the_year_before(convention: Convention) -> dict[tuple[str, str], int]:
    """Primary keys of indicators, by sheet numbers and labels, of the same convention a year before."""
    if convention.year is None or convention.departement_id is None:
        return {}
    same = [
        candidate
        for candidate in Convention.objects.filter(
            departement=convention.departement_id, year=convention.year - 1
        )
        if stripped(candidate.short_title) == stripped(convention.short_title)
    ]
    if not same:
        return {}
    if convention.previous_id is None:
        convention.previous = same[0]
        save_record(record=convention, by=None, reason=REASON)
    rows = MatrixRow.objects.filter(commitment__convention=same[0]).select_related("commitment", "group")
    parents = {row.pk: row for row in rows}
    for row in rows:
        row.parent = parents.get(row.parent_id) if row.parent_id else None
    return {
        identity(row.commitment.numbers, path_of(row)): row.indicator_id for row in rows if row.indicator_id
    }


def stripped(title: str) -> str:
    return "".join(sign for sign in fold(title) if not sign.isdigit()).strip()


def indicator_of(row: MatrixRow, sheet: Sheet, convention: Convention) -> Indicator:
    """What its cells tell of an indicator. Which way is better is only said of delays: for the others, a person."""
    cells = [cell for _, cell in sheet.cells_of(row) if cell is not None]
    kinds = [cell.kind for cell in cells]
    value_type, nature = ValueType.NUMBER, Nature.FLOW
    if "duration" in kinds:
        value_type, nature = ValueType.DURATION, Nature.STOCK
    elif "percent" in kinds:
        value_type, nature = ValueType.SHARE, Nature.STOCK
    delay = fold(row.label).startswith("delai")
    units = [cell.unit for cell in cells if cell.unit]
    return Indicator(
        label=(row.label or row.breakdown or row.key)[:LONGEST],
        unit=units[0] if units else "",
        counted=next((cell.qualifier for cell in cells if cell.qualifier), "")[:160],
        value_type=value_type,
        nature=nature,
        direction=Direction.DOWN if delay else Direction.NEUTRAL,
        across_time=AcrossTime.NONE if nature == Nature.STOCK else AcrossTime.SUM,
        departement_id=convention.departement_id,
        shared=False,
    )
