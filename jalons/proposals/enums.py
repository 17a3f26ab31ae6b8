"""What is proposed, who takes part in it, and where it stands."""

from django.db.models import TextChoices


class ProposalKind(TextChoices):
    """What is asked of the one it is sent to."""

    ACTION = "action", "Un dispositif"
    SOCIAL = "social", "Un diagnostic social"
    TECHNICAL = "technical", "Un diagnostic technique"
    SOCIOLOGICAL = "sociological", "Un diagnostic sociologique"


class ProposalState(TextChoices):
    """Where a proposal stands, from what its recipient and its author did."""

    SENT = "sent", "Sans réponse"
    AGREED = "agreed", "Acceptée, à déclarer"
    DECLARED = "declared", "Devenue un dispositif"
    REFUSED = "refused", "Refusée"
    WITHDRAWN = "withdrawn", "Retirée"


# What still calls for somebody.
OPEN_STATES = (ProposalState.SENT, ProposalState.AGREED)
SIGNS = {
    ProposalState.SENT: "due",
    ProposalState.AGREED: "due",
    ProposalState.DECLARED: "good",
    ProposalState.REFUSED: "unknown",
    ProposalState.WITHDRAWN: "unknown",
}


class ProposalPart(TextChoices):
    """What an organisation is in a proposal. Rights depend on it: see `rights`."""

    PROPOSER = "proposer", "Auteur"
    RECIPIENT = "recipient", "Destinataire"
