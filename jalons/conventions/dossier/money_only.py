"""The money of a convention alone, without any cell: what the chain of reconciliation needs."""

from dataclasses import dataclass, replace
from typing import Any

from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.from_base import (
    of_sheets,
    read_annexes,
    read_deliberations,
    read_sheets_with_money,
    read_words,
    related_to_each_other,
    sheets_at,
)
from jalons.conventions.dossier.readers import parties_seen, sees_whole
from jalons.conventions.models import Commitment, Convention, Payment, SubBudget
from jalons.history.querysets import NOW, AsOf, described


@dataclass(frozen=True, slots=True)
class MoneySeen:
    """`dossier`: what this person sees of the money; `whole`: all of it, which the rules judge. `elsewhere`: numbers of
    the sheets that they do not see.
    """

    dossier: Dossier
    whole: Dossier
    payments: list[Payment]
    elsewhere: frozenset[str]


def read_money(user: Any, convention: Convention, at: AsOf = NOW) -> MoneySeen:
    whole = read_words(convention, at)
    read_sheets_with_money(whole, sheets_at(convention, at), at)
    budgets = of_sheets(SubBudget, {sheet.commitment.pk: sheet.commitment for sheet in whole.sheets}, at)
    for sheet in whole.sheets:
        sheet.sub_budgets = budgets[sheet.commitment.pk]
        related_to_each_other(sheet.sub_budgets)
    read_annexes(whole, at)
    read_deliberations(whole, at)
    payments = described(Payment, at, convention=convention)
    mine = parties_seen(user, convention, whole.parties)
    if mine is None and sees_whole(user, convention):
        return MoneySeen(whole, whole, payments, frozenset())
    visible = Commitment.objects.visible_to(user).filter(convention=convention)
    dossier = part_of(whole, frozenset(visible.values_list("pk", flat=True)), mine)
    payments = [
        payment
        for payment in payments
        if mine is None or payment.party_id is None or payment.party_id in mine
    ]
    return MoneySeen(dossier, whole, payments, numbers_in(whole) - numbers_in(dossier))


def part_of(whole: Dossier, sheets: frozenset[Any], parties: frozenset[int] | None) -> Dossier:
    """The sheets of these primary keys, the votes of these parties (None: of all of them)."""
    return replace(
        whole,
        sheets=[sheet for sheet in whole.sheets if sheet.commitment.pk in sheets],
        deliberations=[
            content
            for content in whole.deliberations
            if parties is None
            or content.deliberation.party_id is None
            or content.deliberation.party_id in parties
        ],
    )


def numbers_in(dossier: Dossier) -> frozenset[str]:
    return frozenset(str(number) for sheet in dossier.sheets for number in sheet.commitment.numbers)
