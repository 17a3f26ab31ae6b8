"""Every figure counted again in plain Python, from the rows: nothing here asks the base anything."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jalons.actions.enums import ActionTheme
from jalons.actions.models import Action, ActionSite, FundingLine, InsertionSite, Intervention, Participation
from jalons.core.values import Emptiness
from jalons.history.querysets import PARIS, AsOf
from jalons.indicators.models import Measurement
from jalons.sites.enums import StepKind
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    Orientation,
    PreparatoryStep,
    Resettlement,
    Site,
    SiteSuitability,
    SocialDiagnosis,
    Survey,
)
from jalons.thresholds.enums import DEFAULTS
from tests.figures.world import World

Told = tuple[Any, ...]
SIZES = {"small": (0, 10), "medium": (10, 100), "large": (100, 10**9)}
EVACUATED = ("court", "prefecture", "commune")
LODGED = {
    "orientes-logement": ("housing", "long_stay"),
    "orientes-abri": ("shelter",),
    "orientes-aucune": ("none",),
}


@dataclass(frozen=True)
class Reach:
    """Where somebody reads: None for everywhere, else départements; `own`: their structure, with its parts.

    `near`: communes where a site of a dispositif lets them see it.
    """

    sites: frozenset[str] | None
    actions: frozenset[str] | None
    money: frozenset[str] | None
    own: int = 0
    own_money: bool = False
    near: frozenset[str] = frozenset()


@dataclass
class ByHand:
    world: World
    reach: Reach
    communes: frozenset[str] | None  # None: everywhere
    departements: frozenset[str] | None
    operator: int | None
    at: AsOf
    since: dt.date

    def versions(self, model: Any, **where: Any) -> list[Any]:
        """The versions held for right on the day, by reading every row."""
        end = None
        if self.at.known:
            end = dt.datetime.combine(self.at.known + dt.timedelta(days=1), dt.time(), PARIS)
        return [
            one
            for one in self.world.rows[model]
            if all(getattr(one, name) == value for name, value in where.items())
            and not one.withdrawn
            and (end is None or one.recorded_at < end)
            and (one.superseded_at is None or (end is not None and one.superseded_at >= end))
        ]

    def true_by_then(self, model: Any, **where: Any) -> list[Any]:
        return [one for one in self.versions(model, **where) if one.valid_on <= self.at.day]

    def in_period(self, day: dt.date | None) -> bool:
        return day is not None and self.since <= day <= self.at.day

    def going_on(self, facts: Iterable[Any]) -> list[Any]:
        return [one for one in facts if one.ended_on is None or one.ended_on > self.at.day]

    # Which rows

    def held(self, *, ever: bool) -> set[int]:
        """The dispositifs of the operator that the reader sees."""
        parts = self.true_by_then(Participation, role="operator", participant_id=self.operator)
        parts = parts if ever else self.going_on(parts)
        return {part.action_id for part in parts} & {one.pk for one in self.seen_actions}

    @cached_property
    def running_actions(self) -> set[int]:
        return {one.action_id for one in self.going_on(self.true_by_then(Intervention))}

    def sites_of(self, *, ever: bool) -> list[Site]:
        reach, found = self.reach.sites, self.world.rows[Site]
        found = [one for one in found if reach is None or one.commune.departement_id in reach]
        if self.operator is None:
            return [one for one in found if self.communes is None or one.commune_id in self.communes]
        links = [one for one in self.true_by_then(ActionSite) if one.action_id in self.held(ever=ever)]
        if not ever:
            links = [one for one in self.going_on(links) if one.action_id in self.running_actions]
        return [one for one in found if one.pk in {link.site_id for link in links}]

    @cached_property
    def lives(self) -> dict[int, Occupation]:
        return {one.site_id: one for one in self.true_by_then(Occupation)}

    @cached_property
    def opened(self) -> list[Site]:
        ended = {pk for pk, one in self.lives.items() if one.ended_on and one.ended_on <= self.at.day}
        return [one for one in self.sites_of(ever=False) if one.pk in self.lives and one.pk not in ended]

    @cached_property
    def ever(self) -> list[Site]:
        return [one for one in self.sites_of(ever=True) if one.pk in self.lives]

    @cached_property
    def closings(self) -> list[Occupation]:
        lives = [self.lives[one.pk] for one in self.ever]
        return [one for one in lives if self.in_period(one.ended_on)]

    @cached_property
    def seen_actions(self) -> list[Action]:
        reach = self.reach
        return [
            one
            for one in self.world.rows[Action]
            if self.sees(one, reach.actions, reach.own) or self.works_in(one, reach.near)
        ]

    def sees(self, action: Action, departements: frozenset[str] | None, own: int) -> bool:
        if departements is None or action.departement_id in departements:
            return True
        return any(
            part.superseded_at is None and not part.withdrawn and part.ended_on is None
            for part in self.world.rows[Participation]
            if part.action_id == action.pk and part.participant_id == own
        )

    def actions_of(self, *, ever: bool) -> list[Action]:
        if self.operator is not None:
            held = self.held(ever=ever)
            return [one for one in self.seen_actions if one.pk in held]
        return [one for one in self.seen_actions if self.stands_here(one)]

    def stands_here(self, action: Action) -> bool:
        if self.communes is None:
            return True
        if self.departements is not None:
            return action.departement_id in self.departements
        return self.works_in(action, self.communes)

    def works_in(self, action: Action, communes: frozenset[str]) -> bool:
        """On a site or a ground of some communes, as it is known now."""
        here = {one.pk for one in self.world.rows[Site] if one.commune_id in communes}
        links = [one for one in self.world.rows[ActionSite] if one.action_id == action.pk]
        current = [one for one in links if one.superseded_at is None and one.ended_on is None]
        grounds = [one for one in self.world.rows[InsertionSite] if one.action_id == action.pk]
        return any(one.site_id in here for one in current) or any(
            one.commune_id in communes for one in grounds
        )

    # What they add up to

    def standing(self, model: Any, rank: Any = lambda fact: ()) -> dict[int, Any]:
        found: dict[int, Any] = {}
        facts = [one for one in self.true_by_then(model) if one.__dict__.get("people", 0) is not None]
        for one in sorted(facts, key=lambda fact: (fact.valid_on, *rank(fact), fact.recorded_at, fact.pk)):
            found[one.site_id] = one
        return found

    def people(self) -> dict[str, Told]:
        surveys = self.standing(Survey, lambda survey: (survey.reliability,))
        figures = [surveys.get(one.pk) for one in self.opened]
        count = len(figures)

        def added(name: str) -> Told:
            told = [getattr(one, name) for one in figures if one and getattr(one, name) is not None]
            return sum(told), len(told), count

        both = [one for one in figures if one and None not in (one.minors, one.minors_at_school)]
        old = self.at.day - DEFAULTS.survey_stale
        stale = sum(one is None or one.valid_on < old for one in figures)
        share = (
            sum(one.minors_at_school for one in both), sum(one.minors for one in both), len(both), count
        )  # fmt: skip
        sizes = {
            f"taille-{size}": sum(one is not None and low <= one.people < high for one in figures)
            for size, (low, high) in SIZES.items()
        }
        sizes["taille-unknown"] = figures.count(None)
        names = {"personnes": "people", "menages": "households", "femmes": "women", "mineurs": "minors"}
        return {
            "sites-ouverts": (count,) * 3,
            **{key: added(name) for key, name in names.items()},
            "mineurs-scolarises": added("minors_at_school"),
            "scolarisation": share,
            "sans-recensement": (stale,) * 3,
            **{key: (size,) * 3 for key, size in sizes.items()},
        }

    def conditions(self) -> dict[str, Told]:
        states, diagnoses = self.standing(LivingConditions), self.standing(SocialDiagnosis)
        count = len(self.opened)
        told: dict[str, Told] = {}
        for theme in ("water", "sanitation", "electricity", "waste", "pests", "fire"):
            values = [getattr(states[one.pk], theme) for one in self.opened if one.pk in states]
            known = [value for value in values if value != 4]
            told[f"conditions-{theme}"] = (sum(value < 3 for value in known), len(known), count)
        said = [diagnoses[one.pk].status for one in self.opened if one.pk in diagnoses]
        known = [status for status in said if status != "unknown"]
        return {**told, "diagnostics": (known.count("done"), len(known), count)}

    def preparations(self) -> dict[str, Told]:
        here = {one.pk: one for one in self.opened}
        standing: dict[tuple[int, str], PreparatoryStep] = {}
        told = [one for one in self.true_by_then(PreparatoryStep) if one.site_id in here]
        for one in sorted(told, key=lambda step: (step.valid_on, step.recorded_at, step.pk)):
            standing[one.site_id, one.kind] = one
        begun = {site for site, _ in standing}
        targeted = {pk for pk, one in here.items() if one.resorption_target}
        late = {
            one.site_id
            for one in standing.values()
            if one.state in ("foreseen", "under_way") and one.planned_on and one.planned_on < self.at.day
        }
        concerned = len(begun | targeted)
        answers = self.standing(SiteSuitability)
        known = [answers[pk].answer for pk in here if pk in answers and answers[pk].answer != "unknown"]
        steps: dict[str, Told] = {}
        for kind in StepKind:
            states = [one.state for one in standing.values() if one.kind == kind]
            steps[f"etape-{kind.replace('_', '-')}"] = (states.count("done"), len(states), concerned)
        return {
            "resorption-objectif": (len(targeted),) * 3,
            "resorption-commencee": (len(begun),) * 3,
            "resorption-retard": (len(late),) * 3,
            "amenageables": (known.count("yes"), len(known), len(here)),
            **steps,
        }

    def movements(self) -> dict[str, Told]:
        started = sum(self.in_period(self.lives[one.pk].valid_on) for one in self.ever)
        reasons = [one.closing_reason for one in self.closings]
        known = len(reasons) - reasons.count("unknown")
        evacuated = sum(reason in EVACUATED for reason in reasons)
        here = {one.pk for one in self.ever}
        left = [one for one in self.true_by_then(Resettlement) if one.origin_id in here]
        left = [one for one in left if self.in_period(one.valid_on)]
        people = [one.people for one in left if one.people is not None]
        return {
            "ouvertures": (started,) * 3,
            "fermetures": (len(reasons),) * 3,
            "resorptions": (reasons.count("resorbed"), known, len(reasons)),
            "evacuations": (evacuated, known, len(reasons)),
            "sites-reinstalles": (len({one.origin_id for one in left}),) * 3,
            "personnes-reinstallees": (sum(people), len(people), len(left)),
        }

    def orientations(self) -> dict[str, Told]:
        ways: dict[int, list[Orientation]] = {one.pk: [] for one in self.closings}
        for one in self.world.rows[Orientation]:
            if one.occupation_id in ways:
                ways[one.occupation_id].append(one)
        told: dict[str, Told] = {}
        for key, kinds in LODGED.items():
            whole = complete = 0
            for said in ways.values():
                here = [one.people for one in said if one.kind in kinds]
                whole += sum(people or 0 for people in here)
                complete += bool(said) and all(people is not None for people in here)
            told[key] = (whole, complete or int(whole > 0), len(ways))
        return told

    def actions(self) -> dict[str, Told]:
        running = [one for one in self.actions_of(ever=False) if one.pk in self.running_actions]
        links = self.going_on(self.true_by_then(ActionSite))
        covered = {one.site_id for one in links if one.action_id in self.running_actions}
        count, held = len(self.opened), sum(one.pk in covered for one in self.opened)
        return {
            "dispositifs": (len(running),) * 3,
            "sites-couverts": (held, count, count, count),
            "sites-sans-dispositif": (count - held,) * 3,
        }

    def money(self) -> dict[str, Told]:
        reach, own = self.reach.money, self.reach.own if self.reach.own_money else 0
        readable = {one.pk for one in self.seen_actions if self.sees(one, reach, own)}
        declared = {one.action_id for one in self.versions(Intervention)}
        here = {one.pk for one in self.actions_of(ever=True)} & declared & readable
        facts = self.versions(FundingLine) if self.at.valid is None else self.true_by_then(FundingLine)
        lines = [one for one in facts if one.action_id in here and one.year == self.at.day.year]

        def added(name: str) -> Told:
            values = [one.value(name) for one in lines]
            known = [value.number for value in values if value.number is not None]
            left_out = [value for value in values if value.emptiness in (Emptiness.NA, Emptiness.DASH)]
            return sum(known), len(known), len(values) - len(left_out)

        expected = [one for one in lines if one.value("executed").emptiness is not Emptiness.NA]
        both = [one for one in expected if None not in (one.executed, one.planned)]
        spent, planned = sum(one.executed for one in both), sum(one.planned for one in both)
        running = {one.pk for one in self.actions_of(ever=False)} & self.running_actions
        return {
            "prevu": added("planned"),
            "engage": added("committed"),
            "execute": added("executed"),
            "execution": (spent, planned, len(both), len(expected)),
            "financements-lisibles": (len(running & readable), len(running), len(running)),
        }

    def follow_ups(self) -> dict[str, Told]:
        actions = {one.pk: one for one in self.actions_of(ever=True)}
        begun = {one.action_id: one for one in self.true_by_then(Intervention)}
        told: dict[str, Told] = {}
        themes = {"logement-personnes": ActionTheme.HOUSING, "contrats": ActionTheme.WORK}
        for code, theme in themes.items():
            numbers: dict[int, list[Any]] = defaultdict(list)
            for one in self.true_by_then(Measurement):
                right_one = one.series.indicator.code == code and one.series.action_id in actions
                if right_one and one.number is not None and self.in_period(one.valid_on):
                    numbers[one.series.action_id].append(one.number)
            lived = {pk for pk, one in begun.items() if one.ended_on is None or one.ended_on > self.since}
            asked = {pk for pk in lived & actions.keys() if theme in actions[pk].themes}
            whole = sum(sum(values) for values in numbers.values())
            told[code] = (whole, len(numbers), len(asked | numbers.keys()))
        return told

    def everything(self) -> dict[str, Told]:
        parts = (
            self.people(), self.conditions(), self.preparations(), self.movements(), self.orientations(),
            self.actions(), self.money(), self.follow_ups(),
        )  # fmt: skip
        return {key: told for part in parts for key, told in part.items()}
