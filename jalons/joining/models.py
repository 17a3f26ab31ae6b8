"""Coming in: who asks for an account, who is invited, what was done to an account."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from jalons.accounts.enums import OrganisationKind
from jalons.accounts.models import Membership, Organisation, User
from jalons.accounts.siret import validate_siret
from jalons.core.fields import PublicIdField
from jalons.history.models import Record
from jalons.joining.enums import WAITING, AccountEventKind, LinkState, RequestState
from jalons.joining.querysets import AccessRequestQuerySet, InvitationQuerySet
from jalons.territories.models import Scope

LINK_LIFE = dt.timedelta(days=7)


class AccessRequest(Record):
    """Somebody without an account asks for one. Whoever manages the accounts of `territory` answers.

    `organisation`, or else what a person wrote of one that Jalons does not know. `national`: only a national
    administrator answers. `origin`: a digest of where it came from, for the pause between two, emptied after a day.
    """

    public_id = PublicIdField()
    name = models.CharField("nom", max_length=120)
    email = models.EmailField("adresse électronique")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    organisation_name = models.CharField("nom de la structure", max_length=160, blank=True)
    organisation_kind = models.CharField(
        "type de la structure", max_length=20, choices=OrganisationKind, blank=True
    )
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    territory = models.ForeignKey(
        Scope, on_delete=models.PROTECT, related_name="access_requests", verbose_name="territoire"
    )
    duties = models.TextField("ce que fait la personne")
    purpose = models.TextField("pourquoi")
    national = models.BooleanField("réservée à l’administration nationale", default=False)
    state = models.CharField("état", max_length=20, choices=RequestState, default=RequestState.PENDING)
    created_at = models.DateTimeField("reçue le", default=timezone.now, editable=False)
    answered_at = models.DateTimeField("répondue le", null=True, editable=False)
    answer = models.TextField("motif de la réponse", blank=True)
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="rattachement"
    )
    origin = models.CharField("provenance", max_length=64, blank=True, editable=False)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’accès"
        verbose_name_plural = "demandes d’accès"
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="joining_request_email_lowercase"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(organisation_name=""),
                name="joining_request_names_an_organisation",
                violation_error_message="Dites pour quelle structure est la demande.",
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="joining_request_waiting")]

    def __str__(self) -> str:
        return f"{self.name} · {self.structure}"

    @property
    def structure(self) -> str:
        return self.organisation.name if self.organisation else self.organisation_name

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING


class RequestMessage(models.Model):
    """One line of the conversation about a request. Without `author`, it is from the person who asks."""

    request = models.ForeignKey(
        AccessRequest, on_delete=models.PROTECT, related_name="messages", verbose_name="demande"
    )
    author = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="auteur"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    text = models.TextField("message")
    created_at = models.DateTimeField("écrit le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "message d’une demande"
        verbose_name_plural = "messages d’une demande"
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.created_at:%d/%m/%Y}"


class Invitation(models.Model):
    """One link of activation, sent to one person. The last one alone opens, once, for `LINK_LIFE`.

    The link itself is only in the e-mail: `digest` is what is kept of it.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="invitations", verbose_name="compte"
    )
    digest = models.CharField("empreinte du lien", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("écrite le", default=timezone.now, editable=False)
    sent_at = models.DateTimeField("envoyée le", null=True, editable=False)
    used_at = models.DateTimeField("utilisée le", null=True, editable=False)
    error = models.CharField("refus du serveur de courriel", max_length=300, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(used_at__gte=F("created_at")),
                name="joining_invitation_used_after",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.created_at:%d/%m/%Y}"

    @property
    def expires_at(self) -> dt.datetime:
        return self.created_at + LINK_LIFE

    def state_at(self, now: dt.datetime) -> LinkState:
        """What the link can do; `newest` (see the queryset) says whether another one replaced it."""
        if not self.user.is_active:
            return LinkState.CLOSED
        if self.used_at or self.user.has_usable_password():
            return LinkState.USED
        if self.pk != getattr(self, "newest", self.pk):
            return LinkState.REPLACED
        return LinkState.OPEN if now < self.expires_at else LinkState.EXPIRED


class AccountEvent(models.Model):
    """What was done to an account and is in no other history: who, for which organisation, when, why."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="events", verbose_name="compte")
    kind = models.CharField("fait", max_length=20, choices=AccountEventKind)
    at = models.DateTimeField("le", default=timezone.now, editable=False)
    author = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="auteur"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    detail = models.TextField("précision", blank=True)
    reason = models.TextField("motif", blank=True)

    class Meta:
        verbose_name = "fait d’un compte"
        verbose_name_plural = "faits d’un compte"
        indexes = [models.Index(fields=["user", "-at"], name="joining_event_of")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()}"


class Notice(models.Model):
    """Something that is told once: a reminder, the end of a right. `key` names it for ever."""

    key = models.CharField("clé", max_length=120, unique=True)
    at = models.DateTimeField("le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "avis donné"
        verbose_name_plural = "avis donnés"

    def __str__(self) -> str:
        return self.key
