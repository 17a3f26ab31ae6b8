"""Who may do what with attached documents."""

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import Rights

DOCUMENTS = Rights(
    order=41,
    title="Partout",
    reaches={
        Right.ATTACH: {
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.SCOPE_OWN,
            Role.OPERATOR: Reach.SCOPE_OWN,
        },
    },
    everywhere=frozenset([Right.ATTACH]),
)
