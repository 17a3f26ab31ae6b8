"""The classes in which situations are compared. Never a raw number, so that nobody reads more than the class."""

from django.db.models import IntegerChoices, TextChoices


class SizeClass(IntegerChoices):
    """How many people: bounds are in `features`."""

    UNDER_10 = 1, "moins de 10 personnes"
    UNDER_50 = 2, "10 à 49 personnes"
    UNDER_100 = 3, "50 à 99 personnes"
    UNDER_200 = 4, "100 à 199 personnes"
    MORE = 5, "200 personnes et plus"


class MinorsClass(IntegerChoices):
    """Which share of the people are minors."""

    FEW = 1, "moins de 20 %"
    SOME = 2, "20 à 39 %"
    MANY = 3, "40 à 59 %"
    MOST = 4, "60 % et plus"


class Housing(TextChoices):
    """What most people live in."""

    BUILDING = "building", "bâtiment"
    HUTS = "huts", "cabanes"
    CARAVANS = "caravans", "caravanes"
    TENTS = "tents", "tentes"
    CARS = "cars", "voitures"
    MIXED = "mixed", "habitat mêlé"


class ProcedureStage(IntegerChoices):
    """How far justice or the administration went."""

    COMPLAINT = 1, "plainte"
    JUDICIAL = 2, "procédure judiciaire"
    DECISION = 3, "décision ou arrêté"
    FORCE = 4, "concours de la force publique"


class WaterClass(IntegerChoices):
    BAD = 1, "eau absente ou mauvaise"
    TO_IMPROVE = 2, "eau à améliorer"
    GOOD = 3, "eau correcte"


class Criterion(TextChoices):
    """What makes two situations alike. The code is in addresses: it never changes."""

    SIZE = "taille", "Taille"
    MINORS = "mineurs", "Part de mineurs"
    HOUSING = "habitat", "Habitat"
    PROCEDURE = "procedure", "Procédure"
    WATER = "eau", "Eau"


class DurationClass(IntegerChoices):
    """How long a site was lived in."""

    UNDER_1 = 1, "moins d’un an"
    UNDER_3 = 2, "un à trois ans"
    MORE = 3, "plus de trois ans"
