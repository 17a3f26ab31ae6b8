"""The money of a convention alone, without any cell: what the chain of reconciliation needs."""

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


def read_money(
    user: Any, convention: Convention, at: AsOf = NOW
) -> tuple[Dossier, list[Payment], frozenset[str]]:
    """What this person sees of the money, the payments, and the numbers of the sheets that they do not see."""
    dossier = read_words(convention, at)
    everything = sheets_at(convention, at)
    seen = everything
    if not sees_whole(user, convention) or parties_seen(user, convention, dossier.parties) is not None:
        kept = set(
            Commitment.objects.visible_to(user).filter(convention=convention).values_list("pk", flat=True)
        )
        seen = [commitment for commitment in everything if commitment.pk in kept]
    read_sheets_with_money(dossier, seen, at)
    budgets = of_sheets(SubBudget, {commitment.pk: commitment for commitment in seen}, at)
    for sheet in dossier.sheets:
        sheet.sub_budgets = budgets[sheet.commitment.pk]
        related_to_each_other(sheet.sub_budgets)
    read_annexes(dossier, at)
    read_deliberations(dossier, at)
    payments = described(Payment, at, convention=convention)
    mine = parties_seen(user, convention, dossier.parties)
    if mine is not None:
        payments = [each for each in payments if each.party_id is None or each.party_id in mine]
        dossier.deliberations = [
            content
            for content in dossier.deliberations
            if content.deliberation.party_id is None or content.deliberation.party_id in mine
        ]
    own = {str(number) for commitment in seen for number in commitment.numbers}
    elsewhere = {str(number) for commitment in everything for number in commitment.numbers} - own
    return dossier, payments, frozenset(elsewhere)
