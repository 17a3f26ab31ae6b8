"""Where a good practice stands, and what an organisation is in it."""

from django.db.models import TextChoices


class PracticeState(TextChoices):
    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publiée"
    WITHDRAWN = "withdrawn", "Retirée"


class PracticePart(TextChoices):
    """Rights depend on it: see `rights`."""

    OWNER = "owner", "Responsable"
