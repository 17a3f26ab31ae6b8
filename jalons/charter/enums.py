"""The texts that whoever runs Jalons publishes."""

from django.db.models import TextChoices


class TextKind(TextChoices):
    """`CHARTER` is accepted by each person; the others are only read."""

    CHARTER = "charter", "Charte d’engagement"
    LEGAL = "legal", "Mentions légales"
    PRIVACY = "privacy", "Données personnelles"
    ACCESSIBILITY = "accessibility", "Accessibilité"
