"""A page of good practice: what its owner writes, and the editions that everybody reads."""

import datetime as dt
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jalons.accounts.models import Organisation, User
from jalons.actions.enums import ActionTheme
from jalons.core.fields import CodesField, PublicIdField
from jalons.history.models import Record
from jalons.sharing.enums import PracticePart, PracticeState
from jalons.sharing.querysets import PracticeQuerySet

if TYPE_CHECKING:
    from jalons.accounts.permissions import Territory

LONGEST_BODY = 20_000
# A page that nobody read again for this long says so.
READ_AGAIN_AFTER = dt.timedelta(days=548)  # eighteen months


class Practice(Record):
    """The page as its owner writes it. Readers read `current`, the last edition that was published.

    `awaits_review`: the owner asked for it to be published as it stands; `answer`: why it was given back or withdrawn.
    `actions`: the public ids of dispositifs that show it at work, each named only to who may read it.
    """

    public_id = PublicIdField()
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="practices", verbose_name="structure responsable"
    )
    title = models.CharField("titre", max_length=160)
    summary = models.CharField("en une phrase", max_length=300)
    body = models.TextField("texte", max_length=LONGEST_BODY)
    themes = CodesField("champs d’intervention", choices=ActionTheme, blank=True)
    actions = models.JSONField("dispositifs liés", default=list, blank=True)
    reviewed_on = models.DateField("relue le")
    state = models.CharField("état", max_length=10, choices=PracticeState, default=PracticeState.DRAFT)
    awaits_review = models.BooleanField("à publier", default=False)
    answer = models.CharField("motif", max_length=1000, blank=True)
    current = models.OneToOneField(
        "sharing.PracticeEdition",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="édition lue",
    )

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = "bonne pratique"
        verbose_name_plural = "bonnes pratiques"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=PracticeState.PUBLISHED) | Q(current__isnull=False),
                name="sharing_published_has_an_edition",
            )
        ]
        indexes = [models.Index(fields=["state", "reviewed_on"], name="sharing_practice_by_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        return self.state == PracticeState.PUBLISHED

    @property
    def changed_since(self) -> bool:
        """Does the owner have a newer text than what everybody reads?"""
        edition = self.current
        return edition is not None and any(
            getattr(self, name) != getattr(edition, name) for name in PracticeEdition.WORDS
        )

    def is_old(self, today: dt.date) -> bool:
        return today - self.reviewed_on > READ_AGAIN_AFTER

    def within(self, territory: "Territory") -> bool:
        """Does a right that holds on `territory` hold on this page?"""
        if territory.everywhere:
            return True
        ours = {self.owner_id, self.owner.standing_id} & territory.organisations
        return bool(ours) and PracticePart.OWNER in territory.parts


class PracticeEdition(models.Model):
    """What was published under a number. Never changed: another one takes its place, and this one stays readable."""

    WORDS = ("title", "summary", "body", "themes")

    practice = models.ForeignKey(
        Practice, on_delete=models.PROTECT, related_name="editions", verbose_name="bonne pratique"
    )
    number = models.PositiveIntegerField("édition")
    title = models.CharField("titre", max_length=160)
    summary = models.CharField("en une phrase", max_length=300)
    body = models.TextField("texte", max_length=LONGEST_BODY)
    themes = CodesField("champs d’intervention", choices=ActionTheme, blank=True)
    search_text = models.TextField(editable=False)  # folded: title, summary, text, owner
    published_at = models.DateTimeField("publiée le", default=timezone.now, editable=False)
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="publiée par"
    )
    published_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure"
    )

    class Meta:
        verbose_name = "édition d’une bonne pratique"
        verbose_name_plural = "éditions des bonnes pratiques"
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="sharing_one_edition_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, édition {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("an edition is replaced, never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("an edition is replaced, never deleted")
