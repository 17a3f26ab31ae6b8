"""What was paid and what is to be, against the part of the State and the schedule of the article on payment."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.changes.describing import key_words
from jalons.conventions.dossier.readers import Sight, sight
from jalons.conventions.models import Convention, Party, Payment
from jalons.conventions.models.printed import as_number
from jalons.core.ui import Entry
from jalons.core.values import Number, exact, fold, format_euros, format_number, plural
from jalons.history.querysets import NOW, AsOf, described
from jalons.history.selectors import history_entries, timeline


@dataclass(frozen=True, slots=True)
class PaymentShown:
    """`state`: good (paid), late (due and not paid), due (to come), unknown (no date)."""

    payment: Payment
    amount: str
    state: str
    words: str
    edit_url: str


@dataclass(frozen=True, slots=True)
class Paid:
    """What is told of one beneficiary, or of all of them when they sign alone. Amounts in words, empty if unknown."""

    title: str
    expected: str
    planned: str
    paid: str
    left: str
    gap: str


@dataclass(frozen=True, slots=True)
class PaymentsPage:
    payments: Sequence[PaymentShown]
    sums: Sequence[Paid]
    terms: Sequence[tuple[str, str]]
    entries: Sequence[Entry]


def payments_page(user: Any, convention: Convention, today: dt.date, at: AsOf = NOW) -> PaymentsPage:
    seen = sight(user, convention)
    writes = sight(user, convention, Right.WRITE_CONVENTION_MONEY)
    may_write = not at.is_past and can(user, Right.WRITE_CONVENTION_MONEY, convention)
    written = described(Payment, at, "party", convention=convention)
    visible = [payment for payment in written if seen.covers(payment.party_id)]
    parties = {party.pk: party for party in described(Party, at, "departement", convention=convention)}
    for payment in visible:
        payment.party = parties.get(payment.party_id, payment.party)
    # The databases do not agree on where what has no date stands.
    visible.sort(key=lambda item: (item.due_on or item.paid_on or dt.date.max, item.position, item.pk))
    history = Payment.history.filter(convention_id=convention.pk, id__in=[payment.pk for payment in visible])
    return PaymentsPage(
        payments=[
            payment_shown(payment, convention, today, may_write and writes.covers(payment.party_id))
            for payment in visible
        ],
        sums=sums_of(convention, list(parties.values()), visible, seen),
        terms=terms_of(convention),
        entries=timeline(
            history_entries(history, label=lambda row: f"le versement « {row.label} »"),
            at=at,
            limit=20,
        ),
    )


def payment_shown(payment: Payment, convention: Convention, today: dt.date, editable: bool) -> PaymentShown:
    if payment.paid_on and payment.paid_on <= today:
        state, words = "good", "versé"
    elif payment.paid_on:
        state, words = "due", "versement annoncé"
    elif payment.due_on:
        late = payment.due_on < today
        state, words = ("late", "en retard") if late else ("due", "attendu")
    else:
        state, words = "unknown", "sans date"
    edit = reverse("conventions:edit_payment", args=[convention.slug, payment.public_id])
    return PaymentShown(payment, format_euros(exact(payment.amount)), state, words, edit if editable else "")


def sums_of(
    convention: Convention, parties: Sequence[Party], payments: Sequence[Payment], seen: Sight
) -> list[Paid]:
    """One line for each beneficiary that the person reads, when the text shares the part of the State."""
    councils = councils_of(parties)
    if len(councils) < 2 or convention.amounts.get("split_part_etat") is None:
        return [paid_of("Part de l’État", convention.part_etat, payments)]
    lines = []
    for party in councils:
        if seen.covers(party.pk):
            same = [
                payment
                for payment in payments
                if payment.party and payment.party.departement_id == party.departement_id
            ]
            lines.append(paid_of(f"Part de l’État, {party.name}", share_of(party, convention), same))
    rest = [payment for payment in payments if payment.party is None or payment.party.departement_id is None]
    return [*lines, paid_of("Sans bénéficiaire précisé", None, rest)] if rest else lines


def councils_of(parties: Sequence[Party]) -> list[Party]:
    by_code: dict[str, Party] = {}
    for party in parties:
        if party.departement_id is None:
            continue
        by_code.setdefault(str(party.departement_id), party)
    return list(by_code.values())


def share_of(party: Party, convention: Convention) -> Number | None:
    """What the text shares out to this party, named as it pleases (« Département du Nord », « 62 »)."""
    departement = party.departement
    for share in convention.shares_of_state:
        words = fold(share.whose)
        if departement and (fold(departement.name) in words or departement.code.lower() in words.split()):
            return share.euros
    return None


def paid_of(title: str, expected: Number | None, payments: Sequence[Payment]) -> Paid:
    planned = sum((payment.amount for payment in payments), Decimal())
    paid = sum((payment.amount for payment in payments if payment.paid_on), Decimal())
    gap = ""
    if expected is not None and payments and planned != expected:
        side = "de moins" if planned < expected else "de plus"
        gap = f"{format_euros(exact(abs(planned - Decimal(expected))))} {side} que prévu"
    left = "" if expected is None else format_euros(exact(Decimal(expected) - paid))
    return Paid(
        title,
        "" if expected is None else format_euros(expected),
        format_euros(exact(planned)),
        format_euros(exact(paid)),
        left,
        gap,
    )


# What the article on payment says that concerns a payment; what the transcription says of bank details is not shown.
TERMS = ("schedule", "beneficiary", "beneficiaries", "authorising_officer", "accountant", "condition")
CODES = ("programme", "action", "sous_action")


def terms_of(convention: Convention) -> list[tuple[str, str]]:
    payment = convention.payment
    terms = []
    count = as_number(payment.get("instalments"))
    if isinstance(count, int):
        terms.append(
            ("Versements prévus", f"{format_number(count)} {plural(count, 'versement', 'versements')}")
        )
    for key in (*TERMS, *CODES):
        if words := json_words(payment.get(key)):
            name = key_words(key)
            terms.append((name[:1].upper() + name[1:], words))
    return terms


def json_words(json_value: Any) -> str:
    if isinstance(json_value, Mapping):
        if "code" in json_value:
            return " – ".join(str(part) for part in (json_value.get("code"), json_value.get("label")) if part)
        return ", ".join(str(value) for value in json_value.values() if isinstance(value, str) and value)
    if isinstance(json_value, list):
        return " ; ".join(filter(None, map(json_words, json_value)))
    return (
        json_value
        if isinstance(json_value, str)
        else ""
        if as_number(json_value) is None
        else str(json_value)
    )
