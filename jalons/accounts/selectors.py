"""Reading rights in words: the public table, who may read something, what one person may do."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.models import Membership, User
from jalons.accounts.permissions import (
    MATRIX,
    PARTS,
    UPON_GRANT,
    WITH_OWN,
    Territory,
    membership_territory,
    reach_of,
    territory_of,
)
from jalons.accounts.rights import GROUPS, Saying, own_of, own_things
from jalons.core.clock import paris_day
from jalons.core.values import format_date, join_and, join_or
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Commune, Departement, Scope

EVERYWHERE = Saying("partout", "good", "dans toute la France, quel que soit le territoire de la personne.")
DEPARTEMENT = Saying(
    "son département", "good", "dans son territoire, et dans le reste des départements où il se trouve."
)
SCOPE = Saying("son territoire", "good", "dans son territoire seulement.")
GRANTED = Saying(
    "si accordé",
    "due",
    "dans son territoire, pour les seules personnes à qui le droit est donné nommément.",
)
NO = Saying("non", "", "ni par ce rôle, ni ailleurs, sauf droit donné nommément.")

# What stands for the things where an organisation takes part, whatever they are: `says` puts their own words.
OWN, OWN_GRANTED = Saying("own", "", ""), Saying("own_granted", "", "")
CELLS: dict[Reach, tuple[Saying, ...]] = {
    Reach.ALL: (EVERYWHERE,),
    Reach.DEPARTEMENT: (DEPARTEMENT,),
    Reach.DEPARTEMENT_OWN: (DEPARTEMENT, OWN),
    Reach.SCOPE: (SCOPE,),
    Reach.SCOPE_OWN: (SCOPE, OWN),
    Reach.OWN: (OWN,),
    Reach.GRANTED: (GRANTED,),
    Reach.OWN_GRANTED: (OWN_GRANTED,),
    Reach.NONE: (NO,),
}
# Read with their own right: kept apart, so that without it the line is not even read in the database.
SENSITIVE = (Right.READ_JUSTICE, Right.READ_OWNER, Right.READ_FUNDING)


@dataclass(frozen=True, slots=True)
class RightsCell:
    role: Role
    says: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class RightsLine:
    right: Right
    cells: list[RightsCell]
    own: str  # what « own » means for this right; empty when no cell says so
    whose: str


@dataclass(frozen=True, slots=True)
class RightsGroup:
    title: str
    lines: list[RightsLine]


def rights_table() -> list[RightsGroup]:
    """One line a right, one cell a role. What the cells say is from `MATRIX` and `PARTS` and nothing else."""
    return [RightsGroup(title, [line(right) for right in rights]) for title, rights in GROUPS.items()]


def line(right: Right) -> RightsLine:
    reaches = MATRIX[right].values()
    own = any(reach in WITH_OWN or reach == Reach.OWN_GRANTED for reach in reaches)
    things = own_of(right)
    return RightsLine(
        right,
        [cell(right, role) for role in Role],
        f"{things.pronoun} {own_in_words(right)}" if own else "",
        f"Ses {things.plural}",
    )


def own_in_words(right: Right, whose: str = "sa structure") -> str:
    """« dont sa structure est pilote ou opérateur », « où sa structure intervient »: after « les dispositifs »."""
    roles = own_of(right).roles
    parts = [part.label[0].lower() + part.label[1:] for part in roles if part in PARTS[right]]
    every = len(parts) == len(roles) > 1
    return f"où {whose} intervient" if every else f"dont {whose} est {join_or(parts)}"


def says(reach: Reach, right: Right) -> tuple[Saying, ...]:
    """What a cell says, in the words of what « own » means for this right."""
    things = own_of(right)
    words = {OWN: things.saying, OWN_GRANTED: things.granted or things.saying}
    return tuple(words.get(saying, saying) for saying in CELLS[reach])


def cell(right: Right, role: Role) -> RightsCell:
    return RightsCell(role, says(MATRIX[right].get(role, Reach.NONE), right))


def rights_legend() -> list[Saying]:
    """Each thing that a cell may say."""
    things = own_things()
    words = {
        OWN: [own.saying for own in things],
        OWN_GRANTED: [own.granted for own in things if own.granted],
    }
    cell_sayings = (words.get(saying, [saying]) for cell in CELLS.values() for saying in cell)
    return list(dict.fromkeys(saying for sayings in cell_sayings for saying in sayings))


def who_can(right: Right) -> str:
    """The roles that hold a right, in words, for « Qui peut lire ceci » : never narrower than the truth."""
    by_reach: dict[Reach, list[str]] = {}
    for role, reach in MATRIX[right].items():
        by_reach.setdefault(reach, []).append(role.label[0].lower() + role.label[1:])
    parts = [
        f"{join_and(by_reach[reach])} ({reach_in_words(reach, right)})"
        for reach in CELLS
        if reach in by_reach and reach not in UPON_GRANT
    ]
    return join_and([*parts, "les personnes à qui ce droit est donné nommément"])


def reach_in_words(reach: Reach, right: Right) -> str:
    """« son territoire », « ses dispositifs, dont sa structure est pilote »."""
    words = join_and([saying.words for saying in says(reach, right)])
    return f"{words}, {own_in_words(right)}" if reach in WITH_OWN else words


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
    return [MyRight(right, in_words(territory, names, right)) for right, territory in held]


@dataclass(frozen=True, slots=True)
class Names:
    """Names by code. An EPCI or a commune comes with the départements that it stands in."""

    departements: dict[str, str]
    parts: dict[str, tuple[str, frozenset[str]]]


def territory_names(territories: Iterable[Territory]) -> Names:
    """The names of all the codes of some territories: three queries at most."""
    known = list(territories)
    departements = {code for territory in known for code in territory.departements}
    epcis = {code for territory in known for code in territory.epcis}
    communes = {code for territory in known for code in territory.communes}
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


def in_words(territory: Territory, names: Names, right: Right) -> str:
    """« partout en France », « Nord, Arras et les dispositifs où votre structure intervient »; empty for nowhere.

    To the person who holds the right. A part of a named département is not named.
    """
    if territory.everywhere:
        return str(Reach.ALL.label)
    whole = [names.departements[code] for code in sorted(territory.departements)]
    held = [names.parts[code] for code in sorted(territory.epcis) + sorted(territory.communes)]
    places = [*whole, *(name for name, where in held if not where <= territory.departements)]
    if territory.organisations:
        whose = "votre structure" if len(territory.organisations) == 1 else "l’une de vos structures"
        places.append(f"les {own_of(right).plural} {own_in_words(right, whose)}")
    return join_and(places)


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
    today = paris_day()
    rows = [described(row, today) for row in user.memberships.with_access().order_by("-starts_on", "pk")]
    return sorted(rows, key=lambda row: row.state != "good")


def described(membership: Membership, today: dt.date) -> MyMembership:
    start, end = membership.starts_on, membership.ends_on
    if start > today:
        state, words = "due", f"à partir du {format_date(start)}"
    elif membership.ended_at or (end and end < today):
        end = end or today
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


def organisations_within(territory: Territory, path: str) -> Q:
    """What belongs to the organisations of a territory, for whoever administers it; `path` leads to their scope."""
    if territory.everywhere:
        return Q(pk__isnull=False)
    if not territory:
        return Q(pk__in=[])
    communes = Commune.objects.filter(
        Q(departement__in=territory.departements) | Q(epci__in=territory.epcis) | Q(pk__in=territory.communes)
    ).order_by()
    scopes = Scope.objects.filter(
        Q(departement__in=territory.departements)
        | Q(epci__in=territory.epcis)
        | Q(epci__in=communes.filter(departement__in=territory.departements).values("epci"))
        | Q(commune__in=communes.values("pk"))
    )
    return Q(**{f"{path}__in": scopes.values("pk")})
