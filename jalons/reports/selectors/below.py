"""What a territory is made of: the places below it, with their sites and their people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from jalons.figures.areas import AREA_PARAMETER, FigureArea
from jalons.figures.readings import FigureReading
from jalons.figures.registry import SINCE_PARAMETER, FigureQuestion
from jalons.reports.drawing import draw_choropleth
from jalons.reports.selectors.areas import level_below, places_below
from jalons.sites.figures.places import BY_COMMUNE, BY_DEPARTEMENT, BY_EPCI, readings_by_place
from jalons.territories.selectors import kept_outlines

NOTHING = SafeString("")
KEYS = {"Département": BY_DEPARTEMENT, "Intercommunalité": BY_EPCI, "Commune": BY_COMMUNE}
Places = Mapping[Any, Mapping[str, FigureReading]]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """`count`: its open sites, as a number."""

    name: str
    sites: str
    people: str
    coverage: str
    url: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Below:
    """`level`: what the places are. `empty`: how many hold no open site. `drawing`: SVG, for départements alone."""

    level: str
    rows: Sequence[PlaceRow]
    empty: int
    drawing: SafeString = NOTHING


def column_below(area: FigureArea) -> str:
    """What the sites of an area are grouped by; nothing for a commune, which holds no other place."""
    return KEYS.get(level_below(area), "")


def below(asked: FigureQuestion, read: Places | None = None) -> Below | None:
    """None for a commune. Three queries at most, one less when the places were `read` with the figures of the whole."""
    level, places = places_below(asked.area)
    if not level:
        return None
    readings = readings_by_place(asked, KEYS[level]) if read is None else read
    named = {key: (name, text) for key, name, text in places}
    # A merged commune, a site outside of any intercommunalité: said, or the rows would not add up to the whole.
    elsewhere = [(key, "Hors de ces territoires", "") for key in readings if key not in named]
    rows = [
        PlaceRow(
            name=name,
            sites=readings[key]["sites-ouverts"].short(),
            people=readings[key]["personnes"].short(),
            coverage=readings[key]["personnes"].coverage("site recensé", "sites recensés"),
            url=address_of(asked, text) if text and asked.area.is_place else "",
            count=int(readings[key]["sites-ouverts"].number or 0),
        )
        for key, name, text in [*((key, name, text) for key, (name, text) in named.items()), *elsewhere]
        if key in readings
    ]
    counts = {str(key): int(reading["sites-ouverts"].number or 0) for key, reading in readings.items()}
    return Below(level, rows, len(named.keys() - readings.keys()), drawing_of(asked, level, counts))


def drawing_of(asked: FigureQuestion, level: str, counts: Mapping[str, int]) -> SafeString:
    if level != "Département":
        return NOTHING
    features = kept_outlines()
    if asked.area.within:
        features = [feature for feature in features if feature["id"] in asked.area.within]
    title = f"Sites ouverts par département, {asked.area.label}"
    return mark_safe(draw_choropleth(title, features, counts))


def address_of(asked: FigureQuestion, text: str) -> str:
    """The dashboard of a place below, over the same period."""
    since = {SINCE_PARAMETER: asked.since.isoformat()} if asked.since else {}
    return f"{reverse('reports:dashboard')}?{urlencode({AREA_PARAMETER: text, **since, **asked.at.params()})}"
