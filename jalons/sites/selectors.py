"""Reading sites: the filtered list and its sums, the sheet, what stands nearby. A constant number of queries each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import F, Q, QuerySet

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.accounts.permissions import NOWHERE, Territory, territory_of
from jalons.core.values import Ratio, Sum, Value, fold
from jalons.discussions.models import Favourite
from jalons.history.querysets import NOW, AsOf
from jalons.sites.cards import SiteColumn, SiteLink
from jalons.sites.checks import (
    Alert,
    Assessment,
    assess_all,
    date_alerts,
    disagreeing,
    freshness,
    site_alerts,
    why_used,
)
from jalons.sites.chronology import facts_of_sheet, shown_discords, site_discords
from jalons.sites.enums import Condition, DiagnosisStatus, Reliability, SiteKind, SourceKind, Theme
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    Orientation,
    Ownership,
    Procedure,
    Resettlement,
    Site,
    SiteAlias,
    SiteEvent,
    SocialDiagnosis,
    Survey,
)
from jalons.sites.querysets import SUMMED, SiteQuerySet
from jalons.territories.models import Commune, Epci, Place
from jalons.thresholds.selectors import delay_words, limits_in_force

# How far back the list reads surveys to tell a jump or a disagreement.
RECENT = dt.timedelta(days=200)

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
    """What a person asks of the list; the map, the sums and the export use the very same. Empty fields ask nothing."""

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
    stale: str = ""
    urgent: bool = False
    covered: str = ""
    favourites: bool = False
    sort: str = ""

    @property
    def is_bare(self) -> bool:
        """Nothing was asked beyond the tab and the order."""
        return replace(self, status="open", sort="", at_home=False) == SiteFilter()

    def with_status(self, status: str) -> "SiteFilter":
        return replace(self, status=status)


def search(sites: SiteQuerySet, text: str) -> SiteQuerySet:
    """Sites of which the name, an alias, the address, the commune or the territory answers to `text`."""
    folded = fold(understood(text))[:200]
    if not folded:
        return sites
    named = Q()
    for word in folded.split(" "):
        named &= Q(search_text__contains=word)
    aliases = SiteAlias.objects.filter(name_folded__contains=folded).values("site")
    return sites.filter(named | Q(pk__in=aliases) | in_named_territory(text))


def understood(text: str) -> str:
    """What was typed, without what PostgreSQL refuses and SQLite takes for an end."""
    return text.replace("\x00", " ").strip()


def in_named_territory(text: str) -> Q:
    """For what has a `commune`: within the commune, postcode, EPCI, département or région so named or coded."""
    text = understood(text)
    wholes = Place.objects.named(text).order_by()
    places = (Place.objects.named(text) | Place.objects.filter(code=text.upper()[:9])).order_by()
    return (
        Q(commune__in=places.filter(commune__isnull=False).values("commune"))
        | Q(commune__departement__in=places.filter(commune__isnull=True).values("departement"))
        | Q(commune__epci__in=places.values("epci"))
        # Never by its code: « 93 » is asked for the Seine-Saint-Denis.
        | Q(commune__departement__region__in=wholes.values("region"))
    )


def default_sort(at: AsOf) -> str:
    """Priority says what to do now; a past situation is read from the largest site down."""
    return "-personnes" if at.is_past else "-priorite"


def home_of(user: Any) -> Territory:
    """Where a person works, when they may see more than that; nowhere when the list is already their territory."""
    own, seen = territory_of(user, Right.UPDATE_SITE), territory_of(user, Right.READ_SITES)
    return own if own and seen.everywhere and not own.everywhere else NOWHERE


def filtered_sites(user: Any, asked: SiteFilter, at: AsOf = NOW) -> SiteQuerySet:
    """The sites that `user` may see and asks for, as of a date, with `occupation`, `figure`, `state`. Unordered."""
    sites = Site.objects.visible_to(user)
    sites = sites.closed_on(at) if asked.status == "closed" else sites.open_on(at)
    sites = search(sites.with_figure(at), asked.q)
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
    if asked.covered:
        sites = sites.covered(at) if asked.covered == "covered" else sites.uncovered(at)
    sites = sites.filter(size_condition(asked.size), stale_condition(asked.stale, at.day))
    if asked.themes or asked.urgent:
        sites = sites.with_state(at)
        for theme in asked.themes:
            sites = sites.to_improve(Theme(theme))
    if asked.diagnosis:
        sites = sites.with_diagnosis(at)
        same = Q(diagnosis__status=asked.diagnosis)
        none = Q(diagnosis__isnull=True) if asked.diagnosis == DiagnosisStatus.UNKNOWN else Q(pk__in=[])
        sites = sites.filter(same | none)
    return filtered_by_justice(user, sites, asked, at)


def filtered_by_justice(user: Any, sites: SiteQuerySet, asked: SiteFilter, at: AsOf) -> SiteQuerySet:
    """The filters that read the procedures reach only where the reader may read them."""
    if not (asked.evacuation or asked.urgent):
        return sites
    horizon = at.day + limits_in_force().evacuation_soon
    soon = Q(evacuation__evacuation_on__lte=horizon) & readable(user, Right.READ_JUSTICE)
    sites = sites.with_evacuation(at)
    if asked.evacuation:
        sites = sites.filter(soon)
    if asked.urgent:
        bad = Q(state__water=Condition.BAD) | Q(state__fire=Condition.BAD)
        sites = sites.filter(soon | bad | stale_condition("6", at.day))
    return sites


def readable(user: Any, right: Right) -> Q:
    return territory_of(user, right).q()


def size_condition(size: str) -> Q:
    return {
        "small": Q(figure__people__lt=10),
        "medium": Q(figure__people__gte=10, figure__people__lt=100),
        "large": Q(figure__people__gte=100),
        "unknown": Q(figure__isnull=True),
    }.get(size, Q())


def stale_condition(stale: str, day: dt.date) -> Q:
    never = Q(figure__isnull=True)
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


def ordered_sites(user: Any, sites: SiteQuerySet, sort: str, at: AsOf = NOW) -> SiteQuerySet:
    """`sort` is a key of SORTS, with « - » for descending; unknown values sort last either way."""
    key = sort.removeprefix("-")
    if key == "priorite":
        justice = territory_of(user, Right.READ_JUSTICE)
        sites = sites.with_state(at)
        if justice:
            sites = sites.with_evacuation(at)
        sites = sites.with_priority(at, justice=justice.q() if justice else None)
    column = SORTS[key]
    order = F(column).desc(nulls_last=True) if sort.startswith("-") else F(column).asc(nulls_last=True)
    return sites.order_by(order, "pk")


# --- the list --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListSums:
    """What the filtered list adds up to, each figure with what it covers."""

    sites: int
    people: Sum
    households: Sum
    women: Sum
    minors: Sum
    schooling: Ratio
    stale: int


def list_sums(sites: SiteQuerySet, at: AsOf = NOW) -> ListSums:
    """One query. `stale` counts the sites without a count for six months."""
    found = sites.sums(stale=stale_condition("6", at.day))
    count = found["sites"]
    sums = {
        name: Sum.from_counts(found[name] or 0, known=found[f"{name}_known"], expected=count)
        for name in SUMMED
    }
    schooling = Ratio(found["schooled"] or 0, found["schoolable"] or 0, found["schooled_known"], count)
    return ListSums(sites=count, schooling=schooling, stale=found["stale"], **sums)


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One line of the list."""

    site: Site
    occupation: Occupation
    figure: Survey | None
    state: LivingConditions | None
    alerts: Sequence[Alert]
    others: Sequence[Survey]
    freshness: str
    shows_justice: bool
    # For each column of an app above: what to say without any link, and the links.
    beside: Sequence[tuple[SiteColumn, Sequence[SiteLink]]] = ()

    @property
    def place(self) -> str:
        """« Lille · terrain · depuis mars 2017 »."""
        commune = self.site.commune
        kind = "" if self.site.kind == SiteKind.UNKNOWN else self.site.get_kind_display().lower()
        where = f"{commune.name} ({commune.departement_id})"
        return " · ".join(part for part in (where, kind, self.occupation.words) if part)

    @property
    def people(self) -> Value:
        return self.figure.value("people") if self.figure else Value.nd()

    @property
    def minors(self) -> Value:
        return self.figure.value("minors") if self.figure else Value.nd()

    @property
    def source(self) -> str:
        """« opérateur, compté », or what was said without counting again."""
        if self.figure is None:
            return ""
        return source_words(
            self.figure.source,
            self.figure.source_kind,
            reliability=self.figure.reliability,
            unchanged=self.figure.unchanged,
        )


