"""Who may propose a dispositif or order a diagnosis, who reads that, who answers."""

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import OwnThings, Rights, Saying
from jalons.proposals.enums import ProposalPart

PROPOSALS = Rights(
    order=25,
    title="Dispositifs proposés",
    reaches={
        Right.READ_PROPOSALS: {
            Role.NATIONAL: Reach.ALL,
            Role.CORRESPONDENT: Reach.SCOPE_OWN,
            Role.INSTITUTION: Reach.OWN,
            Role.OPERATOR: Reach.OWN,
            Role.CONTRIBUTOR: Reach.OWN,
        },
        Right.PROPOSE_ACTION: {
            Role.NATIONAL: Reach.ALL,
            Role.CORRESPONDENT: Reach.SCOPE,
            Role.INSTITUTION: Reach.DEPARTEMENT,
            Role.OPERATOR: Reach.DEPARTEMENT,
            Role.CONTRIBUTOR: Reach.SCOPE,
        },
        Right.ANSWER_PROPOSAL: {
            Role.CORRESPONDENT: Reach.OWN,
            Role.INSTITUTION: Reach.OWN,
            Role.OPERATOR: Reach.OWN,
        },
    },
    parts={
        Right.READ_PROPOSALS: frozenset(ProposalPart),
        Right.ANSWER_PROPOSAL: frozenset([ProposalPart.RECIPIENT]),
    },
    own=OwnThings(
        roles=ProposalPart,
        plural="propositions",
        pronoun="celles",
        saying=Saying(
            "ses propositions",
            "good",
            "sur les propositions que sa structure a envoyées ou reçues, au titre que dit la ligne.",
        ),
        explained="proposals/_rights.html",
    ),
)
