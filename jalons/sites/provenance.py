"""Which kind of source an organisation can be: what links « Qui a observé ? » to « Structure qui a observé »."""

from jalons.accounts.enums import OrganisationKind
from jalons.accounts.models import Organisation
from jalons.core.values import fold
from jalons.sites.enums import SourceKind

# What an organisation is when it says what it saw itself.
OWN_KIND = {
    OrganisationKind.ASSOCIATION: SourceKind.OPERATOR,
    OrganisationKind.COMMUNE: SourceKind.MUNICIPALITY,
    OrganisationKind.EPCI: SourceKind.MUNICIPALITY,
    OrganisationKind.MINISTRY: SourceKind.STATE,
    OrganisationKind.PREFECTURE: SourceKind.STATE,
    OrganisationKind.STATE_SERVICE: SourceKind.STATE,
    OrganisationKind.HEALTH: SourceKind.OTHER,
    OrganisationKind.SCHOOL: SourceKind.OTHER,
}
# Anybody may estimate, or be another kind of source than those listed.
ANYBODY = frozenset({SourceKind.ESTIMATE, SourceKind.OTHER})
# A CCAS, an intercommunalité or a Département may itself run a dispositif.
MAY_OPERATE = frozenset(
    {
        OrganisationKind.ASSOCIATION,
        OrganisationKind.COMMUNE,
        OrganisationKind.EPCI,
        OrganisationKind.DEPARTEMENT,
        OrganisationKind.REGION,
        OrganisationKind.HEALTH,
    }
)
# Their organisations have no kind of their own: they are quoted, and have no account.
POLICE_NAMES = ("police", "gendarmerie")


def is_police(organisation: Organisation) -> bool:
    return any(name in fold(organisation.name) for name in POLICE_NAMES)


def source_kind_of(organisation: Organisation) -> SourceKind:
    """Which kind of source an organisation is when it says what it saw."""
    if is_police(organisation):
        return SourceKind.POLICE
    return OWN_KIND.get(OrganisationKind(organisation.kind), SourceKind.OTHER)


def kinds_of(organisation: Organisation) -> frozenset[SourceKind]:
    """Every kind of source that an organisation can be; one of no known kind can be any (police, owner…)."""
    kind = OrganisationKind(organisation.kind)
    if is_police(organisation):
        return ANYBODY | {SourceKind.POLICE}
    if kind == OrganisationKind.OTHER:
        return frozenset(SourceKind)
    own = OWN_KIND.get(kind)
    operates = {SourceKind.OPERATOR} if kind in MAY_OPERATE else set()
    return ANYBODY | operates | ({own} if own else set())


def contradicts(kind: SourceKind | str, organisation: Organisation) -> bool:
    """Whether a count cannot be both of this kind and from this organisation."""
    return SourceKind(kind) not in kinds_of(organisation)
