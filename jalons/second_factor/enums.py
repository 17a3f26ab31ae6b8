from django.db.models import TextChoices


class FactorKind(TextChoices):
    """What a person proves besides their first proof. The value stands in addresses."""

    APPLICATION = "application", "application sur téléphone"
    PASSKEY = "cle", "clé d’accès"


class FactorEventKind(TextChoices):
    """What happens to somebody's second factors."""

    ADDED = "added", "ajout"
    REMOVED = "removed", "retrait"
    CODES = "codes", "nouveaux codes de secours"
    RESET = "reset", "réinitialisation"


class Purpose(TextChoices):
    """What is open only to a session proved twice. The value stands in addresses, the label on the page."""

    ADMINISTRATION = (
        "administration",
        "Gérer des comptes donne accès à ceux des autres\u00a0: il faut pour cela se connecter avec deux preuves.",
    )
    JUSTICE = (
        "justice",
        "Ce fichier contient des données de justice\u00a0: pour l’emporter, il faut se connecter avec deux preuves.",
    )
    REGISTER = (
        "registre",
        "Le registre des familles ne s’ouvre qu’après deux preuves\u00a0: il faut pour cela se connecter avec elles.",
    )
