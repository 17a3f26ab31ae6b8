"""What is proposed to whoever approves: a role and a category, from the kind of the organisation. Pure."""

from jalons.accounts.enums import OrganisationCategory, OrganisationKind, Role
from jalons.territories.enums import ScopeLevel

Kind = OrganisationKind
Category = OrganisationCategory

CATEGORIES: dict[str, Category] = {
    Kind.MINISTRY: Category.STATE,
    Kind.PREFECTURE: Category.STATE,
    Kind.STATE_SERVICE: Category.STATE,
    Kind.COMMUNE: Category.LOCAL,
    Kind.EPCI: Category.LOCAL,
    Kind.DEPARTEMENT: Category.LOCAL,
    Kind.REGION: Category.LOCAL,
    Kind.ASSOCIATION: Category.OPERATOR,
    Kind.HEALTH: Category.PARTNER,
    Kind.SCHOOL: Category.PARTNER,
    Kind.OTHER: Category.PARTNER,
}
ROLES: dict[str, Role] = {
    Kind.MINISTRY: Role.OBSERVER,  # the national role is given knowingly, never proposed
    Kind.PREFECTURE: Role.CORRESPONDENT,
    Kind.STATE_SERVICE: Role.CORRESPONDENT,
    Kind.COMMUNE: Role.INSTITUTION,
    Kind.EPCI: Role.INSTITUTION,
    Kind.DEPARTEMENT: Role.INSTITUTION,
    Kind.REGION: Role.INSTITUTION,
    Kind.ASSOCIATION: Role.OPERATOR,
    Kind.HEALTH: Role.CONTRIBUTOR,
    Kind.SCHOOL: Role.CONTRIBUTOR,
    Kind.OTHER: Role.OBSERVER,
}
WIDE = (ScopeLevel.REGION, ScopeLevel.DEPARTEMENT)


def proposed_category(kind: str) -> Category:
    return CATEGORIES.get(kind, Category.PARTNER)


def proposed_role(kind: str, level: str) -> Role:
    """`level`: of the territory. A State service of a commune alone is not the correspondent of a département."""
    role = ROLES.get(kind, Role.OBSERVER)
    return Role.INSTITUTION if role == Role.CORRESPONDENT and level not in WIDE else role
