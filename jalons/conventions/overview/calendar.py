"""The deadlines of a convention: those of its clauses, of its payments, of its votes, of its execution report."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

from jalons.conventions.dossier.clause_days import (
    PERIOD,
    REPORTING,
    TERMINATION,
    ClauseDay,
    clause_day,
    clause_named,
    period_days,
    report_day,
    written_day,
)
from jalons.conventions.enums import ReportState
from jalons.conventions.models import Clause, Convention, Deliberation, ExecutionReport, Party, Payment
from jalons.core.values import format_euros, french_spaces, plural
from jalons.history.querysets import NOW, AsOf, described

DONE, COMING, LATE, PASSED = "done", "coming", "late", "passed"
# How they are shown: kind of the badge, words.
STATES = {
    DONE: ("good", "Fait"),
    COMING: ("unknown", "À venir"),
    LATE: ("late", "En retard"),
    PASSED: ("unknown", "Passé"),
}
MONTHS_FROM, YEARS_FROM = 75, 730  # days: said in months, in years
SOON = 45  # days: from then a deadline to come is in evidence
# What must be done before the report is sent: days before, the state that it then has, in words.
REPORT_STEPS: Sequence[tuple[int, ReportState, str]] = (
    (59, ReportState.FILLED, "Chiffres et bilans des fiches tous remplis"),
    (31, ReportState.REVIEWED, "Rapport d’exécution relu"),
    (15, ReportState.VOTED, "Rapport d’exécution voté par l’assemblée"),
    (0, ReportState.SENT, "Rapport d’exécution transmis aux préfets"),
)


@dataclass(frozen=True, slots=True)
class ConventionDeadline:
    """`page`: the name of the URL where one acts on it, which takes the slug of the convention."""

    on: dt.date
    label: str
    kind: str
    state: str
    detail: str = ""
    page: str = ""
    days: int = 0  # from today; negative once passed
    over: bool = False  # of a convention of which nothing is awaited any more: see `is_over`

    @property
    def badge(self) -> str:
        if self.state == LATE and self.over:
            return STATES[PASSED][0]
        return "due" if self.state == COMING and self.days <= SOON else STATES[self.state][0]

    @property
    def state_words(self) -> str:
        return "Pas noté comme fait" if self.state == LATE and self.over else STATES[self.state][1]

    @property
    def waits_words(self) -> str:
        """What follows its label when its day has passed."""
        return "" if self.state != LATE else ", pas noté comme fait" if self.over else ", en retard"

    @property
    def away(self) -> str:
        """« dans 12 jours », « aujourd’hui », « il y a 3 ans »."""
        count = abs(self.days)
        if count < 2:
            return {0: "aujourd’hui", 1: "demain", -1: "hier"}[self.days]
        sentence = f"{count} jours"
        if count >= YEARS_FROM:
            sentence = f"{count // 365} {plural(count // 365, 'an', 'ans')}"
        elif count >= MONTHS_FROM:
            sentence = f"{round(count / 30.4)} mois"
        return french_spaces(f"dans {sentence}" if self.days > 0 else f"il y a {sentence}")

    @property
    def waits(self) -> bool:
        return self.state in (COMING, LATE)


@dataclass
class DatedConvention:
    """What bears the dates of one convention."""

    clauses: list[Clause] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    deliberations: list[Deliberation] = field(default_factory=list)
    reports: list[ExecutionReport] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)


def read_dated(
    conventions: Iterable[Convention], parties: Collection[int] | None = None, at: AsOf = NOW
) -> dict[int, DatedConvention]:
    """By primary key, in six queries, as written at `at`.

    `parties`: with several Départements, those whose affairs one sees.
    """
    dated_by_pk: dict[int, DatedConvention] = defaultdict(DatedConvention)
    pks = [convention.pk for convention in conventions]
    if not pks:
        return dated_by_pk

    def seen(record: Any) -> bool:
        return parties is None or record.party_id is None or record.party_id in parties

    for clause in described(Clause, at, convention__in=pks):
        dated_by_pk[clause.convention_id].clauses.append(clause)
    for payment in described(Payment, at, convention__in=pks):
        if seen(payment):
            dated_by_pk[payment.convention_id].payments.append(payment)
    for report in sorted(described(ExecutionReport, at, convention__in=pks), key=attrgetter("pk")):
        if seen(report):
            dated_by_pk[report.convention_id].reports.append(report)
    for party in described(Party, at, "departement", convention__in=pks):
        dated_by_pk[party.convention_id].parties.append(party)
    through = Deliberation.conventions.through.objects.filter(convention__in=pks)
    links = list(through.order_by("pk").values_list("convention", "deliberation"))
    voted = described(Deliberation, at, id__in={pk for _, pk in links}) if links else []
    # The databases do not agree on where what has no date stands.
    voted.sort(key=lambda item: (item.session_on or dt.date.max, item.pk))
    for vote in voted:
        for convention, deliberation in links:
            if deliberation == vote.pk and seen(vote):
                dated_by_pk[convention].deliberations.append(vote)
    return dated_by_pk


def deadlines(convention: Convention, dated: DatedConvention, today: dt.date) -> list[ConventionDeadline]:
    """Every date of the life of a convention, in order."""
    dates = [
        *of_period(convention, dated, today),
        *of_deliberations(dated, today),
        *of_signatures(convention, dated),
        *of_payments(dated, today),
        *of_clauses(convention, dated, today),
        *of_reports(convention, dated, today),
    ]
    dates.sort(key=lambda item: (item.on, item.kind, item.label))
    over = is_over(convention, today)
    return [replace(deadline, days=(deadline.on - today).days, over=over) for deadline in dates]


def is_over(convention: Convention, today: dt.date) -> bool:
    """A past year: its account was due the year after, and that year is over too. It is told, not shouted."""
    return convention.year is not None and today.year > convention.year + 1


def next_deadline(dates: Sequence[ConventionDeadline]) -> ConventionDeadline | None:
    """What is late comes first, then the nearest to come."""
    waiting = [deadline for deadline in dates if deadline.waits]
    return min(waiting, key=lambda item: (item.state != LATE, item.on), default=None)


def passed_or_coming(on: dt.date, today: dt.date) -> str:
    return COMING if on >= today else PASSED


def of_period(convention: Convention, dated: DatedConvention, today: dt.date) -> Iterator[ConventionDeadline]:
    clause = clause_named(dated.clauses, PERIOD)
    labels = ("Début de la période des actions", "Fin de la période des actions")
    for day, label in zip(period_days(dated.clauses, convention.year), labels, strict=True):
        if day is not None:
            yield ConventionDeadline(
                day.on, label, "period", passed_or_coming(day.on, today), article(clause)
            )


def of_clauses(
    convention: Convention, dated: DatedConvention, today: dt.date
) -> Iterator[ConventionDeadline]:
    for clause in dated.clauses:
        day = clause_day(clause, convention.year)
        if day is None or clause.name == REPORTING:
            continue
        label, detail = "Dernier jour pour dénoncer la convention", article(clause)
        if clause.name != TERMINATION:
            label = f"Échéance de l’article {clause.article}" if clause.article else "Échéance du texte"
            detail = clause.text[:300]
        state = passed_or_coming(day.on, today)
        yield ConventionDeadline(day.on, label, "clause", state, with_source(detail, day), "conventions:text")


def of_reports(
    convention: Convention, dated: DatedConvention, today: dt.date
) -> Iterator[ConventionDeadline]:
    """The steps of each report, counted back from the day it must be sent."""
    clause = clause_named(dated.clauses, REPORTING)
    due = report_day(dated.clauses, convention.year)
    names = {party.pk: party_words(party) for party in dated.parties}
    reports: list[tuple[dt.date, str, str]] = [
        (report.due_on, report.state, names.get(report.party_id or 0, "")) for report in dated.reports
    ]
    if not reports and due is not None:
        reports = [(due.on, ReportState.TO_FILL, "")]
    order = ReportState.values
    for on, state, whose in reports:
        for before, wanted, label in REPORT_STEPS:
            day = on - dt.timedelta(days=before)
            done = order.index(state) >= order.index(wanted)
            standing = DONE if done else LATE if day < today else COMING
            whole = f"{label} ({whose})" if whose else label
            detail = ""
            if not before:
                detail = with_source(article(clause), due) if due and due.on == on else article(clause)
            yield ConventionDeadline(day, whole, "report", standing, detail, "conventions:report")


def of_payments(dated: DatedConvention, today: dt.date) -> Iterator[ConventionDeadline]:
    for payment in dated.payments:
        amount = format_euros(payment.amount)
        page = "conventions:payments"
        if payment.paid_on:
            yield ConventionDeadline(payment.paid_on, f"{payment.label} versé", "payment", DONE, amount, page)
        elif payment.due_on:
            state = COMING if payment.due_on >= today else LATE
            yield ConventionDeadline(
                payment.due_on, f"{payment.label} attendu", "payment", state, amount, page
            )


def of_deliberations(dated: DatedConvention, today: dt.date) -> Iterator[ConventionDeadline]:
    for deliberation in dated.deliberations:
        committee = deliberation.committee or {}
        receipt = deliberation.receipt or {}
        for on, label in (
            (deliberation.convoked_on, "Convocation de l’assemblée"),
            (written_day(committee.get("date")), "Avis de la commission"),
            (deliberation.session_on, "Vote de l’assemblée"),
            (written_day(receipt.get("received") or receipt.get("date")), "Réception en préfecture"),
            (deliberation.posted_on, "Affichage de la délibération"),
        ):
            if on is not None:
                state = DONE if on <= today else COMING
                where = f"Délibération {deliberation.number}"
                yield ConventionDeadline(on, label, "vote", state, where, "conventions:deliberations")


def of_signatures(convention: Convention, dated: DatedConvention) -> Iterator[ConventionDeadline]:
    for party in dated.parties:
        if party.signed_on:
            label = f"Signature : {party.signatory or party.name}"
            yield ConventionDeadline(party.signed_on, french_spaces(label), "signature", DONE, party.place)
    if convention.signed_on and not any(party.signed_on for party in dated.parties):
        yield ConventionDeadline(
            convention.signed_on, "Signature de la convention", "signature", DONE, convention.place
        )


def with_source(detail: str, day: ClauseDay) -> str:
    """« Article 6 · date dite par le texte »."""
    source = day.source if detail else day.source[:1].upper() + day.source[1:]
    return french_spaces(" · ".join(filter(None, (detail, source))))


def article(clause: Clause | None) -> str:
    return f"Article {clause.article}" if clause and clause.article else ""


def party_words(party: Party) -> str:
    return party.departement.name if party.departement else party.name


# --- the file for a calendar --------------------------------------------------------------------------------------


def calendar_text(
    title: str, host: str, slug: str, dates: Iterable[ConventionDeadline], now: dt.datetime
) -> str:
    """RFC 5545: whole days, one event each; read again, an event keeps its identity."""
    stamp = now.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Jalons//Conventions//FR",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(title)}",
    ]
    places: dict[tuple[str, str], int] = defaultdict(int)
    for deadline in dates:
        name = deadline.kind, deadline.label
        places[name] += 1
        mark = f"{slug}-{deadline.kind}-{abs_hash(deadline.label)}-{places[name]}@{host}"
        lines += [
            "BEGIN:VEVENT",
            f"UID:{mark}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{deadline.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{deadline.on + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{escaped(f'{title} : {deadline.label}')}",
            *([f"DESCRIPTION:{escaped(deadline.detail)}"] if deadline.detail else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def abs_hash(label: str) -> str:
    return format(sum(ord(sign) * (place + 1) for place, sign in enumerate(label)), "x")


def escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split("\r")).replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """At most 75 octets a line; what follows starts with a space."""
    current = ""
    for sign in line:
        if len((current + sign).encode("utf-8", "surrogatepass")) > 74:
            yield current
            current = " "
        current += sign
    yield current
