"""What the actors of a dispositif show of it to everybody. By default: nothing."""

from django.db import models

from jalons.actions.models import Action, ActionContact
from jalons.core.fields import PublicIdField
from jalons.history.models import Record
from jalons.sharing.querysets import ActionOfferQuerySet

LONGEST_SUMMARY = 1500


class ActionOffer(Record):
    """A dispositif in the directory of France, in words written for it: its own may name a place or people.

    `documents`: the public ids of those that are given too, one by one; `contact`: the person shown, if any.
    Département, themes, dates and operators are read from the dispositif.
    """

    public_id = PublicIdField()
    action = models.OneToOneField(
        Action, on_delete=models.PROTECT, related_name="offer", verbose_name="dispositif"
    )
    is_offered = models.BooleanField("montré dans l’annuaire", default=False)
    title = models.CharField("nom montré", max_length=160, blank=True)
    summary = models.TextField("ce que l’on en dit", max_length=LONGEST_SUMMARY, blank=True)
    search_text = models.TextField(editable=False, blank=True)  # folded: title, summary, département
    contact = models.ForeignKey(
        ActionContact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="contact montré",
    )
    documents = models.JSONField("documents donnés", default=list, blank=True)

    objects = ActionOfferQuerySet.as_manager()

    class Meta:
        verbose_name = "dispositif offert"
        verbose_name_plural = "dispositifs offerts"
        indexes = [models.Index(fields=["is_offered", "title"], name="sharing_offered")]

    def __str__(self) -> str:
        return self.title or "Dispositif"
