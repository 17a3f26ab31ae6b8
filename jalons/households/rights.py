"""Who keeps the families of an organisation: operators, for their own, and nobody else."""

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import OwnThings, Rights, Saying
from jalons.households.enums import RegisterPart

REGISTER = Rights(
    order=22,
    title="Registre des familles",
    reaches={Right.KEEP_REGISTER: {Role.OPERATOR: Reach.OWN, Role.CONTRIBUTOR: Reach.OWN_GRANTED}},
    parts={Right.KEEP_REGISTER: frozenset(RegisterPart)},
    own=OwnThings(
        roles=RegisterPart,
        plural="registres",
        pronoun="ceux",
        saying=Saying(
            "ses registres",
            "good",
            "les familles que sa structure accompagne, pour les seules personnes à qui un membre du registre a donné "
            "la clé. Ni l’État, ni les administrateurs, ni l’hébergeur ne peuvent le lire.",
        ),
        granted=Saying(
            "ses registres, si accordé",
            "due",
            "le même, pour les seules personnes à qui le droit est donné nommément.",
        ),
        explained="households/_rights.html",
    ),
)
