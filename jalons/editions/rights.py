"""Who closes a half-year, with the edition that stays its account, and asks for what is missing of it."""

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import Rights

EDITIONS = Rights(
    order=44,
    title="Rapports",
    reaches={
        Right.CLOSE_PERIODS: {Role.NATIONAL: Reach.ALL, Role.CORRESPONDENT: Reach.SCOPE},
    },
)