def source_words(source: Any, kind: str, *, reliability: int, unchanged: bool) -> str:
    """Who counted and how: `source`, the structure if it is known, else the `SourceKind`."""
    how = "rien n’a changé" if unchanged else Reliability(reliability).label.lower()
    return f"{source or SourceKind(kind).label}, {how}"


def site_rows(
    user: Any, page: SiteQuerySet, at: AsOf = NOW, columns: Sequence[SiteColumn] = ()
) -> list[SiteRow]:
    """The lines of one page (an ordered and sliced queryset of `filtered_sites`), in its order.

    Four queries, and those of the `columns` that apps above add.
    """
    # Keys first: a database that sorts thousands of sites should not carry all their columns along.
    pks = list(page.values_list("pk", flat=True))
    sites = sites_on(pks, at)
    surveys = recent_surveys(pks, at)
    evacuations = readable_evacuations(user, pks, at)
    justice, limits = territory_of(user, Right.READ_JUSTICE), limits_in_force()
    beside = [(column, column.read(user, pks, at)) for column in columns]
    rows = []
    for pk in pks:
        site, evacuation = sites[pk], evacuations.get(pk)
        figure, state, diagnosis = site.figure, site.state, site.diagnosis
        alerts = site_alerts(
            figure=figure,
            surveys=surveys[pk],
            states=states_of(state),
            evacuation_on=evacuation.evacuation_on if evacuation else None,
            diagnosis=diagnosis.status if diagnosis else None,
            today=at.day,
            limits=limits,
        )
        rows.append(
            SiteRow(
                site=site,
                occupation=site.occupation,
                figure=figure,
                state=state,
                alerts=[*alerts, *date_alerts(shown_discords(site.occupation, figure, state))],
                others=disagreeing(figure, surveys[pk]),
                freshness=freshness(figure.valid_on if figure else None, at.day, limits),
                shows_justice=justice.covers(site.commune),
                beside=[(column, links.get(pk, ())) for column, links in beside],
            )
        )
    return rows


