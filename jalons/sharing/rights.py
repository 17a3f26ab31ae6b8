"""Who reads what is shared with the whole country, who writes good practices, who publishes them.

Offering a dispositif is a right on dispositifs: see `actions.rights`.
"""

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import OwnThings, Rights, Saying
from jalons.sharing.enums import PracticePart

WRITERS = (Role.CORRESPONDENT, Role.INSTITUTION, Role.OPERATOR)

SHARING = Rights(
    order=28,
    title="Annuaire des dispositifs et bonnes pratiques",
    reaches={
        Right.READ_SHARED: dict.fromkeys(Role, Reach.ALL),
        Right.WRITE_PRACTICE: {Role.NATIONAL: Reach.ALL, **dict.fromkeys(WRITERS, Reach.OWN)},
        Right.PUBLISH_PRACTICE: {Role.NATIONAL: Reach.ALL},
        Right.COMMENT_PRACTICE: dict.fromkeys([Role.NATIONAL, *WRITERS, Role.CONTRIBUTOR], Reach.ALL),
    },
    parts={Right.WRITE_PRACTICE: frozenset([PracticePart.OWNER])},
    own=OwnThings(
        roles=PracticePart,
        plural="bonnes pratiques",
        pronoun="celles",
        saying=Saying("ses pages", "good", "sur les pages dont sa structure est responsable."),
        explained="sharing/_rights.html",
    ),
)
