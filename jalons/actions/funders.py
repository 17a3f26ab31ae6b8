"""Which types of funding an organisation can bring: what links « Type » to « Financeur »."""

from jalons.accounts.enums import OrganisationKind
from jalons.accounts.models import Organisation
from jalons.actions.enums import FundingType

STATE = frozenset({OrganisationKind.MINISTRY, OrganisationKind.PREFECTURE, OrganisationKind.STATE_SERVICE})
# Who may bring each type; an organisation of no known kind (foundation, CAF…) may bring any. European money goes
# through whoever manages it, and « Autre » says nothing.
FUNDERS = {
    FundingType.DEDICATED: STATE,
    FundingType.STATE: STATE | {OrganisationKind.HEALTH, OrganisationKind.SCHOOL},
    FundingType.DEPARTEMENT: frozenset({OrganisationKind.DEPARTEMENT}),
    FundingType.LOCAL: frozenset({OrganisationKind.COMMUNE, OrganisationKind.EPCI, OrganisationKind.REGION}),
    FundingType.PRIVATE: frozenset({OrganisationKind.ASSOCIATION, OrganisationKind.HEALTH}),
}


def contradicts(kind: FundingType | str, funder: Organisation) -> bool:
    """Whether this funder cannot bring this type of funding."""
    may = FUNDERS.get(FundingType(kind))
    known = OrganisationKind(funder.kind)
    return may is not None and known != OrganisationKind.OTHER and known not in may


def own_type(funder: Organisation) -> FundingType | None:
    """The type that goes without saying for a funder; None when several do (the State has two)."""
    fitting = [kind for kind, may in FUNDERS.items() if OrganisationKind(funder.kind) in may]
    return fitting[0] if len(fitting) == 1 else None
