"""Building the invented world, and taking it away."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from jalons.accounts.models import User
from jalons.demonstration.attachments import attach, comment, forget_files
from jalons.demonstration.chance import SEED, Calendar, Chance, data
from jalons.demonstration.observations import conditions, diagnosis, events, ownership, procedures, surveys
from jalons.demonstration.people import DOMAIN, make_cast
from jalons.demonstration.plans import Plan, plans
from jalons.demonstration.sites import Teller
from jalons.demonstration.turns import merge, resettle, take_turns
from jalons.demonstration.writing import Story, write
from jalons.territories.models import Commune

CHUNK = 400  # sites written together: memory stays flat, whatever the size of the world
# What is kept when the world is taken away: it comes from published files.
KEPT = "territories"


class Unready(Exception):
    """The world cannot be built here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Built:
    """How many rows of each kind were written, versions included."""

    sites: int
    surveys: int
    others: int


@transaction.atomic
def build(*, today: dt.date, sites: int = 80, surveys_a_site: int = 30) -> Built:
    """Write the world as it would be on `today`. All or nothing; raises `Unready` without the territories."""
    codes = [row["code"] for row in data("communes")]
    communes = {each.pk: each for each in Commune.objects.filter(pk__in=codes).select_related("departement")}
    if len(communes) < len(codes):
        raise Unready("Les communes manquent : lancez d’abord « manage.py load_territories ».")
    chance, calendar = Chance(SEED), Calendar(today)
    tell = Teller(chance, calendar, make_cast(chance, calendar), communes)
    counts: Counter[str] = Counter()
    for number, told in enumerate(chunks(tell, plans(chance, sites=sites, surveys=surveys_a_site))):
        resettle(tell, told)
        counts.update(write([story for _, story in told]))
        counts["Comment"] += comment(tell, told)
        if number == 0:
            counts["Document"] += attach(tell, told)
    # Without it the first pages are planned as for empty tables; both databases know the word.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    others = counts.total() - counts["Site"] - counts["Survey"]
    return Built(sites=counts["Site"], surveys=counts["Survey"], others=others)


def chunks(tell: Teller, planned: Sequence[Plan]) -> Iterator[list[tuple[Plan, Story]]]:
    for start in range(0, len(planned), CHUNK):
        told: list[tuple[Plan, Story]] = []
        for plan in planned[start : start + CHUNK]:
            previous = told[-1][1] if told else None
            told.append((plan, story_of(tell, plan, previous)))
        yield told


def story_of(tell: Teller, plan: Plan, previous: Story | None) -> Story:
    story = tell.begin(plan, previous)
    for observe in (surveys, conditions, events, diagnosis, ownership, procedures):
        observe(tell)
    tell.ended()
    take_turns(tell)
    if previous and "merged_into_previous" in plan.special:
        merge(tell, previous, story)
    return story


def is_empty() -> bool:
    return not User.objects.exists()


def strangers() -> int:
    """How many accounts are not of the demonstration."""
    return User.objects.exclude(email__endswith=f"@{DOMAIN}").count()


@transaction.atomic
def erase() -> None:
    """Empty every table of Jalons but the territories, and start counting rows again from one."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("jalons.") and model._meta.app_label != KEPT
    ]
    forget_files()
    connection.check_constraints()  # PostgreSQL does not truncate a table with checks left for later
    tables = sorted({model._meta.db_table for model in models if model._meta.managed})
    statements = connection.ops.sql_flush(no_style(), tables, reset_sequences=True)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
