"""A world whose facts were known at several moments, and its figures counted again by hand, row by row."""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from jalons.actions.enums import ActionTheme, FundingType
from jalons.actions.models import Action, ActionSite, FundingLine, InsertionSite, Intervention, Participation
from jalons.actions.services import Money, set_money
from jalons.core.values import Value
from jalons.history.models import Fact
from jalons.history.querysets import PARIS
from jalons.history.services import correct
from jalons.indicators.models import Measurement
from jalons.sites.enums import (
    ClosingReason,
    Condition,
    DiagnosisStatus,
    OrientationKind,
    StepKind,
    StepState,
    Suitability,
    Theme,
)
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
from tests import factories
from tests.factories import ARRAS, DUNKERQUE, LILLE, MARSEILLE, ROUBAIX, Cast, organisation_of

TODAY = timezone.localdate()
# Days on which facts are true and are recorded.
DAYS = [TODAY - dt.timedelta(days=days) for days in (420, 330, 240, 170, 120, 60, 20, 0)]
COMMUNES = (LILLE, ROUBAIX, DUNKERQUE, ARRAS, MARSEILLE)
SITES, ACTIONS = 30, 10
KINDS = (OrientationKind.HOUSING, OrientationKind.SHELTER, OrientationKind.NONE, OrientationKind.LONG_STAY)


def moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(0, 1), PARIS)


@dataclass
class World:
    """Every row, as it lies in the base."""

    cast: Cast
    rows: dict[type, list[Any]] = field(default_factory=dict)

    def load(self) -> None:
        models = (
            Site, Occupation, Orientation, Survey, LivingConditions, SocialDiagnosis, Resettlement,
            PreparatoryStep, SiteSuitability,
            Action, Intervention, ActionSite, Participation, FundingLine, InsertionSite,
        )  # fmt: skip
        self.rows = {model: list(model._default_manager.order_by("pk")) for model in models}
        self.rows[Site] = list(Site.objects.select_related("commune__departement").order_by("pk"))
        told = Measurement.objects.select_related("series__indicator").order_by("pk")
        self.rows[Measurement] = list(told)


def make_world(cast: Cast) -> World:
    chance = random.Random(20)  # not a secret: always the same world
    factories.make_socle()
    sites = [make_one_site(chance, number) for number in range(SITES)]
    for _ in range(12):
        origin, arrival = chance.sample(sites, 2)
        on = chance.choice(DAYS)
        people = chance.choice([None, 4, 12])
        facts = {"people": people, "recorded_at": moment(known_after(chance, on))}
        factories.make_fact(Resettlement, arrival, on, origin=origin, **facts)
    for number in range(ACTIONS):
        make_one_action(chance, number, cast, sites)
    prepare(random.Random(17), sites)
    move_back(chance)
    world = World(cast)
    world.load()
    return world


def prepare(chance: random.Random, sites: list[Site]) -> None:
    """Targets, steps and answers on some sites: several of one step, of which one stands."""
    for site in chance.sample(sites, 18):
        if chance.random() < 0.5:
            Site.objects.filter(pk=site.pk).update(resorption_target=TODAY.year)
        for kind in chance.sample(list(StepKind), chance.randrange(4)) * 2:
            on = chance.choice(DAYS)
            planned = chance.choice([None, *DAYS])
            known = {"planned_on": planned, "recorded_at": moment(known_after(chance, on))}
            factories.make_step(site, on, kind, chance.choice(StepState.values), **known)
        for on in chance.sample(DAYS, chance.randrange(3)):
            known = {"recorded_at": moment(known_after(chance, on))}
            factories.make_suitability(site, on, chance.choice(Suitability.values), **known)


def known_after(chance: random.Random, day: dt.date) -> dt.date:
    return chance.choice([one for one in DAYS if one >= day])