def sites_on(pks: Sequence[int], at: AsOf) -> dict[int, Any]:
    """Sites by key, each with its `occupation`, and `figure`, `state`, `diagnosis` or None, on a date: one query."""
    sites = Site.objects.filter(pk__in=pks).on(at).with_figure(at).with_state(at).with_diagnosis(at)
    joined = ("occupation", "figure__organisation", "figure__source", "state", "diagnosis")
    found = sites.select_related("commune__departement", *joined).order_by("pk")
    return {site.pk: with_absent(site, "figure", "state", "diagnosis") for site in found}


def with_absent(site: Any, *names: str) -> Any:
    """Django sets no attribute for a filtered relation that found nothing; None says so."""
    for name in names:
        site.__dict__.setdefault(name, None)
    return site


def last_surveys(user: Any, limit: int = 6) -> list[Survey]:
    """The counts recorded last where a person works, those that only say again left out."""
    territory = home_of(user) or territory_of(user, Right.READ_SITES)
    found = Survey.objects.known().filter(territory.q("site__commune"), unchanged=False)
    return list(found.select_related("site", "organisation").order_by("-recorded_at", "-pk")[:limit])


def states_of(state: LivingConditions | None) -> dict[Theme, Condition]:
    if state is None:
        return {}
    return {theme: Condition(getattr(state, theme.value)) for theme in Theme}


# What `checks` compares between surveys.
COMPARED = ("site", "valid_on", "reliability", "people", "set_aside", "source_kind", "source")


def recent_surveys(pks: Sequence[int], at: AsOf) -> dict[int, list[Survey]]:
    """The surveys of some sites over the last months, with what is compared between them."""
    found = Survey.objects.as_of(at).filter(site__in=pks, valid_on__gte=at.day - RECENT).only(*COMPARED)
    by_site: dict[int, list[Survey]] = defaultdict(list)
    for survey in found.order_by("valid_on", "reliability", "pk"):
        by_site[survey.site_id].append(survey)
    return by_site


