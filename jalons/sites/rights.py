"""Who may do what with sites."""

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import Rights

SITES = Rights(
    order=10,
    title="Sites",
    reaches={
        Right.READ_SITES: {
            Role.NATIONAL: Reach.ALL,
            Role.CORRESPONDENT: Reach.ALL,
            Role.INSTITUTION: Reach.DEPARTEMENT,
            Role.OPERATOR: Reach.DEPARTEMENT,
            Role.CONTRIBUTOR: Reach.SCOPE,
            Role.OBSERVER: Reach.SCOPE,
        },
        Right.DECLARE_SITE: {
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.SCOPE,
            Role.OPERATOR: Reach.GRANTED,
        },
        Right.UPDATE_SITE: {
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.SCOPE,
            Role.OPERATOR: Reach.SCOPE,
        },
        Right.CLOSE_SITE: {
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.GRANTED,
            Role.OPERATOR: Reach.GRANTED,
        },
        Right.MERGE_SITES: {Role.CORRESPONDENT: Reach.SCOPE},
        Right.READ_JUSTICE: {
            Role.NATIONAL: Reach.ALL,
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.GRANTED,
            Role.OPERATOR: Reach.GRANTED,
            Role.CONTRIBUTOR: Reach.GRANTED,
        },
        Right.WRITE_JUSTICE: {
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.GRANTED,
            Role.OPERATOR: Reach.GRANTED,
            Role.CONTRIBUTOR: Reach.GRANTED,
        },
        Right.READ_OWNER: {
            Role.NATIONAL: Reach.ALL,
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.GRANTED,
            Role.OPERATOR: Reach.GRANTED,
            Role.CONTRIBUTOR: Reach.GRANTED,
        },
        Right.WRITE_OWNER: {
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.GRANTED,
            Role.OPERATOR: Reach.GRANTED,
            Role.CONTRIBUTOR: Reach.GRANTED,
        },
    },
)
