"""What was written between the instants of two editions: the corrections that explain what differs."""

from collections.abc import Callable
from typing import Any

from jalons.core.ui import Entry
from jalons.editions.models import ReportEdition
from jalons.figures.areas import find_area
from jalons.history.selectors import fact_entries, timeline
from jalons.sites.models import LivingConditions, Occupation, Resettlement, Site, SocialDiagnosis, Survey

# What the figures of a report are counted from, and that everybody who reads a site may read.
COUNTED: tuple[tuple[Any, str, str], ...] = (
    (Survey, "site", "le recensement"),
    (Occupation, "site", "l’occupation"),
    (LivingConditions, "site", "les conditions de vie"),
    (SocialDiagnosis, "site", "le diagnostic social"),
    (Resettlement, "origin", "la réinstallation"),
)
MOST = 500


def corrections_between(older: ReportEdition, newer: ReportEdition, user: Any) -> list[Entry]:
    """Newest first, of the sites that `user` reads in this territory: whoever was given an edition reads nothing more.

    One query a kind of fact.
    """
    area = find_area(newer.area)
    if area is None:
        return []
    sites = Site.objects.visible_to(user).of_area(area, user=user).order_by().values("pk")
    start, end = older.known_at, newer.known_at
    entries = []
    for model, path, words in COUNTED:
        written = model.objects.filter(
            recorded_at__gte=start, recorded_at__lt=end, **{f"{path}__in": sites}
        ).order_by()
        entries.append(fact_entries(written, label=labelled(words, path)))
    written_between = timeline(*entries)
    return [entry for entry in written_between if start <= entry.when < end][:MOST]


def labelled(words: str, path: str) -> Callable[[Any], str]:
    return lambda version: f"{words} de «\u00a0{getattr(version, path).name}\u00a0»"
