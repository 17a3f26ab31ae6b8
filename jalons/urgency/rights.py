"""Who sets what presses: how much reasons weigh, when heat or cold put a département on alert."""

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import Rights

PRIORITIES = Rights(
    order=15,
    title="Sites",
    reaches={
        Right.SET_PRIORITIES: {
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.LOCAL_ADMIN: Reach.SCOPE,
            Role.NATIONAL_ADMIN: Reach.ALL,
        },
    },
)