def standing_by_site(model: Any, pks: Sequence[int], at: AsOf, where: Q | None = None) -> dict[int, Any]:
    """The standing fact of each of some sites, as of a date: one query."""
    facts = model.objects.as_of(at).contenders().filter(where or Q(), site__in=pks)
    if at.known is None:
        facts = facts.in_force(at)
        return {fact.site_id: fact for fact in facts.order_by("pk")}
    # As it was known then: the choice is made again, the one that stands comes last.
    return {fact.site_id: fact for fact in facts.ranked().reverse()}


def newest_by_site(model: Any, pks: Sequence[int], at: AsOf) -> dict[int, list[Any]]:
    """The facts of some sites, newest first: one query."""
    found: dict[int, list[Any]] = defaultdict(list)
    facts = model.objects.as_of(at).filter(site__in=pks).order_by("-valid_on", "-recorded_at", "-pk")
    for fact in facts:
        found[fact.site_id].append(fact)
    return found


def territory_words(user: Any, asked: SiteFilter, departements: Mapping[str, str]) -> str:
    """Which territory a filtered list shows: « Nord (59) », « France entière ». `departements`: names by code."""
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


def readable_evacuations(user: Any, pks: Sequence[int], at: AsOf) -> dict[int, Procedure]:
    """The planned evacuations that this person may know of."""
    territory = territory_of(user, Right.READ_JUSTICE)
    if not territory:
        return {}
    return standing_by_site(Procedure, pks, at, territory.q("site__commune"))


# --- the sheet -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Move:
    """People who went from one site to another. `other` None: a site that the reader may not see."""

    link: Resettlement
    other: Site | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything one person may read of one site, as of a date. A block that they may not read is None."""

    site: Site
    at: AsOf
    occupation: Occupation | None
    aliases: Sequence[SiteAlias]
    surveys: Sequence[Survey]
    figure: Survey | None
    why: str
    others: Sequence[Survey]
    state: LivingConditions | None
    conditions: Sequence[Assessment]
    diagnosis: SocialDiagnosis | None
    events: Sequence[SiteEvent]
    orientations: Sequence[Orientation]
    departures: Sequence[Move]
    arrivals: Sequence[Move]
    merged: Sequence[Site]
    procedures: Sequence[Procedure] | None
    ownership: Ownership | None
    shows_owner: bool
    alerts: Sequence[Alert] = field(default=())
    freshness: str = "late"

    @property
    def closed_on(self) -> dt.date | None:
        """The day the site closed, if it was closed on the date looked at."""
        ended = self.occupation.ended_on if self.occupation else None
        return ended if ended and ended <= self.at.day else None

    @property
    def is_open(self) -> bool:
        return self.occupation is not None and self.closed_on is None


def site_sheet(user: Any, site: Site, at: AsOf = NOW) -> Sheet:
    """At most nine queries, whatever was observed."""
    joined = (
        "occupation",
        "state__organisation",
        "state__author",
        "diagnosis__organisation",
        "diagnosis__author",
    )
    found = Site.objects.filter(pk=site.pk).on(at).with_state(at).with_diagnosis(at).select_related(*joined)
    then = next((with_absent(one, "state", "diagnosis") for one in found.order_by("pk")), None)
    occupation, state, diagnosis = (
        (then.occupation, then.state, then.diagnosis) if then else (None, None, None)
    )
    surveys = list(
        Survey.objects.as_of(at).filter(site=site).select_related("organisation", "source", "author").ranked()
    )
    figure = next((survey for survey in surveys if survey.people is not None and not survey.set_aside), None)
    justice = territory_of(user, Right.READ_JUSTICE).covers(site.commune)
    owner = territory_of(user, Right.READ_OWNER).covers(site.commune)
    procedures = site_procedures(site, at) if justice else None
    planned = [step for step in procedures or () if step.evacuation_on]
    is_closed = occupation is not None and bool(occupation.ended_on and occupation.ended_on <= at.day)
    limits = limits_in_force()
    alerts = site_alerts(
        figure=figure,
        surveys=surveys,
        states=states_of(state),
        evacuation_on=planned[0].evacuation_on if planned else None,
        diagnosis=diagnosis.status if diagnosis else None,
        today=at.day,
        limits=limits,
    )
    moves = site_moves(user, site, at)
    sheet = Sheet(
        site=site,
        at=at,
        occupation=occupation,
        aliases=list(site.aliases.order_by("name", "pk")),
        surveys=surveys,
        figure=figure,
        why=why_used(figure, surveys) if figure else "",
        others=disagreeing(figure, surveys),
        state=state,
        conditions=assess_all(state.answers if state else {}),
        diagnosis=diagnosis,
        events=newest(SiteEvent, at, site=site),
        orientations=list(occupation.orientations.order_by("pk")) if occupation and is_closed else [],
        departures=[move for move in moves if move.link.origin_id == site.pk],
        arrivals=[move for move in moves if move.link.site_id == site.pk],
        merged=list(site.merged.order_by("pk")) if getattr(site, "has_merged", True) else [],
        procedures=procedures,
        ownership=next(iter(newest(Ownership, at, site=site)), None) if owner else None,
        shows_owner=owner,
        alerts=alerts if occupation is not None and not is_closed else (),
        freshness=freshness(figure.valid_on if figure else None, at.day, limits),
    )
    dates = date_alerts(site_discords(occupation, facts_of_sheet(sheet)))
    return replace(sheet, alerts=[*sheet.alerts, *dates]) if dates else sheet


def newest(model: Any, at: AsOf, **subject: Any) -> list[Any]:
    """The facts of one subject, newest first."""
    facts = model.objects.as_of(at).filter(**subject).select_related("organisation", "author")
    return list(facts.order_by("-valid_on", "-recorded_at", "-pk"))


def site_procedures(site: Site, at: AsOf) -> list[Procedure]:
    return newest(Procedure, at, site=site)


def site_moves(user: Any, site: Site, at: AsOf) -> list[Move]:
    """The resettlements from and to a site, newest first. A site out of the reader's reach is not named."""
    links = Resettlement.objects.as_of(at).filter(Q(origin=site) | Q(site=site))
    links = links.select_related("origin__commune", "site__commune", "organisation")
    seen = territory_of(user, Right.READ_SITES)
    moves = []
    for link in links.order_by("-valid_on", "-pk"):
        other = link.site if link.origin_id == site.pk else link.origin
        moves.append(Move(link, other if seen.covers(other.commune) else None))
    return moves


