"""« Connu le » on every page of the conventions: what is written since changes nothing there, whatever it is."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jalons.conventions.documents.make import PARTS
from jalons.conventions.models import (
    Acknowledgement,
    Article,
    BudgetAmount,
    BudgetLine,
    Cell,
    Convention,
    Edition,
    Payment,
    ResumeRow,
    Seat,
    TrackingRow,
)
from jalons.conventions.models.base import Piece
from jalons.core import clock
from jalons.history.models import Fact, Record
from jalons.history.services import correct, save_record
from tests import factories
from tests.house.convention_pages import CONVENTION_PAGES
from tests.house.page import Page
from tests.house.test_blind import content
from tests.house.test_permissions import ADDRESSES, allowed, signed_in, url
from tests.house.world import World, make_world

pytestmark = pytest.mark.django_db
NEW = "Réécrit"
STAMP = re.compile(rb"DTSTAMP:\w+")  # of a calendar: when it was made
# They say in words that they are only read today. A page that reads the past is not here.
TODAY_ONLY = {
    "conventions:alerts",  # a cache of what the rules of today say
    "conventions:amendment",  # old → what is written now
    "conventions:cell_history",  # every version, with its date
    "conventions:comparison",
    "conventions:drift",  # what was voted → what is written now
    "conventions:empty_cells",  # what is left to fill
    "conventions:report",
    "conventions:seats",  # rights are those of today
}
READING = [page for page in CONVENTION_PAGES if page.reads]
ids = {"ids": lambda page: page.name}


def reads_the_past(page: Page) -> bool:
    return (page.data is None and page.name not in TODAY_ONLY | {"conventions:next_year"}) or page.name == (
        "conventions:grid"
    )


FIRST_ONLY = pytest.mark.first_database(
    reason="les mots et les liens des pages ; le premier test les lit toutes sur les deux bases"
)
THEN = [page for page in READING if reads_the_past(page)]
NOW_ONLY = [page for page in READING if not reads_the_past(page)]


def then_of() -> dt.date:
    return clock.today() - dt.timedelta(days=30)


def age(days: int = 60) -> None:
    """Everything of the conventions was written two months ago."""
    moment = dt.datetime.combine(clock.today() - dt.timedelta(days=days), dt.time(12), dt.UTC)
    for model in models_of(Record):
        model.history.update(history_date=moment)
    for model in (Cell, BudgetAmount):
        model.objects.update(recorded_at=moment)
    Edition.objects.update(frozen_at=moment)


def models_of(base: Any) -> list[Any]:
    """The models of the conventions that are such facts or records."""
    found, waiting = [], [base]
    while waiting:
        for model in waiting.pop().__subclasses__():
            waiting.append(model)
            if not model._meta.abstract and model.__module__.startswith("jalons.conventions.models"):
                found.append(model)
    return found


def rewritten(value: Any) -> Any:
    """Another text at every place of a JSON, another number too."""
    if isinstance(value, dict):
        return {
            name: rewritten(each) if name not in ("kind", "unit") else each for name, each in value.items()
        }
    if isinstance(value, list):
        return [rewritten(each) for each in value]
    if isinstance(value, str) and value:
        return f"{NEW} {value}"
    return value + 7 if isinstance(value, int | float) and not isinstance(value, bool) else value


KEYS = ("key", "slug", "public_id", "sheet_key", "convention_key", "breakdown", "kept")
WORDS = (
    "preamble",
    "paragraphs",
    "decisions",
    "narrative",
    "amounts",
    "amount",
    "figures",
    "figure",
    "headings",
)


def rewrite(record: Any) -> None:
    for field in record._meta.concrete_fields:
        value = getattr(record, field.attname)
        if field.name in KEYS or field.choices or not field.editable or not value:
            continue
        if isinstance(field, models.CharField | models.TextField):
            setattr(record, field.attname, f"{NEW} {value}"[: field.max_length])
        elif isinstance(field, models.DecimalField):
            setattr(record, field.attname, value + 7)
        elif field.name in WORDS and isinstance(field, models.JSONField):
            setattr(record, field.attname, rewritten(value))


def write_everything_again(world: World) -> None:
    """Each word, each amount, each cell; something more, something less."""
    by = factories.actor(world.cast.council)
    for model in models_of(Record):
        if model not in (Seat, Acknowledgement):
            for record in model.objects.all():
                rewrite(record)
                save_record(record=record, by=by)
    for cell in Cell.objects.known().exclude(number=None):
        correct(fact=cell, by=by, reason="essai", number=cell.number + 7, raw=str(cell.number + 7))
    for amount in BudgetAmount.objects.known().exclude(amount=None):
        correct(fact=amount, by=by, reason="essai", amount=amount.amount + 7, raw=str(amount.amount + 7))
    convention = Convention.objects.get(pk=world.convention.pk)
    save_record(record=Article(convention=convention, number="99", title="Ajouté depuis"), by=by)
    save_record(record=Payment(convention=convention, label="Ajouté depuis", amount=5), by=by)
    line = BudgetLine.objects.first()
    line.dropped = True
    save_record(record=line, by=by)
    ResumeRow.objects.first().delete()
    TrackingRow.objects.first().delete()


def read(world: World, page: Page, **dates: str) -> bytes:
    answer = signed_in(allowed(world, page)).get(url(page, world), {**queried(page, world), **dates})
    assert answer.status_code == 200, page.name
    return STAMP.sub(b"", content(answer))


def queried(page: Page, world: World) -> dict[str, str]:
    pairs = page.query(world).split("&") if page.query else []
    return dict(pair.split("=", 1) for pair in pairs)


def snapshot(world: World, day: dt.date) -> dict[str, bytes]:
    """Every page that reads the past and every document, as known on a day."""
    found = {page.name: read(world, page, **{"connu-le": day.isoformat()}) for page in THEN}
    client, address = (
        signed_in(world.cast.council),
        reverse("conventions:document", args=[world.convention.slug]),
    )
    for part in PARTS:
        answer = client.get(address, {"document": part, "format": "docx", "connu-le": day.isoformat()})
        if answer.status_code == 200:  # the first version amends nothing
            found[part] = content(answer)
    return found


def test_what_is_written_since_changes_nothing_then() -> None:
    world = make_world(factories.make_cast())
    assert world.agreed
    age()
    before, now = snapshot(world, then_of()), snapshot(world, clock.today())
    assert {"convention", "fiches", "annexe-financiere", "matrice", "complet"} <= set(before)
    write_everything_again(world)
    after, again = snapshot(world, then_of()), snapshot(world, clock.today())
    assert [name for name in before if after[name] != before[name]] == []
    assert [
        name for name in before if NEW.encode() in after[name] or b"Ajout\xc3\xa9 depuis" in after[name]
    ] == []
    # The same pages as known today do say it: what was written was seen.
    same = {name for name in now if again[name] == now[name]}
    assert same <= {"conventions:edition", "conventions:calendar_file", "conventions:calendar"}


@FIRST_ONLY
@pytest.mark.parametrize("page", THEN, **ids)
def test_a_past_page_says_so_and_writes_nothing(still: World, page: Page) -> None:
    client = signed_in(allowed(still, page))
    day = clock.today().isoformat()
    answer = client.get(url(page, still), {**queried(page, still), "connu-le": day})
    if answer.headers["Content-Type"].startswith("text/html"):
        text = answer.content.decode()
        assert "telle que connue" in text
        assert 'class="j-asof"' in text
    else:
        assert f"connu-le-{day}" in answer.headers["Content-Disposition"]
    sent = client.post(url(page, still) + ("&" if page.query else "?") + f"connu-le={day}", {})
    assert sent.status_code in (405, 409) or page.name == "conventions:list"


@FIRST_ONLY
@pytest.mark.parametrize("page", NOW_ONLY, **ids)
def test_the_others_say_they_are_read_today_only(still: World, page: Page) -> None:
    client = signed_in(allowed(still, page))
    for dates in ({"connu-le": "2024-01-01"}, {"au": "2024-01-01"}, {"connu-le": "pas une date"}):
        answer = client.get(url(page, still), {**queried(page, still), **dates})
        assert "Cette page ne se lit qu’à ce jour" in answer.content.decode()
    query = "&connu-le=2024-01-01" if page.query else "?connu-le=2024-01-01"
    refused = client.post(url(page, still) + query, dict(page.data(still)) if page.data else {})
    assert refused.status_code == 409
    assert "rien n’a été enregistré" in refused.content.decode()


@FIRST_ONLY
def test_links_of_a_past_page_keep_its_date(still: World) -> None:
    """Every link to a page of a convention that reads the past, but for those of the banner and of the chips."""
    prefix = reverse("conventions:list")
    lost = {}
    for page in THEN:
        answer = signed_in(allowed(still, page)).get(
            url(page, still), {**queried(page, still), "connu-le": clock.today().isoformat()}
        )
        if answer.headers["Content-Type"].startswith("text/html"):
            main = answer.content.decode().partition('id="contenu"')[2].partition("</main>")[0]
            links = re.findall(rf'href="({prefix}[^"#]*)[^"]*"', main)
            lost[page.name] = [link for link in links if "connu-le=" not in link]
    assert {name: links for name, links in lost.items() if links} == {}
    assert len(lost) > 10


@FIRST_ONLY
@pytest.mark.parametrize("page", THEN, **ids)
def test_queries_do_not_grow(still: World, page: Page) -> None:
    """As known then, a page asks about as much of the base as today, whatever the number of versions.

    The words that titles borrow are one statement today, one a model in the past.
    """
    client = signed_in(allowed(still, page))
    address = url(page, still)
    counts = []
    for dates in ({}, {"connu-le": clock.today().isoformat()}):
        client.get(address, {**queried(page, still), **dates})
        with CaptureQueriesContext(connection) as asked:
            client.get(address, {**queried(page, still), **dates})
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 6


def test_every_fact_and_record_is_aged() -> None:
    """The world above covers them all: a new model of the conventions enters it by itself."""
    assert {Cell, BudgetAmount} == set(models_of(Fact))
    assert all(issubclass(model, Record) for model in models_of(Piece))
    assert set(ADDRESSES) >= {page.name for page in THEN}
