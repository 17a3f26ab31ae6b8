"""What a figure is true of."""

from django.db.models import TextChoices

from jalons.territories.enums import ScopeLevel


class FigureKind(TextChoices):
    """A stock is true on a day; a flow happened between two days, both included."""

    STOCK = "stock", "À la date"
    FLOW = "flow", "Sur la période"


class AreaLevel(TextChoices):
    """What the figures of a page are those of: a level of territory, or what one operator does."""

    NATION = ScopeLevel.NATION.value, ScopeLevel.NATION.label
    REGION = ScopeLevel.REGION.value, ScopeLevel.REGION.label
    DEPARTEMENT = ScopeLevel.DEPARTEMENT.value, ScopeLevel.DEPARTEMENT.label
    EPCI = ScopeLevel.EPCI.value, ScopeLevel.EPCI.label
    COMMUNE = ScopeLevel.COMMUNE.value, ScopeLevel.COMMUNE.label
    OPERATOR = "operateur", "Dispositifs d’un opérateur"
