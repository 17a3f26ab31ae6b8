"""How much a reason weighs in the order of the sites, and in what a limit is counted."""

from django.db.models import IntegerChoices, TextChoices


class RuleWeight(IntegerChoices):
    """Each step weighs twice the one before. Shown in words only: the sum orders sites and is never written."""

    NONE = 0, "Ne compte pas"
    LITTLE = 1, "Compte un peu"
    SOME = 2, "Compte"
    MUCH = 4, "Compte beaucoup"
    FIRST = 8, "Passe avant tout"


class WeatherKind(TextChoices):
    HEAT = "heat", "Canicule"
    COLD = "cold", "Grand froid"


class WeatherLevel(IntegerChoices):
    """The colours of the vigilance of Météo-France."""

    YELLOW = 1, "Jaune"
    ORANGE = 2, "Orange"
    RED = 3, "Rouge"


class LimitUnit(TextChoices):
    DAYS = "days", "jours"
    PERCENT = "percent", "%"
    COUNT = "count", "nombre"
