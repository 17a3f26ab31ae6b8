"""A few sites with points, in two départements."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from jalons.sites.models import Site
from tests.factories import LILLE, MARSEILLE, ROUBAIX, make_site, make_survey


def days_ago(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


@pytest.fixture
def sites(cast: Any) -> dict[str, Site]:
    """Lille good, Roubaix due and late, Lille never counted, Marseille good, one closed, one without a point."""
    made = {
        "good": make_site("Rue du Général", LILLE, latitude=50.6300001, longitude=3.0612349),
        "due": make_site("Quai Nord", ROUBAIX, latitude=50.69, longitude=3.17),
        "late": make_site("Bois Joli", ROUBAIX, latitude=50.70, longitude=3.18),
        "never": make_site("Friche Lebas", LILLE, latitude=50.62, longitude=3.05),
        "south": make_site("Chemin du Moulin", MARSEILLE, latitude=43.3, longitude=5.38),
        "closed": make_site("Ancienne usine", LILLE, closed=days_ago(30), latitude=50.64, longitude=3.07),
        "unplaced": make_site("Impasse des Lilas", LILLE),
    }
    for name, days, people in (
        ("good", 10, 112),
        ("due", 120, 40),
        ("late", 300, 8),
        ("south", 5, 60),
        ("closed", 60, 25),
    ):
        make_survey(made[name], days_ago(days), people, minors=people // 4)
    return made
