"""The filtered list of conventions and the lines of one page of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from jalons.accounts.enums import OrganisationKind, Right
from jalons.accounts.permissions import Territory, membership_territory, territory_of
from jalons.conventions.dossier.readers import parties_seen
from jalons.conventions.figures.progress import (
    FilledCount,
    SheetAlertCounts,
    alerts_by,
    alerts_seen,
    filled_by,
)
from jalons.conventions.models import Commitment, Convention, Party
from jalons.conventions.models.printed import euros
from jalons.conventions.overview.calendar import (
    ConventionDeadline,
    deadlines,
    is_over,
    next_deadline,
    read_dated,
)
from jalons.conventions.querysets import ConventionQuerySet
from jalons.core.prepared import prepared
from jalons.core.values import Number, fold, format_number, french_spaces, join_and, plural
from jalons.discussions.models import Favourite
from jalons.history.querysets import NOW, AsOf, described

MAX_WORDS = 8
# What `?tri=` may ask, with « - » for descending.
ORDERS: Mapping[str, Callable[[Convention], Any]] = {
    "nom": lambda convention: fold(convention.short_title),
    "part-etat": lambda convention: euros(convention.amounts.get("part_etat")),
    "montant": lambda convention: euros(convention.amounts.get("global")),
}


@dataclass(frozen=True, slots=True)
class ConventionFilter:
    """What a person asks of the list. Empty fields ask nothing."""

    q: str = ""
    year: int | None = None
    departement: str = ""
    state: str = ""
    favourites: bool = False

    @property
    def is_bare(self) -> bool:
        return self == ConventionFilter()


@dataclass(frozen=True, slots=True)
class ConventionRow:
    """A line of the list. `state_share` and `whole` are None when the text does not say them."""

    convention: Convention
    departements: str
    state_share: Number | None
    whole: Number | None
    alerts: SheetAlertCounts
    filled: FilledCount
    deadline: ConventionDeadline | None

    @property
    def drift_words(self) -> str:
        """« modifiée depuis la version 1 : 3 changements sans avenant »; nothing when nothing drifts."""
        count = self.convention.unamended
        if not count:
            return ""
        words = f"{format_number(count)} {plural(count, 'changement', 'changements')} sans avenant"
        return french_spaces(f"modifiée depuis la version {self.convention.unamended_since} : {words}")


def filtered_conventions(user: Any, criteria: ConventionFilter) -> ConventionQuerySet:
    """What `user` may see and asks for, newest year first."""
    conventions: ConventionQuerySet = Convention.objects.visible_to(user)
    if criteria.year:
        conventions = conventions.filter(year=criteria.year)
    if criteria.state:
        conventions = conventions.filter(state=criteria.state)
    if criteria.favourites:
        conventions = conventions.filter(pk__in=Favourite.objects.keys_of(user, "convention"))
    if criteria.departement:
        signed = Party.objects.filter(departement=criteria.departement).values("convention")
        conventions = conventions.filter(Q(departement=criteria.departement) | Q(pk__in=signed))
    if words := fold(criteria.q.replace("\x00", " "))[:200].split()[:MAX_WORDS]:
        conventions = conventions.filter(pk__in=named(conventions, words))
    return conventions.order_by("-year", "short_title", "pk")


def ordered_conventions(conventions: Iterable[Convention], order: str) -> list[Convention]:
    """In an order of `ORDERS`, what is unknown last either way; equal ones stay as they came. They are few."""
    key = ORDERS[order.removeprefix("-")]
    known: list[Convention] = []
    unknown: list[Convention] = []
    for convention in conventions:
        (unknown if key(convention) is None else known).append(convention)
    return [*sorted(known, key=key, reverse=order.startswith("-")), *unknown]


def named(conventions: ConventionQuerySet, words: Sequence[str]) -> list[int]:
    """Those of which the titles, the year or the parties hold every word. Titles are few and not kept folded."""
    texts: dict[int, str] = {}
    columns = ("pk", "short_title", "title", "year", "departement__name")
    for pk, *parts in conventions.order_by().values_list(*columns):
        texts[pk] = " ".join(str(part) for part in parts if part)
    for pk, name in Party.objects.filter(convention__in=conventions.order_by().values("pk")).values_list(
        "convention", "name"
    ):
        texts[pk] = f"{texts.get(pk, '')} {name}"
    return [pk for pk, text in texts.items() if all(word in fold(text) for word in words)]


def sees_conventions(user: Any) -> bool:
    """Is there a convention to read, or may this person open one? One query at most, once a request."""
    known: dict[str, bool] = user.__dict__
    if "_sees_conventions" not in known:
        seen = territory_of(user, Right.READ_CONVENTIONS)
        known["_sees_conventions"] = bool(seen) and (seen.everywhere or leads_one(user) or is_one_in(seen))
    return known["_sees_conventions"]


def is_one_in(territory: Territory) -> bool:
    """Is there a convention there? The menu of every page asks: the SQL is kept, but for several départements."""
    codes, organisations = [*territory.departements], [*territory.organisations]
    if len(codes) > 1:
        return Convention.objects.in_territory(territory).exists()

    def build(*keys: Any) -> ConventionQuerySet:
        where = replace(
            territory,
            departements=frozenset(keys[: len(codes)]),
            organisations=frozenset(*keys[len(codes) :]),
        )
        conventions: ConventionQuerySet = Convention.objects.in_territory(where).order_by().only("pk")[:1]
        return conventions

    lists = [organisations] if organisations else []
    what = ("is_one_in", len(codes), len(lists), territory.parts)
    return bool(prepared.read(what, build, *codes, *lists))


def leads_one(user: Any) -> bool:
    """A Département opens its own conventions."""
    return any(
        membership.organisation.kind == OrganisationKind.DEPARTEMENT
        and membership_territory(membership, Right.WRITE_CONVENTION)
        for membership in user.active_memberships
    )


def years_seen(user: Any) -> list[int]:
    years: Any = Convention.objects.visible_to(user).exclude(year=None).order_by("-year")
    return list(years.values_list("year", flat=True).distinct())


def departements_seen(user: Any) -> list[tuple[str, str]]:
    """(code, « 59 · Nord ») of the Départements that sign the conventions in sight."""
    seen = Convention.objects.visible_to(user).order_by()
    departements = set(
        seen.exclude(departement=None).values_list("departement_id", "departement__name").distinct()
    )
    parties = Party.objects.filter(convention__in=seen.values("pk")).exclude(departement=None)
    departements |= set(parties.order_by().values_list("departement_id", "departement__name").distinct())
    return [(code, f"{code} · {name}") for code, name in sorted(departements)]


def conventions_then(user: Any, criteria: ConventionFilter, at: AsOf) -> list[Convention]:
    """The same list as it was known on a past day: what is asked for is looked for in the words of then."""
    readable = Convention.objects.visible_to(user)
    if criteria.favourites:
        readable = readable.filter(pk__in=Favourite.objects.keys_of(user, "convention"))
    seats = readable.prefetch_related("seats")
    visible = {convention.pk: convention for convention in seats}
    conventions = described(Convention, at, "departement", id__in=list(visible))
    parties: dict[int, list[Party]] = defaultdict(list)
    for party in described(Party, at, convention__in=[convention.pk for convention in conventions]):
        parties[party.convention_id].append(party)
    for convention in conventions:
        prefetched = visible[convention.pk]._prefetched_objects_cache
        convention._prefetched_objects_cache = {"seats": prefetched["seats"]}
    return [convention for convention in conventions if answers(convention, parties[convention.pk], criteria)]


def answers(convention: Convention, parties: Sequence[Party], criteria: ConventionFilter) -> bool:
    codes = {convention.departement_id, *(party.departement_id for party in parties)}
    where = convention.departement.name if convention.departement else ""
    parts = (
        convention.short_title,
        convention.title,
        convention.year,
        where,
        *(party.name for party in parties),
    )
    text = fold(" ".join(str(part) for part in parts if part))
    words = fold(criteria.q.replace("\x00", " "))[:200].split()[:MAX_WORDS]
    return (
        criteria.year in (None, convention.year)
        and criteria.state in ("", convention.state)
        and (not criteria.departement or criteria.departement in codes)
        and all(word in text for word in words)
    )


def convention_rows(
    user: Any, page: Sequence[Convention], today: dt.date, at: AsOf = NOW
) -> list[ConventionRow]:
    """The lines of one page, in a constant number of queries."""
    pks = [convention.pk for convention in page]
    if not pks:
        return []
    sheets = Commitment.objects.visible_to(user).filter(convention__in=pks)
    filled = filled_by(sheets, "convention")
    alerts = alerts_by(alerts_seen(user).filter(convention__in=pks), "convention")
    dated = read_dated(page, at=at)
    rows = []
    for convention in page:
        own = dated[convention.pk]
        mine = parties_seen(user, convention, own.parties)
        if mine is not None:
            own.payments = [payment for payment in own.payments if payment.party_id in (None, *mine)]
            own.reports = [report for report in own.reports if report.party_id in (None, *mine)]
            own.deliberations = [
                deliberation for deliberation in own.deliberations if deliberation.party_id in (None, *mine)
            ]
        rows.append(
            ConventionRow(
                convention,
                departements_of(convention, own.parties),
                euros(convention.amounts.get("part_etat")),
                euros(convention.amounts.get("global")),
                replace(alerts.get(convention.pk, SheetAlertCounts()), over=is_over(convention, today)),
                filled.get(convention.pk, FilledCount()),
                next_deadline(deadlines(convention, own, today)),
            )
        )
    return rows


def departements_of(convention: Convention, parties: Sequence[Party]) -> str:
    names = dict.fromkeys(party.departement.name for party in parties if party.departement)
    if not names and convention.departement:
        return convention.departement.name
    return join_and(list(names))


def home_conventions(user: Any, today: dt.date, most: int = 3) -> list[ConventionRow]:
    """The last conventions in sight, for the front page: those of this year and of the one before."""
    conventions = Convention.objects.visible_to(user).filter(year__gte=today.year - 1).exclude(state="closed")
    page = (
        conventions.select_related("departement")
        .prefetch_related("seats")
        .order_by("-year", "short_title", "pk")
    )
    return convention_rows(user, list(page[:most]), today)
