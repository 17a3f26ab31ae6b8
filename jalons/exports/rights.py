"""Who may do what with what comes out of Jalons."""

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import Rights

EXPORTS = Rights(
    order=42,
    title="Partout",
    reaches={
        Right.EXPORT: {
            Role.NATIONAL: Reach.ALL,
            Role.CORRESPONDENT: Reach.ALL,
            Role.INSTITUTION: Reach.DEPARTEMENT_OWN,
            Role.OPERATOR: Reach.DEPARTEMENT_OWN,
            Role.CONTRIBUTOR: Reach.SCOPE_OWN,
        },
    },
    everywhere=frozenset([Right.EXPORT]),
)
