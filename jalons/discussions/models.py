"""Comments on anything that `accounts.subjects` knows."""

from django.db import models

from jalons.accounts.models import Attached


class Comment(Attached):
    """What a person wrote under a thing. Only added; its author may withdraw it.

    The text of a withdrawn comment stays in the database, for whoever must answer for it, and no page shows it.
    """

    text = models.TextField("commentaire")

    class Meta(Attached.Meta):
        verbose_name = "commentaire"

    def __str__(self) -> str:
        return f"{self.author}, {self.created_at:%d/%m/%Y}"
