import uuid

from django.db import models
from django.utils import timezone


class Submission(models.Model):
    """One form that someone sent: the same key sent again leads to what the first one made."""

    key = models.UUIDField("clé", default=uuid.uuid4)
    user_key = models.TextField("personne")
    target_url = models.TextField("adresse de ce qui a été fait", blank=True)
    created_at = models.DateTimeField("envoyé le", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "envoi de formulaire"
        verbose_name_plural = "envois de formulaires"
        constraints = [
            # By person: a key seen by someone else must neither block them nor lead to their page.
            models.UniqueConstraint(fields=["user_key", "key"], name="core_submission_once"),
        ]

    def __str__(self) -> str:
        return str(self.key)
