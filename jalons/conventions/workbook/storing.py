"""The figures of a workbook → the base."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import prefetch_related_objects

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.figures.services import set_figures
from jalons.conventions.models import Commitment, Convention, MatrixRow
from jalons.conventions.workbook.verdicts import Judged
from jalons.history.querysets import NOW, AsOf
from jalons.history.services import Actor, Stale

REASON = "Reprise du classeur"


def dossier_for(convention: Convention, user: object, at: AsOf = NOW) -> Dossier:
    """What a person sees of a convention: the sheets of another Département are not theirs."""
    sheets = Commitment.objects.filter(convention=convention).visible_to(user)
    return read_dossier(convention, at, sheets=sheets)


def may_fill(convention: Convention, user: object) -> Callable[[MatrixRow], bool]:
    """Which rows this person fills; the seats are read once."""
    prefetch_related_objects([convention], "seats")
    return lambda row: can(user, Right.FILL_FIGURES, row)


@transaction.atomic
def write_figures(*, convention: Convention, cells: Iterable[Judged], by: Actor, reason: str = REASON) -> int:
    """Writes what was judged, all or nothing; answers how many. `Stale` when one of them changed meanwhile."""
    judged = [cell for cell in cells if cell.figure is not None]
    figures = [cell.figure for cell in judged if cell.figure is not None]
    seen = {
        figure.place: cell.cell.pk if cell.cell else None
        for cell, figure in zip(judged, figures, strict=True)
    }
    outcome = set_figures(convention=convention, figures=figures, by=by, reason=reason, seen=seen)
    if outcome.conflicts:
        raise Stale(outcome.conflicts[0].current)
    return len(outcome.written)
