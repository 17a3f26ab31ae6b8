"""What rules look at: the open sites that one reader sees in a territory, and the facts that they share.

Each set of facts is one query, whatever the number of sites, made when a first rule asks for it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from jalons.accounts.enums import Right
from jalons.accounts.permissions import EVERYWHERE, Territory, territory_of
from jalons.actions.models import Action, ActionSite
from jalons.core import clock
from jalons.history.querysets import NOW
from jalons.sites.enums import Condition, ProcedureKind
from jalons.sites.models import LivingConditions, PreparatoryStep, Procedure, Site, Survey
from jalons.sites.resorption.progress import PENDING
from jalons.urgency.models import WeatherAlert
from jalons.urgency.rule import AlertRule
from jalons.urgency.scales import Scales, read_scales

# The steps that rules read, beside the one that plans an evacuation.
WATCHED = (ProcedureKind.DECISION, ProcedureKind.INSALUBRITY, ProcedureKind.CFP)
# From here, the keys of the actions are not named one by one to the database.
FEW = 500


class CountInUse(NamedTuple):
    """The count in use on a site."""

    day: dt.date
    people: int
    households: int | None
    women: int | None
    minors: int | None
    girls: int | None
    minors_0_3: int | None
    minors_3_6: int | None
    minors_6_12: int | None
    minors_12_16: int | None
    minors_16_18: int | None
    minors_at_school: int | None
    tents: int | None
    cars: int | None
    mattresses: int | None
    source_kind: str
    source: int | None
    pk: int

    @property
    def may_not_add_up(self) -> bool:
        """Some part is greater than its whole: asked of every site before the words are looked for."""
        ages = (self.minors_0_3, self.minors_3_6, self.minors_6_12, self.minors_12_16, self.minors_16_18)
        of_people = max(self.households or 0, self.women or 0, self.minors or 0)
        of_minors = max(self.girls or 0, self.minors_at_school or 0, sum(age or 0 for age in ages))
        return of_people > self.people or (self.minors is not None and of_minors > self.minors)

    @property
    def sleeps_rough(self) -> bool:
        return any((self.tents, self.cars, self.mattresses))


FIGURE_COLUMNS = ("valid_on", *CountInUse._fields[1:-2], "source_id", "pk")


class PoorConditions(NamedTuple):
    """The living conditions in force where one of them is not good."""

    site: int
    day: dt.date
    water: int
    sanitation: int
    electricity: int
    fire: int


class ProcedureStep(NamedTuple):
    """One step of justice or of the administration. `plans`: it gives the date of evacuation in force."""

    site: int
    day: dt.date
    kind: str
    status: str
    appeal: str
    evacuation_on: dt.date | None
    plans: bool


class PendingStep(NamedTuple):
    """A preparatory step that is foreseen or under way."""

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


class SitesInView:
    """`asked`: where, within what `user` sees. `only`: the keys of a few sites, None for all of them."""

    def __init__(self, user: Any, asked: Territory = EVERYWHERE, only: Sequence[int] | None = None) -> None:
        self.user, self.asked, self.only = user, asked, only
        self.day = clock.today()
        self._limits: dict[tuple[str, str], int] = {}  # by rule and département: asked once a site

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

    def open_sites(self) -> QuerySet[Any]:
        """The open sites in view. Unordered."""
        sites = Site.objects.visible_to(self.user).open_on(NOW).filter(self.asked.q()).order_by()
        return sites if self.only is None else sites.filter(pk__in=self.only)

    @cached_property
    def sites(self) -> Mapping[int, str]:
        """The open sites, each with the code of its département."""
        return dict(self.open_sites().values_list("pk", "commune__departement_id"))

    def limit(self, rule: AlertRule, site: int) -> int:
        """The limit of a rule where a site stands."""
        place = rule.code, self.sites[site]
        if place not in self._limits:
            self._limits[place] = self.scales.of(place[1]).limit(rule)
        return self._limits[place]

    def delay(self, rule: AlertRule, site: int) -> dt.timedelta:
        return dt.timedelta(days=self.limit(rule, site))

    def longest(self, rule: AlertRule) -> dt.timedelta:
        """The longest delay that holds for a rule somewhere: what to ask the database for."""
        return dt.timedelta(days=max(self.scales.limits(rule)))

    def standing(self, model: Any, right: Right) -> QuerySet[Any]:
        """The facts of `model` that stand today."""
        facts: QuerySet[Any] = model.objects.in_force(NOW).filter(self.reach(right)).order_by()
        return facts

    @cached_property
    def figures(self) -> Mapping[int, CountInUse]:
        """The count in use of each site that has one."""
        surveys = self.standing(Survey, Right.READ_SITES).filter(Survey.CONTENDS)
        rows = surveys.values_list("site_id", *FIGURE_COLUMNS)
        sites = self.sites
        return {row[0]: CountInUse._make(row[1:]) for row in rows if row[0] in sites}

    @cached_property
    def conditions(self) -> Sequence[PoorConditions]:
        poor = [Condition.BAD, Condition.TO_IMPROVE]
        where = Q(water__in=poor) | Q(sanitation__in=poor) | Q(electricity__in=poor) | Q(fire__in=poor)
        rows = self.standing(LivingConditions, Right.READ_SITES).filter(where)
        names = ("site_id", "valid_on", "water", "sanitation", "electricity", "fire")
        sites = self.sites
        return [PoorConditions._make(row) for row in rows.values_list(*names) if row[0] in sites]

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
    def preparatory_steps(self) -> Mapping[int, Sequence[PendingStep]]:
        """What is left to do to prepare the resorption of each site that says so."""
        rows = self.standing(PreparatoryStep, Right.READ_SITES).filter(state__in=PENDING)
        steps: dict[int, list[PendingStep]] = defaultdict(list)
        for row in rows.values_list("site_id", "valid_on", "kind", "state", "planned_on"):
            if row[0] in self.sites:
                steps[row[0]].append(PendingStep._make(row))
        return steps

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
