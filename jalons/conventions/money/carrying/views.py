"""After the budget of a sheet changed: the other places where the amount is written, each one ticked or not."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.changes.pledge import ChangesVoted, Pledge
from jalons.conventions.dossier.content import BudgetRow, Dossier
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.dossier.ledger import of_the_year
from jalons.conventions.dossier.pages import actor_on, form_page, on_sheet, sheet_url
from jalons.conventions.models import Commitment
from jalons.conventions.money.budget.forms import PART
from jalons.conventions.money.budget.services import LineTold
from jalons.conventions.money.carrying.forms import MEANWHILE, CarryForm
from jalons.conventions.money.carrying.selectors import Carried, carried
from jalons.conventions.money.carrying.services import carry_amounts
from jalons.core.values import french_spaces, plural
from jalons.editing.writing import record, typed
from jalons.history.services import Stale

LARGEST = Decimal(10) ** 12


def moved_by(commitment: Commitment, lines: list[LineTold]) -> dict[str, Decimal]:
    """What each part gains by these lines of a budget, about to be written: those of the year, a recall set aside."""
    gain_by_part: dict[str, Decimal] = {}
    dossier = Dossier(commitment.convention)
    for line in lines:
        if line.line is not None and not of_the_year(BudgetRow(line.line), dossier):
            continue
        for amount in line.amounts:
            before = amount.stands.amount if amount.stands is not None else None
            gain = (amount.amount or Decimal()) - (before or Decimal())
            if gain:
                gain_by_part[amount.part] = gain_by_part.get(amount.part, Decimal()) + gain
    return gain_by_part


def carry_url(commitment: Commitment, moved: Mapping[str, Decimal]) -> str:
    """Where the rest is proposed; the sheet itself when no amount moved."""
    if not moved:
        return f"{sheet_url(commitment)}#budget"
    here = reverse("conventions:carry_amounts", args=[commitment.convention.slug, commitment.public_id])
    return f"{here}?{urlencode({part: str(gain) for part, gain in moved.items()})}"


def retyped_amounts(request: HttpRequest) -> dict[str, Decimal]:
    """The gains that the address says; what is no amount is left aside."""
    gain_by_part = {}
    for part, words in request.GET.items():
        try:
            gain = Decimal(str(words)[:30])
        except InvalidOperation:
            continue
        if PART.fullmatch(part) and gain.is_finite() and abs(gain) < LARGEST and gain == round(gain, 2):
            gain_by_part[part] = gain
    return gain_by_part


def lines_for(request: HttpRequest, commitment: Commitment) -> list[Carried]:
    """What this person may carry. Who writes the money of a sheet alone carries to its total alone."""
    convention = commitment.convention
    dossier = read_dossier(convention)
    sheet = dossier.by_key[commitment.key]
    rights = (Right.WRITE_CONVENTION_MONEY, Right.WRITE_CONVENTION)
    whole = all(can(request.user, right, convention) for right in rights)
    return [
        line for line in carried(dossier, sheet, retyped_amounts(request)) if whole or not line.on_convention
    ]


@on_sheet(Right.WRITE_CONVENTION_MONEY)
def carry(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    back = f"{sheet_url(commitment)}#budget"
    lines = lines_for(request, commitment)
    if not lines and request.method == "GET":
        return redirect(back)
    form: Any = CarryForm(typed(request), lines=lines)
    pledge = None
    promise = Pledge(request, commitment.convention)
    try:
        answer = record(
            request,
            form,
            lambda: promise.keep(
                lambda: carry_amounts(
                    commitment=commitment,
                    chosen=form.chosen(),
                    by=actor_on(request, commitment, Right.WRITE_CONVENTION_MONEY),
                ),
                sheets=[commitment],
                text=True,
            ),
            before=promise.read,
            message=carried_words,
            to=back,
        )
    except ChangesVoted as changes:
        answer, pledge = None, changes
    except Stale:
        answer = None
        form.add_error(None, french_spaces(MEANWHILE))
    return answer or form_page(
        request,
        commitment.convention,
        form,
        title="Reporter le montant",
        submit="Reporter les montants cochés",
        back=back,
        template="conventions/money/carrying/carry.html",
        pledge=pledge,
        groups=form.groups(),
        intro=french_spaces(
            f"{commitment.number_words} : le budget est enregistré. "
            "Le même montant est écrit ailleurs : cochez ce qui doit suivre."
        ),
    )


def carried_words(count: int) -> str:
    return (
        f"{count} {plural(count, 'montant reporté', 'montants reportés')}."
        if count
        else "Rien n’a été reporté."
    )