def first_known(site: Site) -> Occupation | None:
    """Since when a site is known to be lived in, as we know it now."""
    return Occupation.objects.known().filter(site=site).first()


# --- what a form starts from ------------------------------------------------------------------------------------


def known_surveys(site: Site) -> list[Survey]:
    """Every count of the site as we know it now, the one that stands first."""
    return list(Survey.objects.known().filter(site=site).select_related("organisation", "source").ranked())


def last_survey(site: Site) -> Survey | None:
    """The count in use today."""
    used = Survey.objects.in_force().filter(site=site)
    return used.select_related("author", "organisation", "source").first()


def last_conditions(site: Site) -> LivingConditions | None:
    used = LivingConditions.objects.in_force().filter(site=site)
    return used.select_related("author", "organisation").first()


def last_owner(site: Site) -> Ownership | None:
    """Sensitive: only for who may read the owner."""
    return next(iter(newest(Ownership, NOW, site=site)), None)


def last_diagnosis(site: Site) -> SocialDiagnosis | None:
    return next(iter(newest(SocialDiagnosis, NOW, site=site)), None)


def organisations_near(site: Site, *always: Organisation | None) -> QuerySet[Organisation]:
    """The organisations that act where the site stands, and those in `always`; by name."""
    commune = site.commune
    acts = Q(territory__departement=commune.departement_id) | Q(
        territory__commune__departement=commune.departement_id
    )
    if commune.epci_id:
        acts |= Q(territory__epci=commune.epci_id)
    kept = Q(pk__in=[organisation.pk for organisation in always if organisation])
    return Organisation.objects.filter(acts & Q(merged_into=None) | kept).order_by("name", "pk")