def make_one_site(chance: random.Random, number: int) -> Site:
    opened = chance.choice(DAYS[:6])
    site = factories.make_site(f"Site {number}", COMMUNES[number % 5], opened=opened)
    known = known_after(chance, opened)
    Occupation.objects.filter(site=site).update(recorded_at=moment(known))
    for on in chance.sample(DAYS, chance.randrange(4)):
        counts: dict[str, Any] = {
            "households": chance.choice([None, 0, 3]),
            "women": chance.choice([None, 2]),
        }
        minors = chance.choice([None, 0, 4])
        counts |= {"minors": minors, "minors_at_school": chance.choice([None, 0, 2]) if minors else None}
        people = chance.choice([None, 0, 9, 10, 99, 100])
        factories.make_survey(site, on, people, recorded_at=moment(known_after(chance, on)), **counts)
    for on in chance.sample(DAYS, chance.randrange(3)):
        states = {theme.value: chance.choice(Condition.values) for theme in Theme}
        factories.make_conditions(site, on, recorded_at=moment(known_after(chance, on)), **states)
    for on in chance.sample(DAYS, chance.randrange(2)):
        status = chance.choice(DiagnosisStatus.values)
        factories.make_diagnosis(site, on, status, recorded_at=moment(known_after(chance, on)))
    later = [one for one in DAYS if one >= known]
    if chance.random() < 0.5:
        close(chance, site, chance.choice(later), max(later[0], known))
    return site


def close(chance: random.Random, site: Site, ended_on: dt.date, known: dt.date) -> None:
    current = Occupation.objects.known().get(site=site)
    reason = chance.choice(ClosingReason.values)
    told = {"ended_on": ended_on, "closing_reason": reason}
    at = moment(known_after(chance, known)) + dt.timedelta(minutes=1)
    closing = correct(fact=current, by=factories.an_author(site), reason="", at=at, **told)
    for kind in chance.sample(KINDS, chance.randrange(3)):
        Orientation.objects.create(occupation=closing, kind=kind, people=chance.choice([None, 3, 8]))


def make_one_action(chance: random.Random, number: int, cast: Cast, sites: list[Site]) -> None:
    operator = chance.choice([cast.operator_a, cast.operator_b, cast.operator13])
    starts_on = chance.choice(DAYS[:5])
    themes = chance.sample([ActionTheme.HOUSING, ActionTheme.WORK, ActionTheme.SCHOOL], 2)
    action = factories.make_action(
        f"Dispositif {number}",
        chance.choice(["59", "59", "13", "62"]),
        starts_on=starts_on,
        ended_on=chance.choice([None, None, DAYS[5]]),
        themes=themes,
        operators=[organisation_of(operator)],
        funders=[organisation_of(cast.mairie)] if chance.random() < 0.4 else [],
        sites=chance.sample(sites, 2),
    )
    for year in (TODAY.year, TODAY.year - 1):
        for _ in range(chance.randrange(3)):
            told = [Value.nd(), Value.na(), Value.empty(), Value.amount(100)]
            planned = chance.choice([Value.nd(), Value.amount(400)])
            amounts = {"planned": planned, "executed": chance.choice(told)}
            money = Money(year=year, kind=FundingType.STATE, amounts=amounts)
            writer = factories.departement_author(action.departement_id)
            set_money(action=action, lines=[money], by=writer, on=dt.date(year, 1, 1))
    since = starts_on
    for on in sorted(chance.sample([one for one in DAYS if one > starts_on], 2)):
        figures = {"logement_personnes": ActionTheme.HOUSING, "contrats": ActionTheme.WORK}
        told = {code: chance.choice([0, 2, Value.nd()]) for code, theme in figures.items() if theme in themes}
        if told and chance.random() < 0.7:
            factories.make_follow_up(action, on, by=operator, since=since, **told)
        since = on + dt.timedelta(days=1)


def move_back(chance: random.Random) -> None:
    """What services record at once was known little by little. Only first versions: a closing is known today."""
    for model in (Intervention, Participation, ActionSite, FundingLine, Measurement):
        firsts: dict[Any, Fact] = {}
        for fact in model._default_manager.order_by("-pk"):
            firsts[fact.lineage] = fact
        for fact in firsts.values():
            known = moment(known_after(chance, fact.valid_on))
            model._default_manager.filter(pk=fact.pk).update(recorded_at=known)
