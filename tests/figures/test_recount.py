"""Every figure equals a count by hand, and the list that it opens shows exactly its rows."""

import copy
import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict

from jalons.accounts.models import User
from jalons.actions.forms.listing import read_list as read_actions
from jalons.actions.selectors.listing import filtered_actions
from jalons.core.values import Ratio, Sum
from jalons.figures.areas import NATION, FigureArea, find_area
from jalons.figures.readings import FigureReading
from jalons.figures.registry import (
    Figure,
    FigureQuestion,
    families,
    figures,
    read_families,
    read_family,
    read_places,
    read_with_places,
)
from jalons.history.querysets import AsOf
from jalons.sites.figures.places import BY_EPCI, readings_by_place
from jalons.sites.forms.listing import read_list as read_sites
from jalons.sites.selectors import filtered_sites
from tests.factories import COMMUNES, LILLE, MEL, ROUBAIX, VILLENEUVE, Cast, organisation_of
from tests.figures.by_hand import ByHand, Reach
from tests.figures.world import DAYS, TODAY, World, make_world
from tests.guards import commits

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases(reason="les mêmes chiffres sur les deux bases"),
]
DRAWS = 40
MONEY = ("prevu", "engage", "execut")  # counted in lines of funding, opened as dispositifs
PLACES = ("nation", "region-32", "departement-59", "departement-13", f"epci-{MEL}", f"commune-{LILLE}")
NORD = frozenset({"59"})
METROPOLE = frozenset({LILLE, ROUBAIX, VILLENEUVE})


@pytest.fixture(scope="module")
def world(people: Cast, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), commits.held():
        yield make_world(people)
        transaction.set_rollback(True)


def readers(cast: Cast) -> list[tuple[User, Reach]]:
    def own(user: User) -> int:
        return organisation_of(user).pk

    town, friends = own(cast.mairie), own(cast.operator_a)
    return [
        (cast.national, Reach(None, None, None)),
        (cast.correspondent59, Reach(None, None, NORD)),
        (cast.mairie, Reach(NORD, NORD, frozenset(), town, own_money=True, near=frozenset({LILLE}))),
        (cast.operator_a, Reach(NORD, NORD, frozenset(), friends, near=METROPOLE)),
        (cast.observer, Reach(NORD, NORD, frozenset())),
    ]


def draws(world: World) -> Iterator[tuple[User, ByHand, FigureQuestion]]:
    chance, cast = random.Random(15), world.cast  # not a secret
    portfolios = [f"operateur-{organisation_of(one).pk}" for one in (cast.operator_a, cast.operator13)]
    for number in range(DRAWS):
        user, reach = readers(cast)[number % 5]
        area = find_area(chance.choice([*PLACES, *portfolios])) or NATION
        valid = chance.choice([None, None, *DAYS[1:]])
        at = AsOf(valid, chance.choice([None, None, *DAYS[2:]]))
        since = at.day - dt.timedelta(days=chance.choice([0, 30, 100, 300]))
        hand = ByHand(world, reach, *grounds(area), area.operator, at, since)
        yield copy.deepcopy(user), hand, FigureQuestion(copy.deepcopy(user), at, area, since)


def grounds(area: FigureArea) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """Communes and, for a level that is made of them, départements."""
    where = area.territory
    if where.everywhere:
        return None, None
    communes = frozenset(
        code
        for code, (_, departement, epci, *_) in COMMUNES.items()
        if departement in where.departements or epci in where.epcis or code in where.communes
    )
    return communes, where.departements or None


def told(reading: FigureReading) -> tuple[Any, ...]:
    worth = reading.worth
    if isinstance(worth, Ratio):
        return worth.numerator, worth.denominator, worth.known, worth.expected
    return worth.total if isinstance(worth, Sum) else worth.count, worth.known, worth.expected


def test_every_figure_equals_a_count_by_hand(world: World) -> None:
    seen: dict[str, set[Any]] = {}
    for user, hand, asked in draws(world):
        expected = hand.everything()
        for name in families():
            for key, reading in read_family(name, asked).items():
                assert told(reading) == expected[key], (
                    key,
                    user.name,
                    asked.area.text,
                    asked.at,
                    asked.since,
                )
                seen.setdefault(key, set()).add(told(reading))
    assert seen.keys() == figures().keys()
    dull = {key for key, values in seen.items() if len(values) < 2}
    assert dull == set(), "un chiffre qui ne bouge jamais ne prouve rien : enrichir le monde"


