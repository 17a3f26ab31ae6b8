"""Building the invented world, and taking it away."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model, QuerySet

from jalons.accounts.models import User
from jalons.actions.deadlines import month_ends
from jalons.actions.enums import Rhythm
from jalons.actions.models import Deadline
from jalons.conventions.importing.storing import TRANSCRIBER
from jalons.conventions.models import Convention
from jalons.demonstration.access import knock, publish_texts
from jalons.demonstration.action_plans import OPERATORS, VARIED, action_plans
from jalons.demonstration.action_stories import ActionTeller, by_place, standing_sites
from jalons.demonstration.action_writing import write_actions
from jalons.demonstration.attachments import attach, comment, forget_files
from jalons.demonstration.chance import SEED, Calendar, Chance, data
from jalons.demonstration.conventions import load_calpae, load_shared
from jalons.demonstration.elsewhere import communes_elsewhere, hire_elsewhere, plans_elsewhere
from jalons.demonstration.following import follow_and_report
from jalons.demonstration.invented_conventions import invent
from jalons.demonstration.map_layers import draw_layers
from jalons.demonstration.money import fund, staff
from jalons.demonstration.observations import conditions, diagnosis, events, ownership, procedures, surveys
from jalons.demonstration.people import DOMAIN, Cast, hire, make_cast
from jalons.demonstration.plans import Plan, plans
from jalons.demonstration.resorption import preparation
from jalons.demonstration.sharing import share
from jalons.demonstration.sites import Teller
from jalons.demonstration.turns import merge, resettle, take_turns
from jalons.demonstration.writing import Story, signed, write, write_records
from jalons.indicators.models import Indicator
from jalons.indicators.services import load_socle
from jalons.territories.models import Commune

# Written together: memory stays flat, whatever the size of the world.
CHUNK = 400  # sites
DOZEN = 12  # dispositifs
# What is kept when the world is taken away: it comes from published files.
KEPT = "territories"


class Unready(Exception):
    """The world cannot be built here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Built:
    """How many rows of each kind were written, versions included."""

    sites: int
    surveys: int
    actions: int
    follow_ups: int
    measurements: int
    conventions: int
    others: int


@transaction.atomic
def build(
    *,
    today: dt.date,
    sites: int = 80,
    surveys_a_site: int = 30,
    actions: int = 40,
    follow_ups: int = 24,
    conventions: int = 0,
    convention_years: int = 10,
    elsewhere: bool = False,
) -> Built:
    """Write the world as it would be on `today`. All or nothing; raises `Unready` without the territories.

    `follow_ups`: how many a dispositif followed each month has; loads the socle if it is not there. `conventions`: how
    many chains of invented ones, of `convention_years` each, beside the real CALPAE 2022. `elsewhere`: with the
    sites of two more départements, so that open figures have some to show.
    """
    codes = [row["code"] for row in (*data("communes"), *(communes_elsewhere() if elsewhere else ()))]
    communes = {
        commune.pk: commune for commune in Commune.objects.filter(pk__in=codes).select_related("departement")
    }
    if len(communes) < len(codes):
        raise Unready("Les communes manquent : lancez d’abord « manage.py load_territories ».")
    chance, calendar = Chance(SEED), Calendar(today)
    tell = Teller(chance, calendar, make_cast(chance, calendar), communes)
    publish_texts(tell.cast, calendar)
    knock(tell.cast, calendar)
    counts: Counter[str] = Counter()
    for number, chunk in enumerate(chunks(tell, plans(chance, sites=sites, surveys=surveys_a_site))):
        resettle(tell, chunk)
        counts.update(write([story for _, story in chunk]))
        counts["Comment"] += comment(tell, chunk)
        if number == 0:
            counts["Document"] += attach(tell, chunk)
    if elsewhere:
        counts.update(observe_elsewhere(tell))
    counts.update(act(tell, actions=actions, follow_ups=follow_ups))
    agree(tell, today, conventions=conventions, years=convention_years)
    follow_and_report(tell)
    share(tell)
    draw_layers(tell)
    # Without it the first pages are planned as for empty tables; both databases know the word.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Built(
        sites=counts.pop("Site"),
        surveys=counts.pop("Survey"),
        actions=counts.pop("Action"),
        follow_ups=counts.pop("FollowUp"),
        measurements=counts.pop("Measurement"),
        conventions=Convention.objects.count(),
        others=counts.total(),
    )


def observe_elsewhere(tell: Teller) -> dict[str, int]:
    """With dice of its own: the rest of the world is the same without it."""
    chance = Chance(SEED + 6)
    hire_elsewhere(tell.cast, tell.calendar, chance)
    apart = Teller(chance, tell.calendar, tell.cast, tell.communes)
    return write([story_of(apart, plan, None) for plan in plans_elsewhere(chance)])


