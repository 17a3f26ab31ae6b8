"""Sites of two more départements, beside Nord and Seine-Saint-Denis: without neighbours in its région, the figures of a
département could be had by subtraction, and none would be open.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.hashers import make_password

from jalons.accounts.enums import OrganisationCategory, OrganisationKind, Role
from jalons.accounts.models import Membership, Organisation, User
from jalons.demonstration.chance import IN_USE, Calendar, Chance, data
from jalons.demonstration.people import DOMAIN, Cast, scope_of
from jalons.demonstration.plans import Plan, completed
from jalons.demonstration.writing import signed, write_records
from jalons.history.services import Actor

SURVEYS = 8  # a site: enough for each half-year
STRUCTURES = (
    ("ddets", "state", Role.CORRESPONDENT, OrganisationKind.STATE_SERVICE, OrganisationCategory.STATE),
    ("operator", "operator", Role.OPERATOR, OrganisationKind.ASSOCIATION, OrganisationCategory.OPERATOR),
    ("mairie", "town", Role.INSTITUTION, OrganisationKind.COMMUNE, OrganisationCategory.LOCAL),
)

# Whose word is written down by others.
QUOTED = {"gendarmerie": OrganisationKind.OTHER, "prefecture": OrganisationKind.PREFECTURE}


def communes_elsewhere() -> list[dict[str, Any]]:
    """As in `data/communes.json`."""
    return [
        {
            **commune,
            "departement": row["departement"],
            "weight": 1,
            "operator": f"operator_{row['departement']}",
        }
        for row in data("elsewhere")
        for commune in row["communes"]
    ]


def hire_elsewhere(cast: Cast, calendar: Calendar, chance: Chance) -> None:
    """The structures of these départements and who writes for each: nobody signs in with these accounts."""
    at = calendar.moment(chance, calendar.day(IN_USE + 30))
    founder = Actor(cast.actors["dihal"].user, None)
    memberships = []
    for row in data("elsewhere"):
        code = row["departement"]
        scopes = {"mairie": scope_of(row["town_code"])}
        for key, kind in QUOTED.items():
            quoted = organisation(row[key], kind, OrganisationCategory.STATE, code)
            cast.organisations[f"{key}_{code}"] = signed(quoted, founder, at)
        for (key, name, role, kind, category), person in zip(STRUCTURES, row["people"], strict=True):
            structure = organisation(row[name], kind, category, code)
            structure.territory = scopes.get(key, structure.territory)
            email = f"{key}-{code}@{DOMAIN}"
            user = User(email=email, name=person, joined_at=at, password=make_password(None))
            user.save()
            cast.organisations[f"{key}_{code}"] = signed(structure, founder, at)
            cast.actors[f"{key}_{code}"] = Actor(user, structure)
            membership = Membership(user=user, organisation=structure, role=role, starts_on=at.date())
            memberships.append((signed(membership, founder, at), structure.territory))
    keys = [key for key in cast.organisations if key.rpartition("_")[2] in codes()]
    write_records(Organisation, [cast.organisations[key] for key in keys])
    write_records(Membership, [membership for membership, _ in memberships])
    for membership, scope in memberships:
        membership.scopes.add(scope)


def codes() -> set[str]:
    return {row["departement"] for row in data("elsewhere")}


def organisation(name: str, kind: str, category: str, departement: str) -> Organisation:
    return Organisation(name=name, kind=kind, category=category, territory=scope_of(departement))


def plans_elsewhere(chance: Chance) -> Iterator[Plan]:
    """Sites that were there before Jalons; a few of them closed since."""
    communes = communes_elsewhere()
    for row in data("elsewhere"):
        near = [commune for commune in communes if commune["departement"] == row["departement"]]
        for number in range(row["sites"]):
            closings = row["closings"]
            reason, closed = closings[number] if number < len(closings) else ("", None)
            given = {"opened": chance.randint(IN_USE, 2200), "closed": closed, "reason": reason}
            plan = completed(chance, {**given, "commune": near[number % len(near)]})
            plan.surveys = SURVEYS
            yield plan
