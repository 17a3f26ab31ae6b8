"""Sites and the facts observed on them."""

from jalons.sites.models.facts import (
    LivingConditions,
    Ownership,
    Procedure,
    Resettlement,
    SiteEvent,
    SocialDiagnosis,
    Survey,
)
from jalons.sites.models.site import Occupation, Orientation, Site, SiteAlias
from jalons.sites.reporting.models import SiteReport as SiteReport
from jalons.sites.resorption.models import PreparatoryStep, SiteSuitability

__all__ = [
    "LivingConditions",
    "Occupation",
    "Orientation",
    "Ownership",
    "PreparatoryStep",
    "Procedure",
    "Resettlement",
    "Site",
    "SiteAlias",
    "SiteEvent",
    "SiteReport",
    "SiteSuitability",
    "SocialDiagnosis",
    "Survey",
]