def agree(tell: Teller, today: dt.date, *, conventions: int, years: int) -> None:
    """The conventions, with dice of their own."""
    load_calpae(tell.cast)
    load_shared(tell.cast, today.year)
    if conventions:
        chance, by = Chance(SEED + 2), tell.cast.actors["dihal"]
        at = tell.calendar.moment(chance, tell.calendar.day(30))
        invent(conventions=conventions, years=years, by=by, at=at, chance=chance, last=today.year)


def act(tell: Teller, *, actions: int, follow_ups: int) -> Counter[str]:
    """The dispositifs, once the sites that they cover are written; with dice of their own."""
    chance, counts = Chance(SEED + 1), Counter({"Action": 0, "FollowUp": 0, "Measurement": 0})
    if not Indicator.objects.national().exists():
        load_socle()
    if actions > VARIED:
        hire(tell.cast, tell.calendar, chance, per_departement=OPERATORS)
    campaigns = campaign_deadlines(tell.cast, chance, tell.calendar)
    teller = ActionTeller(
        chance=chance,
        calendar=tell.calendar,
        cast=tell.cast,
        communes=tell.communes,
        national={indicator.code: indicator for indicator in Indicator.objects.national().order_by("pk")},
        campaigns=campaigns,
        sites=by_place(standing_sites()),
        follow_ups=follow_ups,
    )
    planned = action_plans(chance, tell.calendar, actions=actions, follow_ups=follow_ups)
    while dozen := list(islice(planned, DOZEN)):
        stories = []
        for plan in dozen:
            stories.append(teller.tell(plan))
            fund(teller)
            staff(teller)
        counts += write_actions(teller, stories)
    return counts


def campaign_deadlines(cast: Cast, chance: Chance, calendar: Calendar) -> list[dt.date]:
    """Everybody's deadlines: the half-yearly campaigns of two years and the next one, and a survey to come."""
    by, today = cast.actors["dihal"], calendar.today
    words = data("action_words")
    until = today + dt.timedelta(days=184)
    days = month_ends(Rhythm.HALF_YEARLY, today - dt.timedelta(days=731), until)
    labels = {today + dt.timedelta(days=45): words["survey"]} | dict.fromkeys(days, words["campaign"])
    deadlines = [
        signed(Deadline(due_on=day, label=label), by, calendar.moment(chance, min(day, today), -60))
        for day, label in sorted(labels.items())
    ]
    write_records(Deadline, deadlines)
    return sorted(labels)


def chunks(tell: Teller, planned: Sequence[Plan]) -> Iterator[list[tuple[Plan, Story]]]:
    for start in range(0, len(planned), CHUNK):
        stories: list[tuple[Plan, Story]] = []
        for plan in planned[start : start + CHUNK]:
            previous = stories[-1][1] if stories else None
            stories.append((plan, story_of(tell, plan, previous)))
        yield stories


def story_of(tell: Teller, plan: Plan, previous: Story | None) -> Story:
    story = tell.begin(plan, previous)
    for observe in (surveys, conditions, events, diagnosis, ownership, procedures):
        observe(tell)
    tell.ended()
    preparation(tell)
    take_turns(tell)
    if previous and "merged_into_previous" in plan.special:
        merge(tell, previous, story)
    return story


def is_empty() -> bool:
    """No account, but that which signs imported conventions: nobody can sign in with it."""
    return not people().exists()


def strangers() -> int:
    """How many accounts are not of the demonstration."""
    return people().exclude(email__endswith=f"@{DOMAIN}").count()


def people() -> QuerySet[User]:
    return User.objects.exclude(email=TRANSCRIBER)


@transaction.atomic
def erase() -> None:
    """Empty every table of Jalons but the territories, and start counting rows again from one."""
    models = with_pointers(
        {
            model
            for model in apps.get_models(include_auto_created=True)
            if model.__module__.startswith("jalons.") and model._meta.app_label != KEPT
        }
    )
    forget_files()
    connection.check_constraints()  # PostgreSQL does not truncate a table with checks left for later
    tables = sorted({model._meta.db_table for model in models if model._meta.managed})
    statements = connection.ops.sql_flush(no_style(), tables, reset_sequences=True)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def with_pointers(models: set[type[Model]]) -> set[type[Model]]:
    """These and the tables of libraries that point at them (passkeys, say): PostgreSQL empties all of them or none."""
    reached = set(models)
    for model in apps.get_models(include_auto_created=True):
        related = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
        if related & reached and model._meta.app_label != KEPT:
            reached.add(model)
    return reached if reached == models else with_pointers(reached)
