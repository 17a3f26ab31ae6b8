"""Who is reminded of the execution report, and of what. A constant number of queries, whatever the people."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from jalons.accounts.enums import Right
from jalons.accounts.models import Membership, User
from jalons.accounts.permissions import membership_territory
from jalons.conventions.dossier.clause_days import REPORTING, report_day
from jalons.conventions.enums import ConventionRole, ConventionState, ReportState
from jalons.conventions.models import Clause, Commitment, Convention, ExecutionReport
from jalons.conventions.report.empty_cells import ACCOUNT, OBJECTIVE, SPENT, Holes, empty_cells, of_convention
from jalons.conventions.report.owners import Hole
from jalons.conventions.report.services import ORDER, of_party

# Days before (and after) the date at which a report is due, when those who owe something are told.
STEPS = (-60, -30, -15, -7, 7)
# A digest that could not be written on its day is written later, up to this.
CATCH_UP = dt.timedelta(days=5)
# No reminder is written further than this from the day.
WINDOW = dt.timedelta(days=90)
SENT = frozenset(ORDER[ORDER.index(ReportState.SENT) :])
RIGHTS = {
    ACCOUNT: Right.FILL_FIGURES,
    OBJECTIVE: Right.FILL_FIGURES,
    SPENT: Right.WRITE_CONVENTION_MONEY,
}
SHOWN_ON_HOME = 6


@dataclass(frozen=True, slots=True)
class ReportDue:
    """A report that is due on `on`; `day` is the day of the reminder that is written."""

    convention: Convention
    on: dt.date
    day: dt.date


@dataclass
class ReportOwed:
    """What one person is told of one convention. `without_column`: sheets where the account has no column yet."""

    due: ReportDue
    holes: list[Hole] = field(default_factory=list)
    without_column: list[Commitment] = field(default_factory=list)


def day_to_tell(due: dt.date, today: dt.date) -> dt.date | None:
    """The day of the last reminder that has come and is not too old; None between two of them."""
    days = [due + dt.timedelta(days=step) for step in STEPS]
    past = [day for day in days if day <= today <= day + CATCH_UP]
    return past[-1] if past else None


def reports_due(today: dt.date) -> list[ReportDue]:
    """The conventions of which a reminder is written today."""
    window = (today - WINDOW, today + WINDOW)
    own = Clause.objects.filter(name=REPORTING, due_on__range=window).values("convention")
    around = Q(year__in=(today.year - 2, today.year - 1, today.year)) | Q(pk__in=own)
    open_ones = Convention.objects.filter(around).exclude(state=ConventionState.CLOSED).order_by("pk")
    conventions = {opened.pk: opened for opened in open_ones}
    clauses = {
        clause.convention_id: clause
        for clause in Clause.objects.filter(name=REPORTING, convention__in=list(conventions))
    }
    reports = []
    for pk, convention in conventions.items():
        due = report_day([clauses[pk]] if pk in clauses else [], convention.year)
        day = day_to_tell(due.on, today) if due else None
        if due is not None and day is not None:
            reports.append(ReportDue(convention, due.on, day))
    return reports


def owed_to(dues: Sequence[ReportDue], today: dt.date) -> Mapping[User, list[ReportOwed]]:
    """What each person is told: cells and amounts of their structures. Nobody is there with nothing to do."""
    conventions = {due.convention.pk: due.convention for due in dues}
    after = list(Convention.objects.filter(previous__in=list(conventions)))
    holes = empty_cells([*conventions.values(), *after], today=today)
    following = list(Commitment.objects.filter(convention__in=[convention.pk for convention in after]))
    sent = sent_reports(conventions)
    people = ReportPeople(today, [*conventions.values(), *after])
    owed_by_user: dict[User, dict[int, ReportOwed]] = defaultdict(dict)
    for due in dues:
        mine = left_of(holes, due.convention, following, sent[due.convention.pk])
        pilots = people.pilots(due.convention)
        for hole in mine.items:
            for user in people.of(hole) or pilots:
                owed_by_user[user].setdefault(due.convention.pk, ReportOwed(due)).holes.append(hole)
        for user in pilots if mine.without_column else ():
            owed_by_user[user].setdefault(
                due.convention.pk, ReportOwed(due)
            ).without_column = mine.without_column
    return {user: list(owed.values()) for user, owed in owed_by_user.items()}


def sent_reports(conventions: Mapping[int, Convention]) -> Mapping[int, list[ExecutionReport]]:
    sent_reports: dict[int, list[ExecutionReport]] = defaultdict(list)
    reports = ExecutionReport.objects.filter(convention__in=list(conventions), state__in=sorted(SENT))
    for report in reports:
        sent_reports[report.convention_id].append(report)
    return sent_reports


def left_of(
    holes: Holes, convention: Convention, following: Iterable[Commitment], sent: Sequence[ExecutionReport]
) -> Holes:
    """What the report of a convention still asks: neither objectives nor what was sent already."""
    links = [commitment for commitment in following if commitment.previous_id]
    mine = of_convention(holes, convention, links)
    empty = [
        hole
        for hole in mine.items
        if hole.kind in (ACCOUNT, SPENT)
        and hole.year == convention.year
        and not any(of_party(hole.commitment, report) for report in sent)
    ]
    without = [
        commitment
        for commitment in mine.without_column
        if not any(of_party(commitment, report) for report in sent)
    ]
    return Holes(empty, without, mine.accounted)


class ReportPeople:
    """Everybody of the structures that have a seat, read once."""

    def __init__(self, today: dt.date, conventions: Sequence[Convention]) -> None:
        organisations = {
            seat.organisation_id for convention in conventions for seat in convention.seats.all()
        }
        active = Membership.objects.active(today).filter(
            user__is_active=True, organisation__in=sorted(organisations)
        )
        self.by_organisation: dict[int, list[Membership]] = defaultdict(list)
        for membership in active.with_access().select_related("user").order_by("pk"):
            self.by_organisation[membership.organisation_id].append(membership)
        self.known: dict[tuple[int, str], list[User]] = {}

    def holding(self, organisation: int, right: Right) -> list[User]:
        """The people of a structure who may use that right where it has a seat."""
        if (organisation, right) not in self.known:
            self.known[organisation, right] = list(
                dict.fromkeys(
                    membership.user
                    for membership in self.by_organisation[organisation]
                    if organisation in membership_territory(membership, right).organisations
                )
            )
        return self.known[organisation, right]

    def of(self, hole: Hole) -> list[User]:
        right = RIGHTS[hole.kind]
        users = [user for owner in hole.owners if owner.pk for user in self.holding(owner.pk, right)]
        return list(dict.fromkeys(users))

    def pilots(self, convention: Convention) -> list[User]:
        seats = [seat for seat in convention.seats.all() if seat.role == ConventionRole.PILOT]
        users = [
            user for seat in seats for user in self.holding(seat.organisation_id, Right.WRITE_CONVENTION)
        ]
        return list(dict.fromkeys(users))


# --- home --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HomeLine:
    """What the structures of a person have left to fill in on one convention."""

    convention: Convention
    count: int
    organisation: int


def cells_to_fill(user: Any) -> list[HomeLine]:
    """The conventions where the structures of a person own empty cells, newest first."""
    mine = {active_membership.organisation_id for active_membership in user.active_memberships}
    seated = Convention.objects.visible_to(user).filter(seats__organisation__in=sorted(mine)).distinct()
    conventions = list(seated.exclude(state=ConventionState.CLOSED).order_by("-year", "pk")[:SHOWN_ON_HOME])
    if not conventions:
        return []
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for hole in empty_cells(conventions, user=user).items:
        if hole.kind != SPENT:
            for owner in hole.owners:
                if owner.pk in mine:
                    counts[hole.commitment.convention_id, owner.pk] += 1
                    break
    by_pk = {convention.pk: convention for convention in conventions}
    lines = [HomeLine(by_pk[pk], count, owner) for (pk, owner), count in counts.items()]
    return sorted(lines, key=lambda line: (-(line.convention.year or 0), line.convention.pk, -line.count))
