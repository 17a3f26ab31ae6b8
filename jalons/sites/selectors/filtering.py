"""Which sites a person sees and asks for, and in which order: the list, the map, the sums and the export read it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Q

from jalons.accounts.enums import Right
from jalons.accounts.permissions import EVERYWHERE, NOWHERE, Territory, territory_of
from jalons.core.values import fold
from jalons.discussions.models import Favourite
from jalons.figures.areas import NATION, FigureArea
from jalons.figures.registry import FigureQuestion, rows_of
from jalons.history.querysets import NOW, AsOf
from jalons.sites.cards import urgent_weights
from jalons.sites.enums import DiagnosisStatus, Theme
from jalons.sites.models import Site, SiteAlias
from jalons.sites.querysets import SiteQuerySet
from jalons.sites.resorption.selectors import BEGUN, having_step, of_suitability
from jalons.territories.models import Commune, Epci
from jalons.territories.selectors import NamedGround, named_ground
from jalons.thresholds.selectors import delay_words, limits_in_force

SIZES = {"small": "Moins de 10", "medium": "De 10 à 99", "large": "100 et plus", "unknown": "Inconnue"}
COVERED = {"covered": "Couverts par un dispositif en cours", "uncovered": "Sans dispositif"}
# `?maj=`: « 3 » and « 6 » are the two thresholds, whatever they are set to.
STALENESS = ("3", "6", "never")
# What `?tri=` may ask → column; the primary key always comes last, so that pages never overlap.
SORTS = {
    "priorite": "priority",
    "personnes": "figure__people",
    "mise-a-jour": "figure__valid_on",
    "installation": "occupation__valid_on",
    "nom": "search_text",
}


@dataclass(frozen=True, slots=True)
class SiteFilter:
    """What a person asks of the list; the map, the sums and the export use the very same. Empty fields ask nothing.

    `step`, `step_status`: one preparatory step, and where it stands (`STATUS_CHOICES`); either alone asks of any.
    `status`: open, closed, or any. `figure`: the key of one, of which the rows are asked, over the days from `since`.
    """

    q: str = ""
    departement: str = ""
    at_home: bool = False
    status: str = "open"
    size: str = ""
    kind: str = ""
    origin: str = ""
    themes: tuple[str, ...] = ()
    diagnosis: str = ""
    evacuation: bool = False
    target: bool = False
    step: str = ""
    step_status: str = ""
    suitability: str = ""
    stale: str = ""
    urgent: bool = False
    covered: str = ""
    favourites: bool = False
    area: FigureArea | None = None
    figure: str = ""
    since: dt.date | None = None
    sort: str = ""

    @property
    def is_bare(self) -> bool:
        """Nothing was asked beyond the tab and the order."""
        return replace(self, status="open", sort="", at_home=False, area=None) == SiteFilter()

    @property
    def about_resorption(self) -> bool:
        """The list then says how far each site is."""
        return bool(self.target or self.step or self.step_status or self.suitability)

    @property
    def asks_urgency(self) -> bool:
        """What calls for somebody chooses or orders the sites."""
        return self.urgent or self.sort.endswith("priorite")

    def with_status(self, status: str) -> "SiteFilter":
        return replace(self, status=status)


def search(sites: SiteQuerySet, text: str, ground: NamedGround | None = None) -> SiteQuerySet:
    """Sites of which the name, an alias, the address, the commune or the territory answers to `text`.

    `ground`: the territory that `text` names, when it is known already.
    """
    folded = fold(understood(text))[:200]
    if not folded:
        return sites
    named = Q()
    for word in folded.split(" "):
        named &= Q(search_text__contains=word)
    aliases = SiteAlias.objects.filter(name_folded__contains=folded).values("site")
    ground = territory_named(text) if ground is None else ground
    return sites.filter(named | Q(pk__in=aliases) | ground.q())


def understood(text: str) -> str:
    """What was typed, without what PostgreSQL refuses and SQLite takes for an end."""
    return text.replace("\x00", " ").strip()


def territory_named(text: str) -> NamedGround:
    """The commune, postcode, EPCI, département or région so named or coded."""
    return named_ground(understood(text))


# The list is a register, read from the largest site down; what calls first has its page, and its order here when asked.
DEFAULT_SORT = "-personnes"


def urgent_here(user: Any, asked: SiteFilter) -> Mapping[int, int]:
    """What calls for somebody where the list looks."""
    if asked.departement:
        return urgent_weights(user, Territory(departements=frozenset([asked.departement])))
    return urgent_weights(user, (home_of(user) if asked.at_home else None) or EVERYWHERE)


def home_of(user: Any) -> Territory:
    """Where a person works, when they may see more than that; nowhere when the list is already their territory."""
    own, seen = territory_of(user, Right.UPDATE_SITE), territory_of(user, Right.READ_SITES)
    return own if own and seen.everywhere and not own.everywhere else NOWHERE


def filtered_sites(user: Any, asked: SiteFilter, at: AsOf = NOW) -> SiteQuerySet:
    """The sites that `user` may see and asks for, as of a date, with `occupation`, `figure`, `state`. Unordered."""
    sites = Site.objects.visible_to(user)
    if asked.area:
        sites = sites.of_area(asked.area, user=user, at=at, ever=asked.status != "open")
    sites = search(of_status(sites, asked.status, at).with_figure(at), asked.q)
    if asked.figure:
        question = FigureQuestion(user, at, asked.area or NATION, asked.since)
        rows = rows_of(asked.figure, question, "sites:list")
        if rows is not None:
            sites = sites.filter(pk__in=rows.order_by().values("pk"))
    if asked.at_home:
        sites = sites.filter(home_of(user).q())
    if asked.departement:
        sites = sites.filter(commune__departement=asked.departement)
    if asked.kind:
        sites = sites.filter(kind=asked.kind)
    if asked.origin:
        sites = sites.filter(origins__contains=f"|{asked.origin}|")
    if asked.favourites:
        sites = sites.filter(pk__in=Favourite.objects.keys_of(user, "site"))
    if asked.target:
        sites = sites.filter(resorption_target__isnull=False)
    if asked.step or asked.step_status:
        sites = having_step(sites, kind=asked.step, status=asked.step_status or BEGUN, at=at)
    if asked.suitability:
        sites = of_suitability(sites, asked.suitability, at)
    if asked.covered:
        sites = sites.covered(at) if asked.covered == "covered" else sites.uncovered(at)
    sites = sites.filter(size_condition(asked.size), stale_condition(asked.stale, at.day))
    if asked.themes:
        sites = sites.with_state(at)
        for theme in asked.themes:
            sites = sites.to_improve(Theme(theme))
    if asked.diagnosis:
        sites = sites.with_diagnosis(at)
        same = Q(diagnosis__status=asked.diagnosis)
        none = Q(diagnosis__isnull=True) if asked.diagnosis == DiagnosisStatus.UNKNOWN else Q(pk__in=[])
        sites = sites.filter(same | none)
    return filtered_by_justice(user, filtered_by_urgency(user, sites, asked), asked, at)


def of_status(sites: SiteQuerySet, status: str, at: AsOf) -> SiteQuerySet:
    return {"open": sites.open_on, "closed": sites.closed_on, "any": sites.on}[status](at)


def filtered_by_urgency(user: Any, sites: SiteQuerySet, asked: SiteFilter) -> SiteQuerySet:
    """Those on which the reader reads that something is urgent, today."""
    return sites.filter(pk__in=list(urgent_here(user, asked))) if asked.urgent else sites


def filtered_by_justice(user: Any, sites: SiteQuerySet, asked: SiteFilter, at: AsOf) -> SiteQuerySet:
    """The filter that reads the procedures reaches only where the reader may read them."""
    if not asked.evacuation:
        return sites
    horizon = at.day + limits_in_force().evacuation_soon
    soon = Q(evacuation__evacuation_on__lte=horizon) & readable(user, Right.READ_JUSTICE)
    return sites.with_evacuation(at).filter(soon)


def readable(user: Any, right: Right) -> Q:
    return territory_of(user, right).q()


def size_condition(size: str) -> Q:
    return {
        "small": Q(figure__people__lt=10),
        "medium": Q(figure__people__gte=10, figure__people__lt=100),
        "large": Q(figure__people__gte=100),
        "unknown": Q(figure__valid_on__isnull=True),
    }.get(size, Q())


def stale_condition(stale: str, day: dt.date) -> Q:
    never = Q(figure__valid_on__isnull=True)
    if stale == "never":
        return never
    if stale not in STALENESS:
        return Q()
    limits = limits_in_force()
    delay = limits.survey_due if stale == "3" else limits.survey_stale
    return never | Q(figure__valid_on__lt=day - delay)


def staleness_choices() -> list[tuple[str, str]]:
    limits = limits_in_force()
    due, stale = delay_words(limits.survey_due), delay_words(limits.survey_stale)
    labels = (f"Depuis plus de {due}", f"Depuis plus de {stale}", "Jamais recensés")
    return list(zip(STALENESS, labels, strict=True))


def ordered_sites(user: Any, sites: SiteQuerySet, asked: SiteFilter) -> SiteQuerySet:
    """In the order of `asked.sort`, a key of SORTS with « - » for descending; unknown values sort last either way."""
    key, descending = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    column = F(SORTS[key])
    order = [column.desc(nulls_last=True) if descending else column.asc(nulls_last=True)]
    if key == "priorite":
        sites = sites.with_priority(urgent_here(user, asked))
        order.append(F("figure__people").desc(nulls_last=True))
    return sites.order_by(*order, "pk")


def territory_words(user: Any, asked: SiteFilter, departements: Mapping[str, str]) -> str:
    """Which territory a filtered list shows: « Nord (59) », « France entière ». `departements`: names by code."""
    if asked.area:
        return asked.area.label if asked.area.is_place else "Dispositifs d’un opérateur"
    territory = home_of(user) if asked.at_home else territory_of(user, Right.READ_SITES)
    if asked.departement:
        territory = Territory(departements=frozenset({asked.departement}))
    return names_of(territory, departements)


def names_of(territory: Territory, departements: Mapping[str, str]) -> str:
    """« Nord (59) », « France entière », the names of communes and EPCI. `departements`: names by code."""
    if territory.everywhere:
        return "France entière"
    if territory.departements:
        names = [f"{name} ({code})" for code, name in departements.items() if code in territory.departements]
    else:
        names = list(
            Commune.objects.filter(pk__in=territory.communes).order_by("name").values_list("name", flat=True)
        )
        names += list(
            Epci.objects.filter(pk__in=territory.epcis).order_by("name").values_list("name", flat=True)
        )
    return ", ".join(names) or "votre territoire"
