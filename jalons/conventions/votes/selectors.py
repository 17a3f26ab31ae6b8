"""What the assemblies voted on a convention, as its page shows it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can, territory_of
from jalons.conventions.dossier.from_base import deliberations_at
from jalons.conventions.dossier.readers import Sight, sight
from jalons.conventions.models import AccountingLine, AuthorisedAmount, Convention, Deliberation
from jalons.conventions.models.printed import Printed, euros
from jalons.conventions.votes.arithmetic import (
    SIDES,
    GroupVote,
    VoteLine,
    arithmetic,
    count,
    group_lines,
    groups_of,
    money_line,
)
from jalons.core.values import Number, format_date, format_euros, format_number, plural
from jalons.core.values.numbers import add
from jalons.history.querysets import NOW, AsOf, described

COLUMNS = ("autorises", "deja_contractes", "proposes")


def deliberations_of(convention: Convention, seen: Sight, at: AsOf = NOW) -> list[Deliberation]:
    """Those that a person reads, the last voted first. Constant number of queries."""
    deliberations = deliberations_at(convention, at, "changed_by", "changed_for")
    mine = [deliberation for deliberation in deliberations if seen.covers(deliberation.party_id)]
    pks = [deliberation.pk for deliberation in mine]
    parts = {
        "authorised_amounts": described(AuthorisedAmount, at, deliberation__in=pks),
        "accounting_lines": described(AccountingLine, at, deliberation__in=pks),
    }
    for deliberation in mine:
        # Read through its relations as usual: what they hold is that of then.
        deliberation._prefetched_objects_cache = {  # type: ignore[attr-defined]
            name: [row for row in rows if row.deliberation_id == deliberation.pk]
            for name, rows in parts.items()
        }
    # The databases do not agree on where what has no date stands.
    return sorted(mine, key=lambda item: (item.session_on or dt.date.min, item.pk), reverse=True)


@dataclass(frozen=True, slots=True)
class AmountShown:
    """An authorised amount; `url` leads to its convention when Jalons has it and the person sees it."""

    title: str
    amount: str
    meaning: str
    url: str
    is_here: bool
    gap: str


@dataclass(frozen=True, slots=True)
class DeliberationShown:
    deliberation: Deliberation
    dates: Sequence[tuple[str, str]]
    late: str
    lines: Sequence[VoteLine]
    groups: Sequence[tuple[str, Sequence[GroupVote]]]
    counts: Sequence[tuple[str, str]]
    amounts: Sequence[AmountShown]
    authorised: str
    accounting: Sequence[tuple[str, str, Sequence[str]]]
    accounting_totals: Sequence[str]
    money: VoteLine | None
    edit_url: str


def deliberations_shown(user: Any, convention: Convention, at: AsOf = NOW) -> list[DeliberationShown]:
    seen = sight(user, convention)
    written = sight(user, convention, Right.WRITE_DELIBERATION)
    may_write = not at.is_past and can(user, Right.WRITE_DELIBERATION, convention)
    deliberations = deliberations_of(convention, seen, at)
    open_ones = Convention.objects.in_territory(territory_of(user, Right.READ_CONVENTIONS))
    keys = {
        amount.convention_key
        for deliberation in deliberations
        for amount in deliberation.authorised_amounts.all()
    }
    pks = list(open_ones.filter(slug__in=keys).values_list("pk", flat=True))
    known = {record.slug: record for record in described(Convention, at, id__in=pks)}
    sentence = f"?{at.query}" if at.query else ""
    return [
        one_shown(
            deliberation, convention, known, may_write and written.covers(deliberation.party_id), sentence
        )
        for deliberation in deliberations
    ]


def one_shown(
    deliberation: Deliberation,
    convention: Convention,
    known: Mapping[str, Convention],
    editable: bool,
    text: str,
) -> DeliberationShown:
    groups = groups_of(deliberation.vote)
    amounts = list(deliberation.authorised_amounts.all())
    rows = list(deliberation.accounting_lines.all())
    lines = [
        *arithmetic(deliberation.membership, deliberation.quorum, deliberation.vote),
        *group_lines(groups, deliberation.vote),
    ]
    edit = reverse("conventions:edit_deliberation", args=[convention.slug, deliberation.public_id])
    return DeliberationShown(
        deliberation=deliberation,
        dates=dates_of(deliberation),
        late=late_words(deliberation, convention),
        lines=lines,
        groups=[
            (label, [group for group in groups if group.side == side])
            for side, label in SIDES.items()
            if any(group.side == side for group in groups)
        ],
        counts=counts_of(deliberation),
        amounts=[amount_shown(amount, convention, known, text) for amount in amounts],
        authorised=whole([amount.euros for amount in amounts]),
        accounting=[
            (
                row.operation or "–",
                row.envelope or "–",
                [printed_amount(row.figures.get(name)) for name in COLUMNS],
            )
            for row in rows
        ],
        accounting_totals=[whole([euros(row.figures.get(name)) for row in rows]) for name in COLUMNS],
        money=money_line([amount.euros for amount in amounts], [row.proposed for row in rows]),
        edit_url=edit if editable else "",
    )


def dates_of(deliberation: Deliberation) -> list[tuple[str, str]]:
    """What happened when, in the order of the procedure."""
    committee, receipt = deliberation.committee or {}, deliberation.receipt or {}
    reference = receipt.get("reference")
    return [
        ("Convocation", day(deliberation.convoked_on)),
        ("Avis de la commission", day(committee.get("date"))),
        ("Séance", day(deliberation.session_on)),
        (
            "Réception en préfecture",
            day(receipt.get("received")) + (f", n° {reference}" if reference else ""),
        ),
        ("Affichage", day(deliberation.posted_on)),
    ]


def day(value: Any) -> str:
    if hasattr(value, "year"):
        return format_date(value)
    if isinstance(value, str) and len(value) == len("2022-12-31") and value[4] == "-":
        return "/".join(reversed(value.split("-")))
    return str(value or "")


def late_words(deliberation: Deliberation, convention: Convention) -> str:
    if deliberation.session_on is None or convention.start is None:
        return ""
    days = (deliberation.session_on - convention.start).days
    if days <= 0:
        return ""
    sentence = f"{format_number(days)} {plural(days, 'jour', 'jours')}"
    return f"Votée {sentence} après le début de l’année financée : c’est habituel."


COUNT_LABELS = (
    ("membership", "in_office", "Membres en exercice"),
    ("quorum", "present", "Présents au quorum"),
    ("vote", "voted", "Votants"),
    ("vote", "for", "Pour"),
    ("vote", "against", "Contre"),
    ("vote", "abstention", "Abstentions"),
)


def counts_of(deliberation: Deliberation) -> list[tuple[str, str]]:
    counts = []
    for column, key, label in COUNT_LABELS:
        value = count(getattr(deliberation, column), key)
        counts.append((label, "" if value is None else format_number(value)))
    return counts


def amount_shown(
    authorised_amount: AuthorisedAmount, convention: Convention, known: Mapping[str, Convention], text: str
) -> AmountShown:
    named = known.get(authorised_amount.convention_key)
    is_here = authorised_amount.convention_key == convention.slug
    url = "" if named is None or is_here else reverse("conventions:deliberations", args=[named.slug]) + text
    heading = euros(convention.heading_amount)
    gap = ""
    if is_here and authorised_amount.euros is not None and heading is not None:
        equal = authorised_amount.euros == heading
        gap = "égal au montant annoncé" if equal else f"{format_euros(heading)} annoncés dans la convention"
    title = named.short_title if named else authorised_amount.convention_key or "Convention sans nom"
    return AmountShown(
        title, printed_amount(authorised_amount.figure), authorised_amount.meaning, url, is_here, gap
    )


def printed_amount(figure: Any) -> str:
    """An amount in euros; what was printed instead of one; nothing when nothing was."""
    printed = Printed.of(figure)
    return printed.raw if printed.euros is None else format_euros(printed.euros)


def whole(amounts: Sequence[Number | None]) -> str:
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return ""
    total: Number = 0
    for amount in known:
        total = add(total, amount)
    return format_euros(total)
