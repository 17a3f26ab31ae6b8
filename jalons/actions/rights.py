"""Who may do what with dispositifs, and what an organisation does there."""

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import OwnThings, Rights, Saying
from jalons.actions.enums import ParticipationRole

ACTIONS = Rights(
    order=20,
    title="Dispositifs",
    reaches={
        Right.READ_ACTIONS: {
            Role.NATIONAL: Reach.ALL,
            Role.CORRESPONDENT: Reach.ALL,
            Role.INSTITUTION: Reach.DEPARTEMENT_OWN,
            Role.OPERATOR: Reach.DEPARTEMENT_OWN,
            Role.CONTRIBUTOR: Reach.SCOPE_OWN,
            Role.OBSERVER: Reach.SCOPE,
        },
        Right.DECLARE_ACTION: {Role.CORRESPONDENT: Reach.SCOPE},
        Right.EDIT_ACTION: {Role.CORRESPONDENT: Reach.SCOPE, Role.INSTITUTION: Reach.OWN},
        Right.FOLLOW_ACTION: {
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.OWN,
            Role.OPERATOR: Reach.OWN,
        },
        Right.OFFER_ACTION: {
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.OWN,
            Role.OPERATOR: Reach.OWN,
        },
        Right.READ_FUNDING: {
            Role.NATIONAL: Reach.ALL,
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.OWN,
            Role.OPERATOR: Reach.OWN_GRANTED,
        },
        Right.WRITE_FUNDING: {
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.OWN,
            Role.OPERATOR: Reach.OWN_GRANTED,
        },
    },
    parts={
        Right.READ_ACTIONS: frozenset(ParticipationRole),
        Right.EDIT_ACTION: frozenset([ParticipationRole.PILOT]),
        Right.FOLLOW_ACTION: frozenset([ParticipationRole.PILOT, ParticipationRole.OPERATOR]),
        Right.OFFER_ACTION: frozenset([ParticipationRole.PILOT, ParticipationRole.OPERATOR]),
        Right.READ_FUNDING: frozenset(
            [ParticipationRole.PILOT, ParticipationRole.OPERATOR, ParticipationRole.FUNDER]
        ),
        Right.WRITE_FUNDING: frozenset([ParticipationRole.PILOT, ParticipationRole.OPERATOR]),
    },
    own=OwnThings(
        roles=ParticipationRole,
        plural="dispositifs",
        pronoun="ceux",
        saying=Saying(
            "ses dispositifs",
            "good",
            "où qu’ils soient, sur les dispositifs où sa structure intervient, à l’un des titres que dit la ligne.",
        ),
        granted=Saying(
            "ses dispositifs, si accordé",
            "due",
            "sur ces mêmes dispositifs, pour les seules personnes à qui le droit est donné nommément.",
        ),
        explained="actions/_rights.html",
        stands_for_all=True,
    ),
)
