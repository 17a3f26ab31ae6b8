"""A territory as people write it: « Nord », « 59 », « Lille », « 59000 », « Nord (59) »; and as it is shown to them."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError

from jalons.core.values import fold, french_spaces, join_or
from jalons.territories.enums import PlaceKind, ScopeLevel
from jalons.territories.models import Place, Scope
from jalons.territories.selectors import search_places
from jalons.territories.services import UnknownTerritory, scope_for

NATION_WORDS = ("france entiere", "france", "nation", "national", "toute la france")
IN_BRACKETS = re.compile(r"\(\s*(r[eé]gion\s+)?(\w{2,9})\s*\)\s*$", re.IGNORECASE)
LEVELS = {
    PlaceKind.REGION: ScopeLevel.REGION,
    PlaceKind.DEPARTEMENT: ScopeLevel.DEPARTEMENT,
    PlaceKind.EPCI: ScopeLevel.EPCI,
    PlaceKind.COMMUNE: ScopeLevel.COMMUNE,
    PlaceKind.FORMER: ScopeLevel.COMMUNE,
    PlaceKind.POSTCODE: ScopeLevel.COMMUNE,
}
MOST = 8


def scope_words(scope: Scope) -> str:
    """« Nord (59) », « Bretagne (région 53) »: what `read_scope` reads back as the same one."""
    if scope.level == ScopeLevel.NATION:
        return "France entière"
    return words(scope.level, scope.label, scope.code)


def words(level: str, label: str, code: str) -> str:
    return f"{label} (région {code})" if level == ScopeLevel.REGION else f"{label} ({code})"


def place_words(place: Place) -> str:
    """The same for what a search found. A former commune leads to the one of today."""
    level = LEVELS[PlaceKind(place.kind)]
    territory = place.territory
    return words(level, territory.name, str(territory.pk))


def read_scope(text: str) -> Scope:
    """Raises `ValidationError`, in French, with what may have been meant."""
    text = " ".join(text.split())
    if fold(text) in NATION_WORDS:
        return scope_for(ScopeLevel.NATION)
    match = IN_BRACKETS.search(text)
    if match and (scope := scope_coded(match[2], region=bool(match[1]))):
        return scope
    places = search_places(text, limit=MOST)
    exact = [place for place in places if fold(place.label) == fold(text) or place.code == text.upper()]
    labels = distinct(exact)
    if len(labels) == 1:
        return scope_of_place(exact[0])
    if labels:
        raise ValidationError(
            french_spaces(f"Plusieurs territoires s’appellent ainsi : écrivez {join_or(labels)}.")
        )
    near = distinct(places)[:4]
    meant = f" Vouliez-vous dire {join_or(near)} ?" if near else ""
    raise ValidationError(
        french_spaces(
            f"Jalons ne connaît pas de territoire « {text[:60]} ».{meant} Écrivez le nom d’un département, d’une "
            "intercommunalité, d’une commune ou d’une région."
        )
    )


def distinct(places: Iterable[Place]) -> list[str]:
    """Each in quotes, as it may be written."""
    return list(dict.fromkeys(f"« {place_words(place)} »" for place in places))


def scope_of_place(place: Place) -> Scope:
    return scope_for(LEVELS[PlaceKind(place.kind)], str(place.territory.pk))


def scope_coded(code: str, *, region: bool) -> Scope | None:
    levels = {2: ScopeLevel.DEPARTEMENT, 3: ScopeLevel.DEPARTEMENT, 5: ScopeLevel.COMMUNE, 9: ScopeLevel.EPCI}
    level = ScopeLevel.REGION if region else levels.get(len(code))
    if level is None:
        return None
    try:
        return scope_for(level, code.upper())
    except UnknownTerritory:
        return None
