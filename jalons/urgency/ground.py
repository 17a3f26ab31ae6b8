"""What rules look at: the open sites that one reader sees in a territory, and the facts that they share.

Each set of facts is one query, whatever the number of sites, made when a first rule asks for it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from jalons.accounts.enums import Right
from jalons.accounts.permissions import EVERYWHERE, Territory, territory_of
from jalons.actions.models import Action, ActionSite
from jalons.core import clock
from jalons.history.querysets import NOW
from jalons.sites.enums import Condition, DiagnosisStatus, ProcedureKind, StepState, Theme
from jalons.sites.models import PreparatoryStep, Procedure, Site, SocialDiagnosis
from jalons.sites.querysets import SiteQuerySet
from jalons.sites.resorption.progress import PENDING
from jalons.sites.warnings import odd_counts
from jalons.urgency.models import WeatherAlert
from jalons.urgency.rule import AlertRule
from jalons.urgency.scales import Scales, read_scales

# The steps that rules read, beside the one that plans an evacuation.
WATCHED = (ProcedureKind.DECISION, ProcedureKind.INSALUBRITY, ProcedureKind.CFP)
Scaled = TypeVar("Scaled")
# From here, the keys of the actions are not named one by one to the database.
FEW = 500


class OpenSite(NamedTuple):
    """An open site: what most rules read of its count and of its living conditions in force, None when there is none.

    `sdis`: the answer to « le SDIS a-t-il fait un diagnostic ? ». `target`: the year aimed at for its resorption.
    `is_odd`: its count contradicts itself.
    """

    departement: str
    day: dt.date | None
    people: int | None
    minors: int | None
    minors_3_6: int | None
    minors_6_12: int | None
    minors_12_16: int | None
    minors_at_school: int | None
    people_before: int | None
    people_apart: int | None
    seen_on: dt.date | None
    water: int | None
    sanitation: int | None
    electricity: int | None
    waste: int | None
    pests: int | None
    fire: int | None
    sdis: str | None
    target: int | None
    is_odd: bool


COUNTED = (
    "valid_on",
    "people",
    "minors",
    "minors_3_6",
    "minors_6_12",
    "minors_12_16",
    "minors_at_school",
    "people_before",
    "people_apart",
)
DESCRIBED = ("valid_on", "water", "sanitation", "electricity", "waste", "pests", "fire")


class CountInUse(Protocol):
    """The count in use on a site, with what it is compared with (`sites.models.rivals`): the row of a counted site."""

    @property
    def departement(self) -> str: ...
    @property
    def day(self) -> dt.date: ...
    @property
    def people(self) -> int: ...
    @property
    def minors(self) -> int | None: ...
    @property
    def minors_3_6(self) -> int | None: ...
    @property
    def minors_6_12(self) -> int | None: ...
    @property
    def minors_12_16(self) -> int | None: ...
    @property
    def minors_at_school(self) -> int | None: ...
    @property
    def people_before(self) -> int | None: ...
    @property
    def people_apart(self) -> int | None: ...


class ProcedureStep(NamedTuple):
    """One step of justice or of the administration. `plans`: it gives the date of evacuation in force."""

    site: int
    day: dt.date
    kind: str
    status: str
    appeal: str
    evacuation_on: dt.date | None
    plans: bool


class ResorptionStep(NamedTuple):
    """Where a preparatory step stands."""

    site: int
    day: dt.date
    kind: str
    state: str
    planned_on: dt.date | None


class RunningAction(NamedTuple):
    """A dispositif in progress that the reader may see."""

    public_id: str
    name: str
    since: dt.date
    planned_end: dt.date | None


class ByPlace(dict[str, Scaled]):
    """Something by code of département, asked for once each."""

    def __init__(self, ask: Callable[[str], Scaled]) -> None:
        super().__init__()
        self.ask = ask

    def __missing__(self, place: str) -> Scaled:
        self[place] = self.ask(place)
        return self[place]


class SitesInView:
    """`asked`: where, within what `user` sees. `only`: the keys of a few sites, None for all of them."""

    def __init__(self, user: Any, asked: Territory = EVERYWHERE, only: Sequence[int] | None = None) -> None:
        self.user, self.asked, self.only = user, asked, only
        self.day = clock.today()
        # By rule, then by département: asked once a site.
        self._limits: dict[str, ByPlace[int]] = {}
        self._delays: dict[str, ByPlace[dt.timedelta]] = {}
        self._weights: dict[str, ByPlace[int]] = {}

    def reach(self, right: Right, site: str = "site") -> Q:
        """Of facts that reach their site by `site`: those on the asked sites that `right` lets the reader read."""
        where = Q() if self.only is None else Q(**{f"{site}__in": self.only})
        territories = {self.asked, territory_of(self.user, Right.READ_SITES), territory_of(self.user, right)}
        for territory in sorted(territories, key=str):
            where &= territory.q(f"{site}__commune")
        return where

    @cached_property
    def scales(self) -> Scales:
        return read_scales()

    def open_sites(self) -> SiteQuerySet:
        """The open sites in view. Unordered."""
        sites: SiteQuerySet = (
            Site.objects.visible_to(self.user).open_on(NOW).filter(self.asked.q()).order_by()
        )
        return sites if self.only is None else sites.filter(pk__in=self.only)

    @cached_property
    def sites(self) -> Mapping[int, OpenSite]:
        """The open sites: one query."""
        columns = (
            *("pk", "commune__departement_id"),
            *(f"figure__{name}" for name in COUNTED),
            *(f"state__{name}" for name in DESCRIBED),
            *("sdis", "resorption_target", "is_odd"),
        )
        answer = KeyTextTransform("diagnostic", KeyTransform(Theme.FIRE.value, "state__answers"))
        odd = Case(When(odd_counts("figure"), then=Value(True)), default=Value(False))
        rows = self.counted_sites().with_state(NOW).annotate(sdis=answer, is_odd=odd)
        return {row[0]: OpenSite._make(row[1:]) for row in rows.values_list(*columns)}

    def counted_sites(self) -> SiteQuerySet:
        """The open sites, each with its count in force as `figure`: what rules filter further in the database.

        They start from the sites, so that a territory costs what it holds.
        """
        return self.open_sites().with_figure(NOW)

    def limits(self, rule: AlertRule) -> "ByPlace[int]":
        """The limit of a rule in each département: asked once a rule, looked at for thousands of sites."""
        if rule.code not in self._limits:
            self._limits[rule.code] = ByPlace(lambda place: self.scales.of(place).limit(rule))
        return self._limits[rule.code]

    def delays(self, rule: AlertRule) -> "ByPlace[dt.timedelta]":
        """The same, as a time."""
        if rule.code not in self._delays:
            limits = self.limits(rule)
            self._delays[rule.code] = ByPlace(lambda place: dt.timedelta(days=limits[place]))
        return self._delays[rule.code]

    def weights(self, rule: AlertRule) -> "ByPlace[int]":
        """What a rule weighs in each département."""
        if rule.code not in self._weights:
            self._weights[rule.code] = ByPlace(lambda place: self.scales.of(place).weight(rule))
        return self._weights[rule.code]

    def limit(self, rule: AlertRule, site: int) -> int:
        """The limit of a rule where a site stands."""
        return self.limits(rule)[self.sites[site].departement]

    def weight(self, rule: AlertRule, site: int) -> int:
        """What a rule weighs where a site stands."""
        return self.weights(rule)[self.sites[site].departement]

    def delay(self, rule: AlertRule, site: int) -> dt.timedelta:
        return self.delays(rule)[self.sites[site].departement]

    def longest(self, rule: AlertRule) -> dt.timedelta:
        """The longest delay that holds for a rule somewhere: what to ask the database for."""
        return dt.timedelta(days=max(self.scales.limits(rule)))

    def shortest(self, rule: AlertRule) -> dt.timedelta:
        """The shortest, below which a rule holds nowhere."""
        return dt.timedelta(days=min(self.scales.limits(rule)))

    def standing(self, model: Any, right: Right) -> QuerySet[Any]:
        """The facts of `model` that stand today."""
        facts: QuerySet[Any] = model.objects.in_force(NOW).filter(self.reach(right)).order_by()
        return facts

    @cached_property
    def figures(self) -> Mapping[int, CountInUse]:
        """The count in use of each site that has one."""
        counted = {site: row for site, row in self.sites.items() if row.people is not None}
        return cast(Mapping[int, CountInUse], counted)

    @property
    def people(self) -> Mapping[int, int]:
        """How many people each site that has a count holds."""
        return {site: figure.people for site, figure in self.figures.items()}

    def where_bad(self, theme: Theme) -> Iterator[tuple[int, dt.date]]:
        """The sites where a living condition is bad, with the day it was seen."""
        place = OpenSite._fields.index(theme.value)
        for site, row in self.sites.items():
            if row[place] == Condition.BAD and row.seen_on is not None:
                yield site, row.seen_on

    @cached_property
    def steps(self) -> Mapping[int, Sequence[ProcedureStep]]:
        """The steps of the procedures that the reader may read, oldest first, by site."""
        rows = Procedure.objects.as_of(NOW).filter(
            Q(kind__in=WATCHED) | Q(evacuation_on__isnull=False, holds_until__gt=self.day),
            self.reach(Right.READ_JUSTICE),
        )
        names = ("site_id", "valid_on", "kind", "status", "appeal", "evacuation_on", "holds_until")
        steps: dict[int, list[ProcedureStep]] = defaultdict(list)
        for row in rows.order_by("valid_on", "recorded_at", "pk").values_list(*names):
            if row[0] in self.sites:
                steps[row[0]].append(
                    ProcedureStep._make((*row[:6], row[5] is not None and row[6] > self.day))
                )
        return steps

    @cached_property
    def evacuations(self) -> Mapping[int, ProcedureStep]:
        """The step that plans the evacuation of each site that has one, as far as the reader may read it."""
        return {site: step for site, steps in self.steps.items() for step in steps if step.plans}

    @cached_property
    def diagnosed(self) -> Set[int]:
        """The sites of which a social diagnosis is done."""
        done = self.standing(SocialDiagnosis, Right.READ_SITES).filter(status=DiagnosisStatus.DONE)
        return set(done.values_list("site_id", flat=True))

    @cached_property
    def pending_steps(self) -> Mapping[int, Sequence[ResorptionStep]]:
        """The steps of a resorption that are not done yet and of which a rule may say something, by site."""
        rows = self.standing(PreparatoryStep, Right.READ_SITES).filter(
            Q(planned_on__lt=self.day) | Q(planned_on__isnull=True, state=StepState.UNDER_WAY),
            state__in=PENDING,
        )
        steps: dict[int, list[ResorptionStep]] = defaultdict(list)
        for row in rows.values_list("site_id", "valid_on", "kind", "state", "planned_on"):
            if row[0] in self.sites:
                steps[row[0]].append(ResorptionStep._make(row))
        return steps

    def without_step(self) -> Iterator[tuple[int, str, int]]:
        """The sites with a year aimed at, and of which nobody wrote any step: key, département, year."""
        aimed = [(site, row.departement, row.target) for site, row in self.sites.items() if row.target]
        if aimed:
            steps = self.standing(PreparatoryStep, Right.READ_SITES).values_list("site_id", flat=True)
            begun = set(steps.distinct())
            yield from ((site, place, year) for site, place, year in aimed if site not in begun)

    @cached_property
    def weather(self) -> Mapping[str, Sequence[WeatherAlert]]:
        """The heat and the cold of today, by code of département. They are known to everybody."""
        rows = WeatherAlert.objects.going_on(NOW).order_by("kind")
        alerts: dict[str, list[WeatherAlert]] = defaultdict(list)
        for alert in rows:
            alerts[alert.departement_id].append(alert)
        return alerts

    @cached_property
    def coverage(self) -> Mapping[int, Sequence[int]]:
        """The dispositifs in progress (primary keys) that cover each site, whoever may see them."""
        links = ActionSite.objects.covering(NOW).filter(self.reach(Right.READ_SITES))
        covering: dict[int, list[int]] = defaultdict(list)
        for site, action in links.order_by("action").values_list("site_id", "action_id"):
            if site in self.sites:
                covering[site].append(action)
        return covering

    @cached_property
    def runs(self) -> Mapping[int, RunningAction]:
        """Of those, the ones that the reader may see, by primary key."""
        return self.runs_with(Right.READ_ACTIONS)

    def runs_with(self, right: Right) -> Mapping[int, RunningAction]:
        """Of the dispositifs that cover a site, those on which the reader holds `right`."""
        covering = {action for actions in self.coverage.values() for action in actions}
        if not covering:
            return {}
        actions = Action.objects.in_territory(territory_of(self.user, right)).in_progress(NOW)
        if len(covering) <= FEW:
            actions = actions.filter(pk__in=covering)
        names = ("pk", "public_id", "name", "intervention__valid_on", "intervention__planned_end")
        return {row[0]: RunningAction._make(row[1:]) for row in actions.order_by().values_list(*names)}

    def covered_by(self, actions: Mapping[int, Any]) -> list[tuple[int, int]]:
        """(site, action) for each site that one of `actions` covers."""
        return [
            (site, action)
            for site, covering in self.coverage.items()
            for action in covering
            if action in actions
        ]
