"""Of what the figures are: a territory, or what an operator does. Written in an address as « departement-59 »."""

import re
from dataclasses import dataclass

from jalons.accounts.models import Organisation
from jalons.accounts.permissions import EVERYWHERE, Territory
from jalons.figures.enums import AreaLevel
from jalons.territories.enums import PlaceKind
from jalons.territories.models import Commune, Departement, Epci, Place, Region
from jalons.territories.selectors import commune_from_insee

AREA_PARAMETER = "territoire"
WRITTEN = re.compile(r"([a-z]+)(?:-([0-9A-Za-z]{1,12}))?")
BIGGEST_KEY = 2**31 - 1


@dataclass(frozen=True, slots=True)
class FigureArea:
    """`territory`: where; everywhere for an `operator` (the key of an organisation), which may work anywhere.

    `text`: how an address writes it, empty for what no address asks for. `within`: the départements that it touches.
    """

    level: AreaLevel
    text: str
    label: str
    territory: Territory
    code: str = ""
    operator: int | None = None
    within: frozenset[str] = frozenset()

    @property
    def is_place(self) -> bool:
        return self.operator is None


NATION = FigureArea(AreaLevel.NATION, "nation", "France entière", EVERYWHERE)


def area_of(territory: Territory, label: str = "") -> FigureArea:
    """An area for figures that no address names: where somebody works."""
    return FigureArea(AreaLevel.NATION, "", label, territory)


def find_area(text: str) -> FigureArea | None:
    """The area that an address writes so; None when it names none. At most three queries.

    A commune that was merged answers for the one of today, which takes the sites still described in the old ones.
    """
    written = WRITTEN.fullmatch(text)
    if written is None or written[1] not in AreaLevel.values:
        return None
    level, code = AreaLevel(written[1]), (written[2] or "").upper()
    if level == AreaLevel.NATION:
        return NATION if not code else None
    return FINDERS[level](code) if code else None


def find_region(code: str) -> FigureArea | None:
    region = Region.objects.filter(pk=code).first()
    if region is None:
        return None
    codes = frozenset(region.departements.values_list("pk", flat=True))
    where = Territory(departements=codes)
    return FigureArea(AreaLevel.REGION, f"region-{code}", region.name, where, code, within=codes)


def find_departement(code: str) -> FigureArea | None:
    departement = Departement.objects.filter(pk=code).first()
    if departement is None:
        return None
    codes = frozenset([code])
    label = f"{departement.name} ({code})"
    return FigureArea(
        AreaLevel.DEPARTEMENT,
        f"departement-{code}",
        label,
        Territory(departements=codes),
        code,
        within=codes,
    )


def find_epci(code: str) -> FigureArea | None:
    epci = Epci.objects.filter(pk=code).first()
    if epci is None:
        return None
    communes = Commune.objects.filter(epci=epci).order_by("departement").values_list("departement", flat=True)
    where = Territory(epcis=frozenset([code]))
    return FigureArea(
        AreaLevel.EPCI, f"epci-{code}", epci.name, where, code, within=frozenset(communes.distinct())
    )


def find_commune(code: str) -> FigureArea | None:
    commune = commune_from_insee(code)
    if commune is None:
        return None
    former = Place.objects.filter(commune=commune, kind=PlaceKind.FORMER).values("code")
    codes = Commune.objects.filter(pk__in=former).order_by().values_list("pk", flat=True)
    where = Territory(communes=frozenset([commune.pk, *codes]))
    label = f"{commune.name} ({commune.departement_id})"
    within = frozenset([commune.departement_id])
    return FigureArea(AreaLevel.COMMUNE, f"commune-{commune.pk}", label, where, commune.pk, within=within)


def find_operator(code: str) -> FigureArea | None:
    if not code.isdigit() or int(code) > BIGGEST_KEY:
        return None
    organisation = Organisation.objects.filter(pk=int(code)).first()
    if organisation is None:
        return None
    label = organisation.acronym or organisation.name
    return FigureArea(
        AreaLevel.OPERATOR, f"operateur-{organisation.pk}", label, EVERYWHERE, code, operator=organisation.pk
    )


FINDERS = {
    AreaLevel.REGION: find_region,
    AreaLevel.DEPARTEMENT: find_departement,
    AreaLevel.EPCI: find_epci,
    AreaLevel.COMMUNE: find_commune,
    AreaLevel.OPERATOR: find_operator,
}


def holds_area(seen: Territory, area: FigureArea) -> bool:
    """Whether the whole of a place lies where a right holds. Nothing is said of an operator: its rows are filtered."""
    if seen.everywhere:
        return True
    if area.operator is not None:
        return bool(seen)
    if area.level == AreaLevel.NATION:
        return False
    inside = bool(area.within) and area.within <= seen.departements
    if area.level == AreaLevel.EPCI:
        return inside or area.code in seen.epcis
    if area.level == AreaLevel.COMMUNE:
        commune = Commune.objects.filter(pk=area.code).first()
        return inside or (commune is not None and seen.covers(commune))
    return inside