def listed(figure: Figure, asked: FigureQuestion) -> set[int]:
    """The rows of the list at the address of the figure, as the page reads it."""
    address = QueryDict(figure.address(asked).partition("?")[2])
    if figure.opens == "sites:list":
        sites = read_sites(asked.user, address)
        assert not sites.complaints
        return set(filtered_sites(asked.user, sites.filter, sites.at).values_list("pk", flat=True))
    actions = read_actions(asked.user, address)
    return set(filtered_actions(asked.user, actions.filter, actions.at).values_list("pk", flat=True))


def test_a_figure_opens_exactly_its_rows(world: World) -> None:
    full = 0
    for number, (_, _, asked) in enumerate(draws(world)):
        readings = {k: v for name in families() for k, v in read_family(name, asked).items()}
        for key in sorted(readings)[number % 4 :: 4]:
            figure, reading = figures()[key], readings[key]
            rows = listed(figure, asked)
            assert rows == set(figure.rows(asked).values_list("pk", flat=True)), (key, asked)
            if type(reading.worth).__name__ == "Tally":
                assert len(rows) == reading.worth.count, (key, asked)  # type: ignore[union-attr]
            elif key == "sites-couverts":
                assert len(rows) == told(reading)[0], (key, asked)
            elif not figure.key.startswith(MONEY) and key != "personnes-reinstallees":
                assert len(rows) == reading.expected, (key, asked)
            full += bool(rows)
    assert full > DRAWS * 4, "presque toutes les listes sont vides : le monde est trop pauvre"


def test_today_is_a_day_of_the_world() -> None:
    assert DAYS[-1] == TODAY


def test_what_is_drawn_changes_what_is_counted(world: World) -> None:
    """Of each thing drawn, taking it away gives another count by hand, in many draws: none is drawn in vain."""
    whole, matters = Reach(None, None, None), dict.fromkeys(AXES, 0)
    drawn: dict[str, set[Any]] = {axis: set() for axis in AXES}
    for user, hand, asked in draws(world):
        values = hand.everything()
        _, reach = next(pair for pair in readers(world.cast) if pair[0].pk == user.pk)
        places = grounds(asked.area)
        at, since = asked.at, asked.since
        for axis, value in zip(
            AXES, (user.pk, asked.area.text, at.valid, at.known, at.day - since), strict=True
        ):
            drawn[axis].add(value)
        without = {
            "role": ByHand(world, whole, *places, asked.area.operator, at, since),
            "territory": ByHand(world, reach, None, None, None, at, since),
            "au": ByHand(world, reach, *places, asked.area.operator, AsOf(None, at.known), since),
            "connu-le": ByHand(world, reach, *places, asked.area.operator, AsOf(at.valid, None), since),
            "period": ByHand(world, reach, *places, asked.area.operator, at, at.day),
        }
        for axis, other in without.items():
            matters[axis] += other.everything() != values
    assert {axis for axis, values in drawn.items() if len(values) < 3} == set()
    assert {axis: count for axis, count in matters.items() if count < DRAWS // 5} == {}, matters


AXES = ("role", "territory", "au", "connu-le", "period")


def test_read_together_or_alone_a_figure_is_the_same(world: World, people: Cast) -> None:
    """Families that share their rows, and places side by side, on one day, another, and as it was known."""
    areas = [area for text in PLACES if (area := find_area(text)) is not None]
    compared = ("sites", "composition", "conditions", "mouvements", "couverture")
    assert len(areas) == len(PLACES)
    for at in (AsOf(), AsOf(DAYS[0]), AsOf(DAYS[-1], DAYS[-1])):
        asked = FigureQuestion(people.national, at=at)
        alone = {key: one for name in families() for key, one in read_family(name, asked).items()}
        assert read_families(families(), asked) == alone
        whole, inside = read_with_places(families(), asked, BY_EPCI, "sites")
        assert whole == alone
        wanted = readings_by_place(asked, BY_EPCI)
        assert len(wanted) > 1
        assert wanted == {
            place: {key: readings[key] for key in ("sites-ouverts", "personnes")}
            for place, readings in inside.items()
        }
        for area, side_by_side in zip(areas, read_places(compared, asked, areas), strict=True):
            here = FigureQuestion(people.national, at=at, area=area)
            assert side_by_side == {
                key: one for name in compared for key, one in read_family(name, here).items()
            }
