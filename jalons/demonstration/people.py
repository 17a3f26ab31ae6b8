"""The structures and the people of the invented world, and in whose name each one writes."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import make_password

from jalons.accounts.enums import OrganisationCategory, OrganisationKind, Right, Role
from jalons.accounts.models import Grant, Membership, Organisation, User
from jalons.demonstration.chance import IN_USE, Calendar, Chance, data
from jalons.demonstration.plans import SHARES
from jalons.demonstration.writing import signed, write_records
from jalons.history.services import Actor
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Scope
from jalons.territories.services import scope_for

DOMAIN = "demo.example"
PASSWORD = "demo-jalons-2026"  # noqa: S105  # shown by the command: these accounts exist nowhere else
FOUNDER = "admin@demo.example"


@dataclass(slots=True)
class Cast:
    """Who writes, found by what they are and where."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)  # by key of organisation

    def operator(self, commune: dict[str, Any]) -> Actor:
        return self.actors[commune["operator"]]

    def state(self, commune: dict[str, Any]) -> Actor:
        return self.actors[f"ddets_{commune['departement']}"]

    def town(self, commune: dict[str, Any]) -> Actor | None:
        """The town hall, where it has an account."""
        for key in ("mairie_roubaix", f"mairie_{commune['departement']}"):
            if self.organisations[key].territory.code == commune["code"]:
                return self.actors[key]
        return None

    def gendarmerie(self, commune: dict[str, Any]) -> Organisation:
        return self.organisations[f"gendarmerie_{commune['departement']}"]


def scope_of(code: str) -> Scope:
    level = {0: ScopeLevel.NATION, 2: ScopeLevel.DEPARTEMENT, 5: ScopeLevel.COMMUNE}[len(code)]
    return scope_for(level, code)


def make_cast(chance: Chance, calendar: Calendar) -> Cast:
    """Write the accounts and the structures."""
    since = calendar.day(IN_USE + 30)
    at = calendar.moment(chance, since)
    password = make_password(PASSWORD)  # one for all: hashing is slow on purpose
    users = {
        # An account that the command does not show only signs what it wrote.
        row["email"]: User(
            email=row["email"],
            name=row["name"],
            joined_at=at,
            password=password if row["account"] else make_password(None),
        )
        for row in data("people")
    }
    User.objects.bulk_create(users.values())
    founder = Actor(users[FOUNDER], None)
    scopes = {
        code: scope_of(code)
        for code in sorted({row["scope"] for row in data("organisations") + data("people")})
    }
    cast = Cast()
    for row in data("organisations"):
        described = {name: row[name] for name in ("name", "acronym", "kind", "category")}
        cast.organisations[row["key"]] = signed(
            Organisation(**described, territory=scopes[row["scope"]]), founder, at
        )
    write_records(Organisation, list(cast.organisations.values()))
    memberships, grants = [], []
    for row in data("people"):
        user, organisation = users[row["email"]], cast.organisations[row["organisation"]]
        for role in row["roles"]:
            membership = Membership(user=user, organisation=organisation, role=Role(role), starts_on=since)
            memberships.append((signed(membership, founder, at), scopes[row["scope"]]))
        for right in row["grants"]:
            grants.append(
                signed(Grant(membership=membership, right=Right(right), starts_on=since), founder, at)
            )
        cast.actors.setdefault(row["organisation"], Actor(user, organisation))
    write_records(Membership, [membership for membership, _ in memberships])
    link = Membership.scopes.through
    link._default_manager.bulk_create(
        link(membership=membership, scope=scope) for membership, scope in memberships
    )
    write_records(Grant, grants)
    return cast


def hire(cast: Cast, calendar: Calendar, chance: Chance, *, per_departement: int) -> None:
    """So many more operators in every département, under the keys « bulk_59_0 » and following."""
    since = calendar.day(IN_USE + 30)
    at, founder = calendar.moment(chance, since), Actor(cast.actors["dihal"].user, None)
    words = data("action_words")["operators"]
    made: list[tuple[str, Scope, User, Organisation]] = []
    for departement in SHARES:
        scope = scope_of(departement)
        for number in range(per_departement):
            name = f"{words[number % len(words)]} {departement}-{number + 1}"
            email = f"operateur-{departement}-{number + 1}@{DOMAIN}"
            user = User(email=email, name=f"Équipe {name}", joined_at=at, password=make_password(None))
            organisation = Organisation(
                name=name,
                kind=OrganisationKind.ASSOCIATION,
                category=OrganisationCategory.OPERATOR,
                territory=scope,
            )
            made.append((f"bulk_{departement}_{number}", scope, user, signed(organisation, founder, at)))
    User.objects.bulk_create(user for _, _, user, _ in made)
    write_records(Organisation, [organisation for _, _, _, organisation in made])
    memberships = [
        signed(
            Membership(user=user, organisation=organisation, role=Role.OPERATOR, starts_on=since), founder, at
        )
        for _, _, user, organisation in made
    ]
    write_records(Membership, memberships)
    link = Membership.scopes.through
    link._default_manager.bulk_create(
        link(membership=membership, scope=scope)
        for membership, (_, scope, _, _) in zip(memberships, made, strict=True)
    )
    for key, _, user, organisation in made:
        cast.organisations[key], cast.actors[key] = organisation, Actor(user, organisation)


def accounts_table() -> list[str]:
    """The accounts to try, one a line, aligned; empty when this base has none."""
    users = User.objects.filter(email__in=[row["email"] for row in data("people") if row["account"]])
    if not users.exists():
        return []
    rows = [("Adresse électronique", "Rôle", "Structure", "Territoire")]
    memberships = Membership.objects.active().filter(user__in=users).select_related("user", "organisation")
    by_email: dict[str, list[Membership]] = {}
    for membership in memberships.prefetch_related("scopes__departement", "scopes__commune").order_by("pk"):
        by_email.setdefault(membership.user.email, []).append(membership)
    for account in data("people"):
        held = by_email.get(account["email"], [])
        if held and account["account"]:
            roles = " + ".join(str(membership.get_role_display()) for membership in held)
            territory = ", ".join(
                dict.fromkeys(scope.label for membership in held for scope in membership.scopes.all())
            )
            rows.append((account["email"], roles, str(held[0].organisation), territory))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return [lines[0], "  ".join("─" * width for width in widths), *lines[1:]]
