"""A point of the past, read in an address."""

import datetime as dt

import pytest
from django.http import QueryDict
from django.template import engines
from django.utils import timezone

from jalons.history.querysets import NOW, AsOf

DAY = dt.date(2020, 1, 1)


@pytest.mark.parametrize("written", ["2020-01-01", "1/1/2020", "1er janvier 2020", " 01.01.2020 "])
def test_any_french_date_is_read(written: str) -> None:
    assert AsOf.read({"au": written}) == (AsOf(valid=DAY), [])
    assert AsOf.read({"connu-le": written}) == (AsOf(known=DAY), [])


def test_nothing_asked_is_now() -> None:
    assert AsOf.read(QueryDict("q=Lille&au=&connu-le=+")) == (NOW, [])


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2020-02-30", "Le 30/02/2020 n’existe pas"),
        ("bientôt", "« bientôt » n’est pas une date"),
        ("1899-12-31", "L’année 1899 n’est pas plausible"),
        ("x" * 5000, "trop long"),
        ("9999-12-31", "L’année 9999 n’est pas plausible"),
        ("\x00", "n’est pas une date"),
    ],
)
@pytest.mark.parametrize("name", ["au", "connu-le"])
def test_a_date_that_makes_no_sense_is_left_aside_and_told(name: str, written: str, why: str) -> None:
    at, problems = AsOf.read({name: written})
    assert at == NOW
    assert why in problems[0].replace("\u00a0", " ")
    assert len(problems[0]) < 300


@pytest.mark.parametrize("name", ["au", "connu-le"])
def test_the_future_is_refused_and_today_is_not(name: str) -> None:
    """Nor tomorrow: the address may come from a territory where it is tomorrow already."""
    today = timezone.localdate()
    at, problems = AsOf.read({name: (today + dt.timedelta(days=2)).isoformat()})
    assert at == NOW
    assert "est dans le futur" in problems[0]
    for day in (today, today + dt.timedelta(days=1)):
        at, problems = AsOf.read({name: day.isoformat()})
        assert (day in (at.valid, at.known), problems) == (True, [])


def test_one_wrong_date_does_not_lose_the_other() -> None:
    at, problems = AsOf.read({"au": "2020-01-01", "connu-le": "hier matin"})
    assert at == AsOf(valid=DAY)
    assert len(problems) == 1


def test_links_keep_what_was_read() -> None:
    at = AsOf(valid=DAY, known=dt.date(2020, 3, 15))
    assert AsOf.read(QueryDict(at.query)) == (at, [])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("au=2020-01-01", "la situation au 1er janvier 2020, telle que connue aujourd’hui"),
        ("connu-le=2020-03-15", "la situation d’aujourd’hui, telle que connue le 15 mars 2020"),
        ("", ""),
    ],
)
def test_the_banner_says_it(rf, query: str, said: str) -> None:
    request = rf.get(f"/?{query}")
    at, _ = AsOf.read(request.GET)
    page = engines["django"].from_string("{% as_of_banner at.valid at.known %}").render({"at": at}, request)
    plain = page.replace("<b>", "").replace("</b>", "")
    assert said in plain
    assert bool(plain.strip()) == bool(said)
