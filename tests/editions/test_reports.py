"""The monthly observatory: every figure counted by hand, the same in each file, and the same again later."""

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from jalons.editions.making.values import changes_between
from jalons.editions.models import ReportEdition
from jalons.editions.services.making import check_identical
from jalons.figures.areas import find_area
from jalons.history.querysets import AsOf
from jalons.history.services import correct
from jalons.sites.models import Survey
from tests import factories
from tests.editions.making import make_edition
from tests.editions.parsing import docx_rows, pdf_text, screen_rows, spaced, xlsx_rows
from tests.factories import Cast
from tests.figures.by_hand import ByHand, Reach
from tests.figures.test_recount import grounds
from tests.figures.world import DAYS, World, make_world
from tests.guards import commits

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases(reason="les mêmes fichiers sur les deux bases"),
]
DAY = DAYS[5]  # in a month that is over


@pytest.fixture(scope="module")
def world(people: Cast, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), commits.held():
        yield make_world(people)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def made(world: World, django_db_blocker: Any) -> dict[str, ReportEdition]:
    """One edition a kind, made with the world: not within the transaction of a test."""
    with django_db_blocker.unblock():
        author = world.cast.correspondent59
        return {kind: make_edition(author, kind=kind, day=DAY) for kind in ("observatoire", "bilan")}


@pytest.fixture
def edition(made: dict[str, ReportEdition]) -> ReportEdition:
    return made["observatoire"]


@pytest.fixture
def half_year(made: dict[str, ReportEdition]) -> ReportEdition:
    return made["bilan"]


def by_hand(world: World, edition: ReportEdition) -> dict[str, tuple[Any, ...]]:
    area = find_area("departement-59")
    assert area is not None
    reach = Reach(None, None, frozenset({"59"}))
    return ByHand(world, reach, *grounds(area), None, AsOf(edition.at), edition.first_day).everything()


def words_of(worth: tuple[Any, ...]) -> str:
    """As the report writes a plain number: « 12 », « ≥ 7 »; nothing for a share, for what is unknown or none told."""
    if len(worth) != 3 or not worth[1] or (not worth[0] and worth[1] < worth[2]):
        return ""
    bound = "≥ " if worth[1] < worth[2] else ""
    return f"{bound}{worth[0]}"


@pytest.mark.parametrize("kind", ["observatoire", "bilan"])
def test_figures_are_those_counted_by_hand_in_every_file(
    world: World, made: dict[str, ReportEdition], kind: str
) -> None:
    edition = made[kind]
    counted, checked = by_hand(world, edition), 0
    figures = edition.values["figures"]
    word, screen, book = docx_rows(edition), screen_rows(edition), xlsx_rows(edition, "Chiffres")
    paper = pdf_text(edition)
    for figure in figures:
        words, label = spaced(figure["words"]), spaced(figure["label"])
        assert any(row[:2] == [label, words] for row in word), figure
        assert any(row[:2] == [label, words] for row in screen), figure
        line, *_ = [row for row in book if row[1] == figure["key"]]
        assert spaced(line[4]) == words, figure
        assert words in paper
        if expected := words_of(counted[figure["key"]]):
            assert words.replace(" ", "").removesuffix("€") == expected.replace(" ", ""), figure
            assert line[3] == counted[figure["key"]][0], figure
            checked += 1
    assert checked >= 12, "presque rien n’est compté : le monde est trop pauvre"


def test_sites_of_the_table_add_up(world: World, edition: ReportEdition) -> None:
    counted = by_hand(world, edition)
    rows = [value for value in edition.values["rows"] if value["key"].startswith("sites/")]
    assert len(rows) == counted["sites-ouverts"][0] > 3
    people = [dict(row["cells"])["Personnes"] for row in rows]
    known = [int(words.replace("\u202f", "")) for words in people if words[0].isdigit()]
    assert sum(known) == counted["personnes"][0]
    assert len(known) == counted["personnes"][1]
    printed = next(row for row in docx_rows(edition) if row[0] == "Total")
    assert str(counted["personnes"][0]) in printed[3].replace(" ", "")


def test_made_again_it_is_the_same_whatever_was_corrected_since(edition: ReportEdition, world: World) -> None:
    chance, by = random.Random(3), factories.actor(world.cast.correspondent59)
    surveys = list(Survey.objects.known().filter(site__commune__departement="59").order_by("pk"))
    for number in range(200):
        place = number % len(surveys)
        people = chance.randrange(1, 300)
        changes = {"people": people, "valid_on": chance.choice(DAYS)} if number % 3 else {"people": people}
        surveys[place] = correct(fact=surveys[place], by=by, reason=f"recomptage {number}", **changes)
    assert check_identical(edition=edition) == []
    newer = make_edition(world.cast.correspondent59, day=DAY, previous=edition)
    assert check_identical(edition=edition) == []
    changes = changes_between(edition.values, newer.values)
    changed = {change.key for change in changes}
    assert "personnes" in changed
    then = {value["key"]: value["words"] for value in edition.values["figures"]}
    now = {value["key"]: value["words"] for value in newer.values["figures"]}
    assert {key for key in then if then[key] != now[key]} == {key for key in changed if "/" not in key}
    world.load()
    assert words_of(by_hand(world, edition)["personnes"]).replace(" ", "") == spaced(
        now["personnes"]
    ).replace(" ", "")


def test_a_month_that_goes_on_is_provisional(cast: Cast) -> None:
    now = dt.datetime(2026, 10, 15, 12, tzinfo=dt.UTC)
    edition = make_edition(cast.correspondent59, day=dt.date(2026, 10, 1), now=now)
    assert edition.at == dt.date(2026, 10, 15)
    assert edition.is_provisional
    assert "PROVISOIRE" in pdf_text(edition)
    assert "Provisoire" in spaced(
        " ".join(str(cell) for row in xlsx_rows(edition, "À imprimer") for cell in row)
    )


def test_evacuations_are_shown_one_by_one(world: World, half_year: ReportEdition) -> None:
    counted = by_hand(world, half_year)
    rows = [value for value in half_year.values["rows"] if value["key"].startswith("evacuations/")]
    assert len(rows) == counted["evacuations"][0]
    covered = next(value for value in half_year.values["rows"] if value["key"] == "couverture/59")
    assert dict(covered["cells"])["Sites ouverts"] == str(counted["sites-ouverts"][0])
