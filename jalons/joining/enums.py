"""States of a request for access, and what happens to an account."""

from django.db.models import TextChoices


class RequestState(TextChoices):
    """Where a request for access stands. The first two wait for an answer."""

    PENDING = "pending", "À traiter"
    ASKED = "asked", "Question posée"
    APPROVED = "approved", "Acceptée"
    REFUSED = "refused", "Refusée"
    CLOSED = "closed", "Sans suite"


WAITING = (RequestState.PENDING, RequestState.ASKED)


class AccountEventKind(TextChoices):
    """What was done to an account and stands in no other history."""

    INVITED = "invited", "a invité cette personne"
    LINK_SENT = "link_sent", "a renvoyé le lien d’activation"
    ACTIVATED = "activated", "a activé son compte"
    SCOPES = "scopes", "a changé les territoires"
    CLOSED = "closed", "a fermé le compte"
    REOPENED = "reopened", "a rouvert le compte"


class LinkState(TextChoices):
    """What a link of activation can still do."""

    OPEN = "open", "valable"
    EXPIRED = "expired", "trop ancien"
    REPLACED = "replaced", "remplacé"
    USED = "used", "déjà utilisé"
    CLOSED = "closed", "compte fermé"
    UNKNOWN = "unknown", "inconnu"
