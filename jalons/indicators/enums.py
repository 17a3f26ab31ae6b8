"""What an indicator measures and how its figures add up."""

from django.db.models import IntegerChoices, TextChoices


class ValueType(TextChoices):
    """What one types for an indicator, or that nothing is typed because it is computed."""

    NUMBER = "number", "Nombre"
    AMOUNT = "amount", "Montant en euros"
    DURATION = "duration", "Durée"
    SHARE = "share", "Part (un nombre sur un autre)"
    CHOICE = "choice", "Choix dans une liste"
    TEXT = "text", "Texte"
    SUM = "sum", "Somme calculée"
    RATE = "rate", "Taux calculé"

    @property
    def is_computed(self) -> bool:
        return self in (ValueType.SUM, ValueType.RATE)


class Nature(TextChoices):
    """A stock is true at its date; a flow happened during its period."""

    STOCK = "stock", "À la date (stock)"
    FLOW = "flow", "Pendant la période (flux)"


class Direction(TextChoices):
    """Which way is better. Never used to rank operators."""

    UP = "up", "Une hausse est souhaitée"
    DOWN = "down", "Une baisse est souhaitée"
    NEUTRAL = "neutral", "Ni l’un ni l’autre"


class Relation(TextChoices):
    """What an indicator is to its parent: some of it (« dont »), or one of the parts that make it whole."""

    AMONG = "among", "Dont"
    PART = "part", "Partie du total"


class AcrossTime(TextChoices):
    """The figure of a period made from those of its dates."""

    LAST = "last", "La dernière valeur"
    SUM = "sum", "La somme des périodes"
    NONE = "none", "Pas de calcul"


class AcrossPlaces(TextChoices):
    """The figure of several dispositifs or operators made from theirs. A share is pooled, never averaged."""

    SUM = "sum", "La somme"
    NONE = "none", "Pas de calcul"


class Measure(IntegerChoices):
    """What a value is. The greater stands before the smaller at the same date; an objective never stands."""

    OBJECTIVE = 0, "Objectif"
    ESTIMATE = 1, "Estimation"
    ACTUAL = 2, "Réalisé"


class Provenance(TextChoices):
    """Where a figure that was sent comes from. From a register: the number, never who."""

    TYPED = "", "Saisi"
    REGISTER = "register", "D’après le registre de la structure"
