"""The vote of an assembly: its dates, its quorum, its arithmetic (code général des collectivités territoriales)."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from jalons.conventions.alerts.engine import Finding, numbers_gap, rule
from jalons.conventions.dossier.content import DeliberationContent, Dossier
from jalons.conventions.dossier.places import place
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.models import Deliberation
from jalons.conventions.models.printed import as_dict, as_number
from jalons.core.values import Number, exact, fold, format_date, format_number

DELIBERATION = AlertScope.DELIBERATION
# CGCT, article L. 3121-19: the report is sent twelve days at least before the meeting of a conseil départemental.
CLEAR_DAYS = 12


def words_of(content: DeliberationContent) -> str:
    return f"Délibération {content.deliberation.number}".strip()


def count(value: object, name: str) -> Number | None:
    """A number of an object of the file; None when it is absent or something else."""
    number = as_number(as_dict(value).get(name))
    return None if number is None else exact(number)


def counts(value: object, *names: str) -> Number | None:
    """Their sum; None when one is not said."""
    numbers = [count(value, name) for name in names]
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


@rule("quorum", AlertLevel.ERROR, DELIBERATION, "La majorité des membres en exercice est présente.")
def quorum(dossier: Dossier) -> Iterator[Finding]:
    """CGCT, article L. 3121-14: the members present, without those who gave a proxy."""
    for content in dossier.deliberations:
        deliberation = content.deliberation
        in_office = count(deliberation.membership, "in_office")
        if in_office is None:
            continue
        needed = int(in_office) // 2 + 1
        for where, present in (
            ("quorum", count(deliberation.quorum, "present")),
            ("présents au vote", count(deliberation.vote, "present")),
        ):
            if present is not None and present < needed:
                yield Finding(
                    place(words_of(content), where),
                    f"{format_number(present)} membres présents sur {format_number(in_office)} en exercice : "
                    f"il en faut {format_number(needed)} pour délibérer.",
                    f"{format_number(needed)} au moins",
                    format_number(present),
                    Decimal(needed) - Decimal(present),
                )


@rule("vote_arithmetic", AlertLevel.ERROR, DELIBERATION, "Les nombres du vote s’accordent entre eux.")
def vote_arithmetic(dossier: Dossier) -> Iterator[Finding]:
    for content in dossier.deliberations:
        vote, membership = content.deliberation.vote, content.deliberation.membership
        in_office = count(membership, "in_office")
        expressed = count(vote, "expressed")
        sums = (
            (
                "votants",
                "Présents et pouvoirs ne font pas les votants et ceux qui n’ont pas pris part au vote",
                counts(vote, "present", "proxies"),
                counts(vote, "voted", "did_not_vote"),
            ),
            (
                "votants",
                "Pour, contre et abstentions ne font pas les votants",
                counts(vote, "for", "against", "abstention"),
                count(vote, "voted"),
            ),
            (
                "suffrages exprimés",
                "Pour et contre ne font pas les exprimés",
                counts(vote, "for", "against"),
                expressed,
            ),
            (
                "majorité",
                "La majorité n’est pas plus de la moitié des exprimés",
                None if expressed is None else int(expressed) // 2 + 1,
                count(vote, "majority"),
            ),
            (
                "membres en exercice",
                "Présents, représentés, excusés et absents ne font pas les membres en exercice",
                in_office,
                counts(membership, "listed_present", "listed_represented", "listed_excused", "listed_absent"),
            ),
            (
                "membres en exercice",
                "Présents, pouvoirs et absents au vote ne font pas les membres en exercice",
                in_office,
                counts(vote, "present", "proxies", "absent_without_proxy"),
            ),
        )
        for where, message, expected, actual in sums:
            if expected is not None and actual is not None:
                yield from numbers_gap(place(words_of(content), where), expected, actual, message)


@rule("vote_adopted", AlertLevel.WARNING, DELIBERATION, "La délibération est adoptée.")
def vote_adopted(dossier: Dossier) -> Iterator[Finding]:
    for content in dossier.deliberations:
        vote = content.deliberation.vote
        pro, expressed = count(vote, "for"), count(vote, "expressed")
        if pro is None or not expressed:
            continue
        needed = int(expressed) // 2 + 1
        if pro < needed:
            yield from numbers_gap(
                place(words_of(content), "vote"),
                needed,
                pro,
                "Les voix pour n’atteignent pas la majorité des exprimés",
            )


@rule(
    "deliberation_dates",
    AlertLevel.ERROR,
    DELIBERATION,
    "La séance suit la convocation et précède la réception.",
)
def deliberation_dates(dossier: Dossier) -> Iterator[Finding]:
    for content in dossier.deliberations:
        deliberation = content.deliberation
        for name, day, before in steps(deliberation):
            session = deliberation.session_on
            if day is None or session is None or (day <= session if before else day >= session):
                continue
            side = "après" if before else "avant"
            yield Finding(
                place(words_of(content), name),
                f"Cette date est {side} celle de la séance, le {format_date(session)}.",
                f"{'au plus tard' if before else 'à partir du'} {'le ' if before else ''}{format_date(session)}",
                format_date(day),
            )


def steps(deliberation: Deliberation) -> tuple[tuple[str, dt.date | None, bool], ...]:
    """(what, when, whether it comes before the session)."""
    return (
        ("convocation", deliberation.convoked_on, True),
        ("avis de la commission", day_of(as_dict(deliberation.committee).get("date")), True),
        ("réception en préfecture", day_of(as_dict(deliberation.receipt).get("received")), False),
        ("affichage", deliberation.posted_on, False),
    )


def day_of(value: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


@rule(
    "convocation_delay",
    AlertLevel.WARNING,
    DELIBERATION,
    "Le conseil départemental est saisi douze jours francs avant.",
)
def convocation_delay(dossier: Dossier) -> Iterator[Finding]:
    for content in dossier.deliberations:
        deliberation = content.deliberation
        if (
            not deliberation.convoked_on
            or not deliberation.session_on
            or not is_council(deliberation)
            or deliberation.convoked_on > deliberation.session_on
        ):
            continue
        clear = (deliberation.session_on - deliberation.convoked_on).days - 1
        if clear < CLEAR_DAYS:
            yield from numbers_gap(
                place(words_of(content), "convocation"),
                CLEAR_DAYS,
                clear,
                "Jours francs entre la convocation et la séance",
            )


def is_council(deliberation: Deliberation) -> bool:
    """Its other bodies, and other assemblies, have other delays."""
    assembly = fold(deliberation.assembly)
    return not assembly or ("departement" in assembly and "permanente" not in assembly)
