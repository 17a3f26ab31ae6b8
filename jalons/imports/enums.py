"""What a table may be, what may come of each of its cells, where a batch stands."""

from django.db.models import TextChoices


class TargetKind(TextChoices):
    """What a table holds, in the order in which they are proposed."""

    SITES = "sites", "Sites et recensements"
    CONDITIONS = "conditions", "Conditions de vie"
    INDICATORS = "indicators", "Suivi d’un dispositif dans le temps"
    FUNDING = "funding", "Financements"
    ORGANISATIONS = "organisations", "Structures"


class RowOutcome(TextChoices):
    """What a row speaks of."""

    THIS = "this", "Celui-ci"
    NEW = "new", "Nouveau"
    CHOOSE = "choose", "À choisir"
    LEFT = "left", "Laissé de côté"
    OUTSIDE = "outside", "Hors de votre territoire"
