"""A household handed to another organisation: what came of it, and the copy that waits. See docs/adr/0093."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jalons.accounts.models import Organisation, User
from jalons.households.enums import HandingRefusal, HandingState
from jalons.households.models.register import reference_of
from jalons.households.querysets import HandingQuerySet


class HouseholdHanding(models.Model):
    """That the copy of a household was handed by an organisation to another, and what came of it; nothing of whom.

    `household` and `number` are the sender's; what the other calls it stands nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sender = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="confié par"
    )
    receiver = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="confié à"
    )
    household = models.UUIDField("ménage", editable=False)
    number = models.PositiveIntegerField("numéro", editable=False)
    state = models.CharField("état", max_length=8, choices=HandingState, default=HandingState.WAITING)
    sent_at = models.DateTimeField("confié le", default=timezone.now, editable=False)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    expires_on = models.DateField("à détruire le")
    answered_at = models.DateTimeField("réponse le", null=True, editable=False)
    refusal = models.CharField("motif du refus", max_length=9, choices=HandingRefusal, blank=True)

    objects = HandingQuerySet.as_manager()

    class Meta:
        verbose_name = "ménage confié"
        verbose_name_plural = "ménages confiés"
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state=HandingState.WAITING),
                name="households_handing_waits_once",
            )
        ]
        indexes = [
            models.Index(fields=["receiver", "state"], name="households_handing_in"),
            models.Index(fields=["sender", "-sent_at"], name="households_handing_out"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.get_state_display()}"

    @property
    def reference(self) -> str:
        return reference_of(self.number)


class HandedCopy(models.Model):
    """The copy itself, sealed for the register that receives it: there while it waits, and in no archive."""

    handing = models.OneToOneField(
        HouseholdHanding,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="copy",
        verbose_name="ménage confié",
    )
    sealed = models.BinaryField("copie scellée", editable=False)

    class Meta:
        verbose_name = "copie d’un ménage confié"
        verbose_name_plural = "copies de ménages confiés"

    def __str__(self) -> str:
        return str(self.handing_id)
