"""Follow-ups, deadlines and reminders."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jalons.accounts.models import Organisation
from jalons.actions.enums import Difficulty, block_choices
from jalons.actions.models.action import Action
from jalons.core.fields import CodesField
from jalons.history.models import Fact, Record


class FollowUp(Fact):
    """One dated report by one who fills in: what was told about, for which period, in which words.

    The figures are measurements of the same action, reporter and date. `since` is the first day of the period
    that the flows cover, `valid_on` the last. `blocks`: what was told; `unchanged`: those said « inchangé ».
    """

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="follow_ups", db_index=False)
    reporter = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="opérateur"
    )
    since = models.DateField("période depuis le")
    blocks = CodesField("parties renseignées", choices=block_choices, blank=True)
    unchanged = CodesField("parties inchangées", choices=block_choices, blank=True)
    comments = models.JSONField("commentaires", default=dict)  # code of a block: text
    difficulties = CodesField("difficultés de scolarisation", choices=Difficulty, blank=True)
    difficulty_note = models.CharField("autre difficulté", max_length=200, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "point de suivi"
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["action", "reporter", "valid_on"],
                condition=Q(superseded_at__isnull=True, withdrawn=False),
                name="actions_followup_once_a_day",
                violation_error_message="Un point de suivi existe déjà à cette date : corrigez-le.",
            ),
            models.CheckConstraint(
                condition=Q(since__lte=F("valid_on")),
                name="actions_followup_period",
                violation_error_message="La période finit avant de commencer.",
            ),
        ]
        indexes = [
            models.Index(fields=["action", "reporter", "valid_on"], name="actions_followup_by_date"),
            models.Index(fields=["recorded_at"], name="actions_followup_recorded"),
        ]


class Deadline(Record):
    """A day before which the follow-up is asked, beside those of the rhythm. Without action: everybody's."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, null=True, related_name="deadlines")
    due_on = models.DateField("à remplir avant le")
    label = models.CharField("pour quoi", max_length=120, blank=True)

    class Meta:
        verbose_name = "échéance"
        constraints = [
            models.UniqueConstraint(
                fields=["action", "due_on"],
                name="actions_deadline_once",
                violation_error_message="Cette échéance existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.label or f"{self.due_on:%d/%m/%Y}"


class ReminderRound(models.Model):
    """The reminders of a day, and of those missed just before, were written in the outbox: never again."""

    day = models.DateField("jour", unique=True)
    done_at = models.DateTimeField("fait le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "tournée de rappels"
        verbose_name_plural = "tournées de rappels"

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"


class Nudge(models.Model):
    """Somebody asked a structure, by e-mail, for the follow-up that it owes: once for each deadline."""

    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, related_name="nudges", verbose_name="dispositif"
    )
    reporter = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="structure relancée"
    )
    due_on = models.DateField("échéance")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="pour"
    )
    sent_at = models.DateTimeField("relancé le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "relance"
        constraints = [
            models.UniqueConstraint(fields=["action", "reporter", "due_on"], name="actions_nudge_once")
        ]

    def __str__(self) -> str:
        return f"{self.reporter}, {self.due_on:%d/%m/%Y}"
