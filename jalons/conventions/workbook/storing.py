"""The figures of a workbook → the base."""

from collections.abc import Callable, Iterable

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.dossier import Dossier
from jalons.conventions.models import Cell, Commitment, Convention, MatrixRow
from jalons.conventions.selectors.dossiers import read_dossier
from jalons.conventions.services.dates import cell_day
from jalons.conventions.services.touch import touched
from jalons.conventions.workbook.verdicts import Judged
from jalons.history.services import Actor, Stale, correct_all, enter_all

REASON = "Reprise du classeur"


def dossier_for(convention: Convention, user: object) -> Dossier:
    """What a person sees of a convention: the sheets of another Département are not theirs."""
    sheets = Commitment.objects.filter(convention=convention).visible_to(user)
    return read_dossier(convention, sheets=sheets)


def may_fill(convention: Convention, user: object) -> Callable[[MatrixRow], bool]:
    """Which rows this person fills; the seats are read once."""
    prefetch_related_objects([convention], "seats")
    return lambda row: can(user, Right.FILL_FIGURES, row)


@transaction.atomic
def write_figures(*, convention: Convention, cells: Iterable[Judged], by: Actor, reason: str = REASON) -> int:
    """Writes what was judged, all or nothing; answers how many. `Stale` when one of them changed meanwhile."""
    new, changed, sheets = [], [], {}
    for judged in cells:
        if judged.row is None or judged.of is None or judged.sheet is None:
            continue
        fields = dict(judged.fields)
        sheets[judged.sheet.key] = judged.sheet.commitment
        if judged.cell is None:
            day = cell_day(judged.of, otherwise=convention.year)
            new.append(Cell(row=judged.row, column=judged.of, valid_on=day, **fields))
        else:
            changed.append((judged.cell, fields))
    if not (new or changed):
        return 0
    try:
        with transaction.atomic():
            enter_all(facts=new, by=by)
    except IntegrityError:
        raise Stale(None) from None
    correct_all(changes=changed, by=by, reason=reason)
    touched(convention=convention, sheets=list(sheets.values()))
    return len(new) + len(changed)
