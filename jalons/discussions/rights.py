"""Who may do what with comments."""

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import Rights

COMMENTS = Rights(
    order=40,
    title="Partout",
    reaches={
        Right.COMMENT: {
            Role.NATIONAL: Reach.ALL,
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.SCOPE_OWN,
            Role.OPERATOR: Reach.SCOPE_OWN,
            Role.CONTRIBUTOR: Reach.SCOPE,
        },
    },
    everywhere=frozenset([Right.COMMENT]),
)
