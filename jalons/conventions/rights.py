"""Who may do what with conventions, and which seats an organisation holds there."""

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import OwnThings, Rights, Saying
from jalons.conventions.enums import ConventionRole

PILOT, REFERENT = ConventionRole.PILOT, ConventionRole.FICHE_REFERENT

CONVENTIONS = Rights(
    order=30,
    title="Conventions",
    reaches={
        Right.READ_CONVENTIONS: {
            Role.NATIONAL: Reach.ALL,
            Role.CORRESPONDENT: Reach.SCOPE_OWN,
            Role.INSTITUTION: Reach.OWN,
            Role.OPERATOR: Reach.OWN,
            Role.CONTRIBUTOR: Reach.OWN,
            Role.OBSERVER: Reach.OWN,
        },
        Right.WRITE_CONVENTION: {Role.CORRESPONDENT: Reach.OWN, Role.INSTITUTION: Reach.OWN},
        Right.FILL_COMMITMENT: {Role.CORRESPONDENT: Reach.OWN, Role.INSTITUTION: Reach.OWN},
        Right.FILL_FIGURES: {
            Role.CORRESPONDENT: Reach.OWN,
            Role.INSTITUTION: Reach.OWN,
            Role.OPERATOR: Reach.OWN,
            Role.CONTRIBUTOR: Reach.OWN,
        },
        Right.WRITE_CONVENTION_MONEY: {Role.CORRESPONDENT: Reach.OWN, Role.INSTITUTION: Reach.OWN},
        Right.WRITE_DELIBERATION: {Role.CORRESPONDENT: Reach.OWN, Role.INSTITUTION: Reach.OWN},
        Right.VALIDATE_CONVENTION: {Role.CORRESPONDENT: Reach.SCOPE_OWN, Role.INSTITUTION: Reach.OWN},
    },
    parts={
        Right.READ_CONVENTIONS: frozenset(ConventionRole),
        Right.WRITE_CONVENTION: frozenset([PILOT]),
        Right.FILL_COMMITMENT: frozenset([PILOT, REFERENT]),
        Right.FILL_FIGURES: frozenset(
            [PILOT, REFERENT, ConventionRole.TERRITORY_CONTRIBUTOR, ConventionRole.OPERATOR]
        ),
        Right.WRITE_CONVENTION_MONEY: frozenset([PILOT, ConventionRole.FINANCE]),
        Right.WRITE_DELIBERATION: frozenset([PILOT, ConventionRole.ASSEMBLY_OFFICE]),
        Right.VALIDATE_CONVENTION: frozenset([ConventionRole.STATE_PARTNER]),
    },
    own=OwnThings(
        roles=ConventionRole,
        plural="conventions",
        pronoun="celles",
        saying=Saying(
            "ses conventions",
            "good",
            "sur les conventions où sa structure tient l’un des rôles que dit la ligne ; pour une fiche ou une "
            "ventilation, sur celle-là seulement.",
        ),
        explained="conventions/_rights.html",
    ),
)
