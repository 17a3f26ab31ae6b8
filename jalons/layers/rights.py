"""Who reads and who keeps layers of the map. A layer shared with a territory is also read by who sees its sites."""

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import OwnThings, Rights, Saying
from jalons.layers.enums import LayerPart

LAYERS = Rights(
    order=17,
    title="Couches de carte",
    reaches={
        Right.READ_LAYERS: {
            Role.NATIONAL: Reach.OWN,
            Role.CORRESPONDENT: Reach.OWN,
            Role.INSTITUTION: Reach.OWN,
            Role.OPERATOR: Reach.OWN,
            Role.CONTRIBUTOR: Reach.OWN,
            Role.OBSERVER: Reach.OWN,
        },
        Right.KEEP_LAYERS: {
            Role.NATIONAL: Reach.OWN,
            Role.CORRESPONDENT: Reach.OWN,
            Role.INSTITUTION: Reach.OWN,
            Role.OPERATOR: Reach.OWN,
            Role.CONTRIBUTOR: Reach.OWN_GRANTED,
        },
    },
    parts={
        Right.READ_LAYERS: frozenset(LayerPart),
        Right.KEEP_LAYERS: frozenset(LayerPart),
    },
    own=OwnThings(
        roles=LayerPart,
        plural="couches",
        pronoun="celles",
        saying=Saying(
            "ses couches",
            "good",
            "celles que sa structure tient. Une couche partagée avec un territoire se lit aussi par qui voit les sites "
            "de ce territoire.",
        ),
        granted=Saying(
            "ses couches, si accordé",
            "due",
            "celles que sa structure tient, pour les seules personnes à qui le droit est donné nommément.",
        ),
        explained="layers/_rights.html",
    ),
)
