"""What people decide of priorities: how much each reason weighs, who sees to a site, what is muted for a while."""

import datetime as dt

from django.db import models
from django.db.models import Q

from jalons.actions.models import Lasting
from jalons.history.models import Record
from jalons.sites.models import Site
from jalons.territories.models import Departement
from jalons.urgency.enums import WeatherKind, WeatherLevel

# The scale of the whole country, where a département has none.
COUNTRY = "FR"


class PriorityScale(Record):
    """How much each reason weighs in a département, and from which limit it holds. Without one: the whole country.

    `weights` and `limits` are by code of rule; a rule that is not there holds what the country says, then what the
    rule itself does.
    """

    code = models.CharField("territoire", max_length=3, unique=True)  # of a département, or COUNTRY
    weights = models.JSONField("poids", default=dict)
    limits = models.JSONField("seuils", default=dict)

    class Meta:
        verbose_name = "barème de priorité"
        verbose_name_plural = "barèmes de priorité"

    def __str__(self) -> str:
        return self.code


class Handling(Lasting):
    """« Je m’en occupe »: the author sees to the site from `valid_on`, until they release it (`ended_on`)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="handlings", db_index=False)

    ACTS = {"ended_on": ("ne s’occupe plus de", "s’occupe à nouveau de")}

    class Meta(Lasting.Meta):
        verbose_name = "prise en charge"
        verbose_name_plural = "prises en charge"
        constraints = [
            *Lasting.Meta.constraints,
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(superseded_at__isnull=True, withdrawn=False, ended_on__isnull=True),
                name="urgency_handling_one_a_site",
                violation_error_message="Quelqu’un s’occupe déjà de ce site.",
            ),
        ]


class WeatherAlert(Lasting):
    """A département under heat or cold, from `valid_on` until `ended_on` (excluded)."""

    departement = models.ForeignKey(
        Departement,
        on_delete=models.PROTECT,
        related_name="weather_alerts",
        db_index=False,
        verbose_name="département",
    )
    kind = models.CharField("épisode", max_length=5, choices=WeatherKind)
    level = models.SmallIntegerField("vigilance", choices=WeatherLevel, default=WeatherLevel.ORANGE)

    ACTS = {"ended_on": ("a fini", "a repris")}

    class Meta(Lasting.Meta):
        verbose_name = "épisode"
        constraints = [
            *Lasting.Meta.constraints,
            models.UniqueConstraint(
                fields=["departement", "kind"],
                condition=Q(superseded_at__isnull=True, withdrawn=False),
                name="urgency_weather_one_of_a_kind",
                violation_error_message="Cet épisode est déjà en cours dans ce département.",
            ),
        ]


class Mute(Lasting):
    """A reason that does not count on a site until `ended_on` (excluded), with why."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="mutes", db_index=False)
    rule = models.CharField("raison", max_length=30)
    why = models.CharField("pourquoi", max_length=300)

    ACTS = {"ended_on": ("a mis en sourdine", "a remis")}

    @property
    def until(self) -> dt.date:
        """The day it counts again: a mute always ends."""
        return self.ended_on or self.valid_on

    class Meta(Lasting.Meta):
        verbose_name = "mise en sourdine"
        verbose_name_plural = "mises en sourdine"
        constraints = [
            *Lasting.Meta.constraints,
            models.UniqueConstraint(
                fields=["site", "rule"],
                condition=Q(superseded_at__isnull=True, withdrawn=False),
                name="urgency_mute_one_a_reason",
                violation_error_message="Cette raison est déjà en sourdine.",
            ),
        ]
