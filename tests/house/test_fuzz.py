"""A slice of `make fuzz`, always the same; and the proof that it sees what it looks for."""

import inspect
from random import Random
from typing import Any

import pytest

from jalons.accounts.decorators import OPEN
from tests.fuzz.firing import Figures, fuzz, judge, kinds
from tests.fuzz.ground import Ground, Target, survey
from tests.fuzz.shots import Shot, draw
from tests.house.page import Page
from tests.house.pages import PAGES, World

pytestmark = pytest.mark.django_db
SEED, REQUESTS = 9, 120


# One page of four, never two neighbours: a slice fires at fewer than that, and `make fuzz` surveys all.
SURVEYED = PAGES[SEED % 4 :: 4]


@pytest.fixture
def ground(still: World) -> Ground:
    return survey(still, SURVEYED)


@pytest.mark.first_database(reason="`make fuzz` joue les deux bases ; ici, on prouve qu’il marche")
def test_hostile_requests(still: World, ground: Ground) -> None:
    assert [target.page for target in ground.targets] == SURVEYED
    assert inspect.signature(survey).parameters["pages"].default is PAGES
    figures = fuzz(still, ground, seed=SEED, numbers=range(REQUESTS))
    assert figures.requests == REQUESTS
    said = "\n".join(f"{alike[0].kind}\n{alike[0].shot}" for alike in kinds(figures.failures))
    assert figures.failures == [], said
    assert len(figures.statuses) > 4, "toutes les requêtes ont la même réponse : que sait-on des pages ?"
    again = [draw(Random(f"{SEED}:{number}"), ground) for number in range(REQUESTS)]
    assert again == [draw(Random(f"{SEED}:{number}"), ground) for number in range(REQUESTS)]


@pytest.mark.urls("tests.house.urls")
@pytest.mark.parametrize("name", ["exception", "ecrit", "absente"])
def test_the_fuzz_sees(name: str, client: Any) -> None:
    target = Target(Page("home", OPEN), f"/maison/{name}", "", (), {}, (), queries=0)
    figures = Figures()
    judge(figures, 1, "", Shot(target, "personne", "GET", target.path), Ground([target], {"personne": ""}))
    assert len(figures.failures) == 1


@pytest.mark.urls("tests.house.urls")
def test_the_fuzz_lets_through(client: Any) -> None:
    target = Target(Page("home", OPEN), "/maison/", "", (), {}, (), queries=0)
    figures = Figures()
    judge(figures, 1, "", Shot(target, "personne", "GET", target.path), Ground([target], {"personne": ""}))
    assert (figures.failures, dict(figures.statuses)) == ([], {200: 1})
