"""Of what a person may read a dashboard."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, has, territory_of
from jalons.actions.selectors.listing import operators_seen
from jalons.core.values import plural
from jalons.figures.areas import NATION, FigureArea, find_area, holds_area
from jalons.figures.enums import AreaLevel
from jalons.sites.selectors import home_of
from jalons.territories.enums import PlaceKind
from jalons.territories.models import Commune, Departement, Epci, Region
from jalons.territories.selectors import search_places

AreaGroups = list[tuple[str, list[tuple[str, str]]]]
LEVELS = {
    PlaceKind.REGION: AreaLevel.REGION,
    PlaceKind.DEPARTEMENT: AreaLevel.DEPARTEMENT,
    PlaceKind.EPCI: AreaLevel.EPCI,
}


def seen_area(user: Any, text: str) -> FigureArea | None:
    """The area of an address, when the whole of it is within what the person reads, or the part of a région that is."""
    seen = territory_of(user, Right.READ_SITES)
    area = part_seen(seen, find_area(text))
    if area is None or not holds_area(seen, area):
        return None
    if area.operator is not None:
        operators = dict(operators_seen(user)) if has(user, Right.READ_ACTIONS) else {}
        return area if area.operator in operators else None
    return area


def part_seen(seen: Territory, area: FigureArea | None) -> FigureArea | None:
    """Of a région that is read in part, the départements that are, and how many of them; any other area as it is."""
    if area is None or area.level != AreaLevel.REGION or seen.everywhere or area.within <= seen.departements:
        return area
    part = area.within & seen.departements
    words = plural(len(part), "département", "départements")
    label = f"{area.label} ({len(part)} {words} sur {len(area.within)})"
    return replace(area, label=label, territory=Territory(departements=part), within=part) if part else None


def first_area(user: Any) -> FigureArea | None:
    """Where a person works; else the whole of what they read, or the first département of it."""
    seen = territory_of(user, Right.READ_SITES)
    own = home_of(user) or seen
    if own.everywhere:
        return NATION
    for level, codes in (("departement", own.departements), ("epci", own.epcis), ("commune", own.communes)):
        for code in sorted(codes):
            area = find_area(f"{level}-{code}")
            if area is not None and holds_area(seen, area):
                return area
    return None


def area_groups(user: Any, current: FigureArea) -> AreaGroups:
    """The choices of the page, by level; `current` is one of them. At most five queries."""
    seen = territory_of(user, Right.READ_SITES)
    places = named_places(seen)
    operators = operators_seen(user) if has(user, Right.READ_ACTIONS) else []
    portfolios = [(f"operateur-{pk}", name) for pk, name in operators]
    groups = [*places, ("Dispositifs d’un opérateur", portfolios)]
    if not any(code == current.text for _, choices in groups for code, _ in choices):
        groups.insert(0, ("À l’écran", [(current.text, current.label)]))
    return [(label, choices) for label, choices in groups if choices]


def named_places(seen: Territory) -> AreaGroups:
    every = list(Departement.objects.order_by("code").values_list("code", "name", "region"))
    rows = [row for row in every if seen.everywhere or row[0] in seen.departements]
    codes = {code for code, _, _ in rows}
    of_region: dict[str, set[str]] = {}
    for code, _, region in every:
        of_region.setdefault(region, set()).add(code)
    # Those read in part are offered too, from two départements on.
    whole = [region for region, inside in of_region.items() if len(inside & codes) > 1]
    regions = Region.objects.filter(pk__in=whole).order_by("name").values_list("code", "name")
    epcis = Epci.objects.filter(pk__in=seen.epcis).order_by("name").values_list("pk", "name")
    communes = Commune.objects.filter(pk__in=seen.communes).order_by("name").values_list("pk", "name")
    return [
        ("Pays", [(NATION.text, NATION.label)] if seen.everywhere else []),
        ("Régions", [(f"region-{code}", name) for code, name in regions]),
        ("Départements", [(f"departement-{code}", f"{code} · {name}") for code, name, _ in rows]),
        ("Intercommunalités", [(f"epci-{code}", name) for code, name in epcis] if seen.epcis else []),
        ("Communes", [(f"commune-{code}", name) for code, name in communes] if seen.communes else []),
    ]


def area_named(user: Any, text: str) -> FigureArea | None:
    """The best place that a person may mean, among those that they read."""
    seen = territory_of(user, Right.READ_SITES)
    for place in search_places(text, limit=10):
        level = LEVELS.get(PlaceKind(place.kind), AreaLevel.COMMUNE)
        area = seen_area(user, f"{level}-{place.territory.pk}")
        if area is not None and holds_area(seen, area):
            return area
    return None


def level_below(area: FigureArea) -> str:
    """What the area is made of; nothing for a commune."""
    if area.level in (AreaLevel.NATION, AreaLevel.REGION, AreaLevel.OPERATOR):
        return "Département"
    return {AreaLevel.DEPARTEMENT: "Intercommunalité", AreaLevel.EPCI: "Commune"}.get(area.level, "")


def places_below(area: FigureArea) -> tuple[str, Sequence[tuple[str, str, str]]]:
    """What the area is made of: the name of the level, and for each its key, its name and the area it opens.

    Départements of the nation, of a région and of an operator; intercommunalités of a département; communes of one.
    """
    level = level_below(area)
    if level == "Département":
        where = Q(pk__in=area.within) if area.level == AreaLevel.REGION else Q()
        rows = Departement.objects.filter(where).order_by("code").values_list("code", "name")
        return level, [(code, f"{name} ({code})", f"departement-{code}") for code, name in rows]
    if level == "Intercommunalité":
        inside = Commune.objects.filter(departement=area.code).order_by().values("epci")
        epcis = Epci.objects.filter(pk__in=inside).order_by("name", "pk").values_list("pk", "name")
        return level, [(code, name, f"epci-{code}") for code, name in epcis]
    if level == "Commune":
        communes = Commune.objects.filter(epci=area.code).order_by("name", "pk").values_list("pk", "name")
        return level, [(code, name, f"commune-{code}") for code, name in communes]
    return "", []
