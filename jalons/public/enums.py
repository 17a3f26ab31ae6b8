"""Why a figure is hidden, and where an edition stands."""

from django.db.models import TextChoices


class HiddenWhy(TextChoices):
    """The first four are rules on the figure itself; the last two hide it for the sake of others."""

    SMALL = "small", "moins de onze"
    SITES = "sites", "moins de trois sites"
    ORGANISATIONS = "organisations", "moins de trois structures"
    DOMINANCE = "dominance", "un site en fait 85 % ou plus"
    REST = "rest", "ce qui manque au tout tiendrait à trop peu"
    WHOLE = "whole", "partie d’un chiffre masqué"
    SECONDARY = "secondary", "le donnerait par soustraction"


class EditionState(TextChoices):
    """`REFUSED`: the audit found a figure that could be deduced; it can only be prepared again."""

    PREPARING = "preparing", "En préparation"
    READY = "ready", "Prête à publier"
    REFUSED = "refused", "Refusée par le contrôle"
    FAILED = "failed", "Interrompue"
    PUBLISHED = "published", "Publiée"
    WITHDRAWN = "withdrawn", "Retirée"
