"""The territory that a row names for a structure, and whether somebody administers it: a few queries for a table."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from jalons.accounts.enums import OrganisationKind
from jalons.accounts.permissions import Territory
from jalons.core.values import fold
from jalons.joining.territory import NATION_WORDS, words
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Commune, Departement, Epci, Region

# How far a structure of place type works around its commune. The others: its département.
AROUND: dict[str, ScopeLevel] = {
    OrganisationKind.COMMUNE: ScopeLevel.COMMUNE,
    OrganisationKind.EPCI: ScopeLevel.EPCI,
    OrganisationKind.REGION: ScopeLevel.REGION,
    OrganisationKind.MINISTRY: ScopeLevel.NATION,
}


@dataclass(frozen=True, slots=True)
class PlainScope:
    """A scope before it is written. `departement`: where it stands, "" for a region and the nation."""

    level: ScopeLevel
    code: str = ""
    label: str = ""
    departement: str = ""

    @property
    def words(self) -> str:
        """« Nord (59) », as it may be written in a table."""
        if self.level == ScopeLevel.NATION:
            return "France entière"
        return words(self.level, self.label, self.code)


NATION = PlainScope(ScopeLevel.NATION)


class TerritoryNames:
    """Départements, regions and intercommunalités by what people write."""

    def __init__(self, administered: Territory) -> None:
        self.administered = administered

    @cached_property
    def departements(self) -> dict[str, Departement]:
        return {place.pk: place for place in Departement.objects.select_related("region").order_by("pk")}

    @cached_property
    def named(self) -> dict[str, list[PlainScope]]:
        gathered: dict[str, dict[str, PlainScope]] = defaultdict(dict)
        scopes = [self.departement(place) for place in self.departements.values()]
        scopes += [self.region(place) for place in Region.objects.order_by("pk")]
        epcis = Epci.objects.filter(communes__isnull=False).distinct().order_by("pk")
        scopes += [PlainScope(ScopeLevel.EPCI, place.pk, place.name) for place in epcis]
        for scope in scopes:
            keys = {fold(scope.label), fold(scope.words)}
            keys |= {fold(scope.code)} if scope.level == ScopeLevel.DEPARTEMENT else set()
            for key in keys:
                gathered[key][scope.words] = scope
        for word in NATION_WORDS:
            gathered[fold(word)][NATION.words] = NATION
        return {key: list(scopes.values()) for key, scopes in gathered.items()}

    def departement(self, departement: Departement) -> PlainScope:
        return PlainScope(ScopeLevel.DEPARTEMENT, departement.pk, departement.name, departement.pk)

    def region(self, region: Region) -> PlainScope:
        return PlainScope(ScopeLevel.REGION, region.pk, region.name)

    def around(self, commune: Commune, kind: str) -> PlainScope:
        """Where a structure of this type works, when only its commune is known."""
        level = AROUND.get(kind, ScopeLevel.DEPARTEMENT)
        if level == ScopeLevel.NATION:
            return NATION
        if level == ScopeLevel.COMMUNE:
            return self.commune(commune)
        if level == ScopeLevel.EPCI and commune.epci is not None:
            return PlainScope(ScopeLevel.EPCI, commune.epci.pk, commune.epci.name, commune.departement_id)
        departement = self.departements[commune.departement_id]
        if level == ScopeLevel.REGION:
            return self.region(departement.region)
        return self.departement(departement)

    def commune(self, commune: Commune) -> PlainScope:
        return PlainScope(ScopeLevel.COMMUNE, commune.pk, commune.name, commune.departement_id)

    def only(self) -> PlainScope | None:
        """The one département that somebody administers, when they administer place."""
        codes = self.administered.departements
        if len(codes) != 1 or self.administered.everywhere:
            return None
        return self.departement(self.departements[next(iter(codes))])

    # Who administers what -----------------------------------------------------------------------------------

    @cached_property
    def by_epci(self) -> dict[str, set[str]]:
        gathered: dict[str, set[str]] = defaultdict(set)
        pairs = Commune.objects.filter(epci__isnull=False).values_list("epci_id", "departement_id")
        for epci, departement in pairs.order_by().distinct():
            gathered[str(epci)].add(departement)
        return gathered

    def holds(self, scope: PlainScope, communes: Iterable[Commune] = ()) -> bool:
        """Does all of `scope` stand in what is administered? As `joining.permissions.scopes_within` says it."""
        where = self.administered
        if where.everywhere:
            return True
        if scope.level == ScopeLevel.DEPARTEMENT:
            return scope.code in where.departements
        if scope.level == ScopeLevel.COMMUNE:
            known = {commune.pk: commune for commune in communes}
            commune = known.get(scope.code)
            return where.covers(commune) if commune else scope.departement in where.departements
        if scope.level == ScopeLevel.EPCI:
            inside = self.by_epci.get(scope.code, set())
            return scope.code in where.epcis or (bool(inside) and inside <= where.departements)
        if scope.level == ScopeLevel.REGION:
            members = {pk for pk, place in self.departements.items() if place.region_id == scope.code}
            return bool(members) and members <= where.departements
        return False
