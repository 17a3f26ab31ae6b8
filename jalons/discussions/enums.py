"""What one may be told of, and how often."""

from django.db.models import TextChoices


class NewsKind(TextChoices):
    """What happened, as a person chooses to hear of it."""

    COMMENTS = "comments", "Les commentaires"
    SITES = "sites", "Les sites nouveaux et fermés"
    FIGURES = "figures", "Les nouveaux chiffres"
    DOCUMENTS = "documents", "Les documents"


class ActivityKind(TextChoices):
    """What happened, as the page of the activity sorts it."""

    SITES = "sites", "Sites ouverts, fermés, leurs dates"
    COUNTS = "recensements", "Recensements et corrections"
    CONDITIONS = "conditions", "Conditions de vie et diagnostics"
    STEPS = "etapes", "Étapes de résorption"
    EVENTS = "evenements", "Événements"
    PROCEDURES = "procedures", "Procédures et propriétaires"
    ACTIONS = "dispositifs", "Dispositifs, leurs dates"
    FOLLOW_UPS = "suivis", "Suivis remplis"
    DOCUMENTS = "documents", "Documents"
    COMMENTS = "commentaires", "Commentaires"
    CONVENTIONS = "conventions", "Conventions"


class Frequency(TextChoices):
    """How often a subscription writes. « Never » silences one thing within something larger that is followed."""

    AT_ONCE = "at_once", "Tout de suite"
    WEEKLY = "weekly", "Une fois par semaine"
    NEVER = "never", "Jamais"
