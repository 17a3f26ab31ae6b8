"""Frozen versions and amendments, as their pages show them: what was frozen, and old → new."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import Any

from jalons.conventions.alerts.rules import check
from jalons.conventions.changes.between import amended, contracted
from jalons.conventions.changes.change import Area, Change
from jalons.conventions.changes.chapters import AREAS, Chapter, FunderDelta, chapters, funder_deltas
from jalons.conventions.changes.drift import is_amended, voted_edition
from jalons.conventions.dossier.additions import sum_words
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.dossier.ledger import (
    actions_sum,
    amounts_of,
    authorised_sum,
    heading,
    share_sums,
    share_words,
    whole_of,
)
from jalons.conventions.dossier.readers import open_sheets, sight
from jalons.conventions.enums import AlertScope
from jalons.conventions.models import Acknowledgement, Alert, Amendment, Commitment, Convention, Edition
from jalons.conventions.versions.editions import frozen_dossier, is_intact
from jalons.core.values import Number, format_euros, format_number
from jalons.history.querysets import NOW, AsOf, described

MONEY_SCOPES = (AlertScope.MONEY, AlertScope.DELIBERATION)


def editions_of(convention: Convention, at: AsOf = NOW) -> list[Edition]:
    """Every version frozen by then, the last first, without what it contains."""
    editions = convention.editions.defer("content").select_related("organisation", "convention")
    if at.instant is not None:
        editions = editions.filter(frozen_at__lt=at.instant)
    return list(editions.order_by("-number"))


def amendments_of(convention: Convention, editions: Sequence[Edition], at: AsOf = NOW) -> list[Amendment]:
    """The last first, each with the versions it starts from and makes, which are among `editions`."""
    by_pk = {edition.pk: edition for edition in editions}
    amendments = described(Amendment, at, "deliberation", convention=convention)
    for amendment in amendments:
        amendment.base, amendment.result = by_pk[amendment.base_id], by_pk.get(amendment.result_id)
    return sorted(amendments, key=attrgetter("number"), reverse=True)


def seen_part(dossier: Dossier, keys: frozenset[str] | None, votes: frozenset[str] | None) -> Dossier:
    """What a person reads of a version: its sheets (`keys`) and its votes; None for all of them.

    The money of the whole is not theirs to read when some sheets are not.
    """
    if keys is None and votes is None:
        return dossier
    sheets = dossier.sheets if keys is None else [sheet for sheet in dossier.sheets if sheet.key in keys]
    deliberations = [
        deliberation
        for deliberation in dossier.deliberations
        if votes is None or deliberation.deliberation.number in votes
    ]
    return replace(dossier, sheets=sheets, deliberations=deliberations)


def votes_seen(user: Any, convention: Convention) -> frozenset[str] | None:
    seen = sight(user, convention)
    if seen.everything:
        return None
    deliberations = convention.deliberations.values_list("number", "party_id")
    return frozenset(number for number, party in deliberations if seen.covers(party))


# An edition --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EditionShown:
    """`facts`: what it says in short; `sheets`: heading and money of each. None of them when it was altered."""

    edition: Edition
    intact: bool
    facts: Sequence[tuple[str, str]]
    sheets: Sequence[tuple[str, str]]
    shares: Sequence[tuple[str, str]]


def edition_shown(user: Any, edition: Edition) -> EditionShown:
    if not is_intact(edition):
        return EditionShown(edition, False, (), (), ())
    convention = edition.convention
    dossier = seen_part(frozen_dossier(edition), open_sheets(user, convention), votes_seen(user, convention))
    shares = shares_of(dossier)
    facts = [
        ("Intitulé", dossier.convention.title or dossier.convention.short_title),
        ("Année", str(dossier.year or "")),
        ("Fiches-actions", format_number(len(dossier.sheets))),
        ("Lignes d’indicateurs", format_number(sum(len(sheet.rows) for sheet in dossier.sheets))),
        ("Montant annoncé", euros_words(heading(dossier))),
        ("Actions de l’article sur le versement", sum_words(actions_sum(dossier))),
        ("Autorisé par délibération", sum_words(authorised_sum(dossier))),
    ]
    sheets = [
        (quiet_heading(sheet.commitment, convention), euros_words(whole_of(amounts_of(sheet, dossier))))
        for sheet in dossier.mothers
    ]
    return EditionShown(edition, True, facts, sheets, shares)


def quiet_heading(commitment: Commitment, convention: Convention) -> str:
    """Of a sheet as it was frozen: `convention`, as it is written today, spells its words."""
    return commitment.heading_with(convention.quiet(commitment.title))


def euros_words(amount: Number | None) -> str:
    return "" if amount is None else format_euros(amount)


def shares_of(dossier: Dossier) -> list[tuple[str, str]]:
    """What each funder brings to the sheets of a version."""
    words = [
        (share_words(share, dossier), sum_words(share_sum))
        for share, share_sum in share_sums(dossier).items()
    ]
    return [(label[:1].upper() + label[1:], amount) for label, amount in words]


# What drifts ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DriftShown:
    """The changes of what was voted that no amendment says. `edition` None: nothing was voted yet."""

    edition: Edition | None
    altered: bool = False
    chapters: Sequence[Chapter] = ()
    count: int = 0
    hidden: int = 0


def drift_shown(user: Any, convention: Convention) -> DriftShown:
    edition = voted_edition(convention)
    if edition is None or is_amended(convention):
        return DriftShown(edition)
    if not is_intact(edition):
        return DriftShown(edition, altered=True)
    keys = open_sheets(user, convention)
    whole = (frozen_dossier(edition), read_dossier(convention))
    everything = contracted(*whole)
    before, after = (seen_part(dossier, keys, None) for dossier in whole)
    changes = everything if keys is None else contracted(before, after)
    return DriftShown(
        edition,
        chapters=chapters(changes, before, after, partial(quiet_heading, convention=convention)),
        count=len(changes),
        hidden=len(everything) - len(changes),
    )


# An amendment ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Impact:
    """What an amendment does to one of the other places where the same money is written."""

    label: str
    words: str
    state: str  # good: it says what changed too, or nothing had to; due: an alert is new there


@dataclass(frozen=True, slots=True)
class AmendmentShown:
    """`altered`: a frozen version does not say what it said any more; nothing is then compared."""

    amendment: Amendment
    altered: bool
    funders: Sequence[FunderDelta]
    chapters: Sequence[Chapter]
    impacts: Sequence[Impact]
    alerts: Sequence[Alert]
    hidden: int
    count: int


def amendment_shown(user: Any, amendment: Amendment) -> AmendmentShown:
    """Between the version it starts from and the one it made, or the one being written."""
    convention = amendment.convention
    frozen = [edition for edition in (amendment.base, amendment.result) if edition is not None]
    if not all(map(is_intact, frozen)):
        return AmendmentShown(amendment, True, (), (), (), (), 0, 0)
    keys, votes = open_sheets(user, convention), votes_seen(user, convention)
    working = read_dossier(convention)
    whole_before = frozen_dossier(amendment.base)
    whole_after = working if amendment.result is None else frozen_dossier(amendment.result)
    before, after = (seen_part(dossier, keys, votes) for dossier in (whole_before, whole_after))
    changes = amended(before, after)
    everything = changes if keys is None and votes is None else amended(whole_before, whole_after)
    new = () if amendment.result is not None else new_alerts(convention, whole_before, keys)
    return AmendmentShown(
        amendment,
        False,
        funders=funder_deltas(before, after, seen_part(working, keys, votes), whole=keys is None),
        chapters=chapters(changes, before, after, partial(quiet_heading, convention=convention)),
        impacts=impacts_of(changes, new),
        alerts=new,
        hidden=len(everything) - len(changes),
        count=len(changes),
    )


def new_alerts(convention: Convention, before: Dossier, keys: frozenset[str] | None) -> list[Alert]:
    """The alerts on money and votes that the base did not raise, and that nobody answered for."""
    known = {finding.fingerprint for finding in check(before, scopes=MONEY_SCOPES)}
    answered = Acknowledgement.objects.filter(convention=convention, withdrawn=False).values("fingerprint")
    alerts = Alert.objects.filter(convention=convention, scope__in=MONEY_SCOPES)
    alerts = alerts.exclude(fingerprint__in=answered).select_related("commitment")
    return [
        alert
        for alert in alerts
        if alert.fingerprint not in known
        and (keys is None or alert.commitment is None or alert.commitment.key in keys)
    ]


def impacts_of(changes: Sequence[Change], new: Sequence[Alert]) -> list[Impact]:
    """Once the money of a sheet moves, the annex, the article, the heading and the vote must follow."""
    moved = any(change.is_money and change.area is Area.SHEET for change in changes)
    answer = []
    for area in (Area.ANNEX, Area.PAYMENT_ARTICLE, Area.HEADING, Area.DELIBERATION):
        count = sum(change.area is area and change.is_money for change in changes)
        if count:
            words = (
                f"{format_number(count)} montant{'s' if count > 1 else ''} changé{'s' if count > 1 else ''}"
            )
            answer.append(Impact(AREAS[area], words, "good"))
        elif moved:
            answer.append(Impact(AREAS[area], "aucun montant n’a suivi", "due" if new else "unknown"))
        else:
            answer.append(Impact(AREAS[area], "rien à changer", "good"))
    return answer
