"""Reading rights in words: the public table, who may read something, what one person may do."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.models import Membership, User
from jalons.accounts.permissions import (
    MATRIX,
    UPON_GRANT,
    Territory,
    membership_territory,
    reach_of,
    territory_of,
)
from jalons.core.values import format_date, join_and
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Commune, Departement, Scope

# What a cell of the table says, and the sign beside the words.
CELLS: dict[Reach, tuple[str, str]] = {
    Reach.ALL: ("partout", "good"),
    Reach.DEPARTEMENT: ("son département", "good"),
    Reach.DEPARTEMENT_OWN: ("son département et ses dispositifs", "good"),
    Reach.SCOPE: ("son territoire", "good"),
    Reach.SCOPE_OWN: ("son territoire et ses dispositifs", "good"),
    Reach.OWN: ("ses dispositifs", "good"),
    Reach.GRANTED: ("si accordé", "due"),
    Reach.OWN_GRANTED: ("ses dispositifs, si accordé", "due"),
    Reach.NONE: ("non", ""),
}
LEGEND: dict[Reach, str] = {
    Reach.ALL: "dans toute la France, quel que soit le territoire de la personne.",
    Reach.DEPARTEMENT: "dans son territoire, et dans le reste des départements où il se trouve.",
    Reach.DEPARTEMENT_OWN: "de même, et où qu’ils soient sur les dispositifs où sa structure intervient.",
    Reach.SCOPE: "dans son territoire seulement.",
    Reach.SCOPE_OWN: "dans son territoire, et où qu’ils soient sur les dispositifs où sa structure intervient.",
    Reach.OWN: "sur les dispositifs où sa structure intervient, à l’un des titres que la ligne dit.",
    Reach.GRANTED: "dans son territoire, pour les seules personnes à qui le droit est donné nommément.",
    Reach.OWN_GRANTED: "sur ces dispositifs, pour les seules personnes à qui le droit est donné nommément.",
    Reach.NONE: "ni par ce rôle, ni ailleurs, sauf droit donné nommément.",
}
# Read with their own right: kept apart, so that without it the line is not even read in the database.
SENSITIVE = (Right.READ_JUSTICE, Right.READ_OWNER, Right.READ_FUNDING)


@dataclass(frozen=True, slots=True)
class Cell:
    role: Role
    words: str
    sign: str


@dataclass(frozen=True, slots=True)
class Line:
    right: Right
    cells: list[Cell]


def rights_table() -> list[Line]:
    """One line a right, one cell a role, in the order of the enumerations. From `MATRIX` and nothing else."""
    return [Line(right, [cell(right, role) for role in Role]) for right in Right]


def cell(right: Right, role: Role) -> Cell:
    words, sign = CELLS[MATRIX[right].get(role, Reach.NONE)]
    return Cell(role, words, sign)


def rights_legend() -> list[tuple[Cell, str]]:
    """Each thing that a cell may say, and what it means."""
    return [(Cell(Role.NATIONAL, *CELLS[reach]), LEGEND[reach]) for reach in CELLS]


def who_can(right: Right) -> str:
    """The roles that hold a right, in words, for « Qui peut lire ceci » : never narrower than the truth."""
    by_reach: dict[Reach, list[str]] = {}
    for role, reach in MATRIX[right].items():
        by_reach.setdefault(reach, []).append(role.label.lower())
    parts = [
        f"{join_and(by_reach[reach])} ({words})"
        for reach, (words, _) in CELLS.items()
        if reach in by_reach and reach not in UPON_GRANT
    ]
    return join_and([*parts, "les personnes à qui ce droit est donné nommément"])


def readers_in_words(right: Right, where: Any) -> str:
    """Who holds `right` on a thing or in a commune, by organisation: told before something sensitive is written."""
    reaches = MATRIX[right]
    roles = [role for role, reach in reaches.items() if reach not in UPON_GRANT | {Reach.NONE}]
    may = Q(role__in=roles) | Q(grants__right=right)
    holders = Membership.objects.active().filter(may, user__is_active=True).distinct().with_access()
    names = {
        str(membership.organisation)
        for membership in holders
        if membership_territory(membership, right).holds(where)
    }
    return join_and(sorted(names)) or "personne d’autre que vous"


@dataclass(frozen=True, slots=True)
class MyRight:
    right: Right
    where: str  # empty: nowhere


def my_rights(user: User) -> list[MyRight]:
    """What a person may do and where, in words, one line a right. A constant number of queries."""
    held = [(right, territory_of(user, right)) for right in Right]
    names = territory_names(territory for _, territory in held)
    return [MyRight(right, in_words(territory, names)) for right, territory in held]


@dataclass(frozen=True, slots=True)
class Names:
    """Names by code. An EPCI or a commune comes with the départements that it stands in."""

    departements: dict[str, str]
    parts: dict[str, tuple[str, frozenset[str]]]


def territory_names(territories: Iterable[Territory]) -> Names:
    """The names of all the codes of some territories: three queries at most."""
    found = list(territories)
    departements = {code for territory in found for code in territory.departements}
    epcis = {code for territory in found for code in territory.epcis}
    communes = {code for territory in found for code in territory.communes}
    named = Departement.objects.filter(pk__in=departements).values_list("pk", "name")
    parts = {
        code: (name, frozenset([departement]))
        for code, name, departement in Commune.objects.filter(pk__in=communes).values_list(
            "pk", "name", "departement_id"
        )
    }
    members = Commune.objects.filter(epci_id__in=epcis).values_list("epci_id", "epci__name", "departement_id")
    for code, name, departement in members.order_by("epci_id").distinct():
        _, held = parts.get(code, (name, frozenset()))
        parts[code] = (name, held | {departement})
    return Names(dict(named), parts)


def in_words(territory: Territory, names: Names) -> str:
    """« partout en France », « Nord et Arras »; empty for nowhere. A part of a named département is not named."""
    if territory.everywhere:
        return str(Reach.ALL.label)
    whole = [names.departements[code] for code in sorted(territory.departements)]
    held = [names.parts[code] for code in sorted(territory.epcis) + sorted(territory.communes)]
    return join_and([*whole, *(name for name, where in held if not where <= territory.departements)])


@dataclass(frozen=True, slots=True)
class MyMembership:
    """`state` is « good » in force, « due » still to come, empty when it is over."""

    membership: Membership
    state: str
    words: str
    territories: list[str]
    personal: list[str]


def my_memberships(user: User) -> list[MyMembership]:
    """Every membership of a person, those in force first, newest first. Three queries."""
    today = timezone.localdate()
    rows = [described(row, today) for row in user.memberships.with_access().order_by("-starts_on", "pk")]
    return sorted(rows, key=lambda row: row.state != "good")


def described(membership: Membership, today: dt.date) -> MyMembership:
    start, end = membership.starts_on, membership.ends_on
    if start > today:
        state, words = "due", f"à partir du {format_date(start)}"
    elif end and end < today:
        state, words = "", f"du {format_date(start)} au {format_date(end)}, terminé"
    else:
        state, words = (
            "good",
            f"depuis le {format_date(start)}" + (f", jusqu’au {format_date(end)}" if end else ""),
        )
    scopes = [scope_words(scope) for scope in membership.scopes.all()]
    return MyMembership(membership, state, words, scopes, list(personal_rights(membership)))


def scope_words(scope: Scope) -> str:
    return "France entière" if scope.level == ScopeLevel.NATION else scope.label


def personal_rights(membership: Membership) -> Iterator[str]:
    """The grants of today, in words. A refusal wins over a grant of the same right."""
    for grant in membership.grants.all():
        until = f", jusqu’au {format_date(grant.ends_on)}" if grant.ends_on else ""
        if not grant.allowed:
            yield f"{grant.get_right_display()}\u00a0: retiré{until}"
        elif reach_of(membership, Right(grant.right)) != Reach.NONE:
            yield f"{grant.get_right_display()}\u00a0: accordé{until}"
