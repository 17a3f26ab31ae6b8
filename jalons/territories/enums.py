"""Levels of territory and kinds of search result."""

from django.db.models import TextChoices


class ScopeLevel(TextChoices):
    """How large a scope is; each value but `nation` is also the name of the scope's foreign key."""

    NATION = "nation", "Nation"
    REGION = "region", "Région"
    DEPARTEMENT = "departement", "Département"
    EPCI = "epci", "Intercommunalité"
    COMMUNE = "commune", "Commune"


class EpciKind(TextChoices):
    """Legal form of an intercommunalité, with the codes of the source."""

    CC = "CC", "Communauté de communes"
    CA = "CA", "Communauté d’agglomération"
    CU = "CU", "Communauté urbaine"
    METRO = "METRO", "Métropole"
    MET69 = "MET69", "Métropole de Lyon"


class PlaceKind(TextChoices):
    """What a search result is. `FORMER` covers everything that is now part of a commune."""

    COMMUNE = "commune", "Commune"
    FORMER = "former", "Ancienne commune ou arrondissement"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    EPCI = "epci", "Intercommunalité"
    POSTCODE = "postcode", "Code postal"
