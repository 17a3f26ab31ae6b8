"""The four figures of the home: at once by themselves, then with what they were since six months."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.core import clock
from jalons.figures.registry import six_months_before
from tests import factories
from tests.factories import BACKEND, DUNKERQUE, LILLE, ROUBAIX, Cast

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<dd class="fig">\s*([^<]+?)\s*<.*?<dd class="cov">(.*?)</dd>', re.DOTALL)
TREND = "/accueil/tendance/"


@pytest.fixture
def inhabited(cast: Cast) -> None:
    """Six months ago: one site of twelve people; today: another, of thirty, and a third never counted."""
    before = six_months_before(clock.today()) - dt.timedelta(days=30)
    old, new = (
        factories.make_site("Ancien", LILLE),
        factories.make_site("Nouveau", ROUBAIX, opened=clock.today()),
    )
    factories.make_site("Jamais vu", DUNKERQUE, opened=clock.today())
    factories.make_survey(old, before, 12, minors=4, minors_at_school=1)
    factories.make_survey(new, clock.today(), 30)


def tiles_of(page: str) -> list[tuple[str, str]]:
    return [
        (" ".join(figure.split()), " ".join(coverage.split())) for figure, coverage in FIGURE.findall(page)
    ]


def test_figures_stand_at_once_and_their_trends_come_after(
    cast: Cast, inhabited: None, client: Client
) -> None:
    client.force_login(cast.correspondent59, BACKEND)
    with CaptureQueriesContext(connection) as first:
        page = client.get("/").content.decode()
    assert [figure for figure, _ in tiles_of(page)] == ["3", "≥ 42", "25 %", "2"]
    assert "j-spark" not in page
    assert "il y a six mois" not in page
    assert f'href="{TREND}"' in page  # without JavaScript
    summed = [query for query in first if query["sql"].startswith('SELECT COUNT("jalons_sites_site"."id")')]
    assert len(summed) == 1  # three dates more would cost the first paint as much as all the rest

    piece = client.get(TREND, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    sites, inhabitants, schooled, stale = tiles_of(piece)
    assert sites == ("3", "sur ce territoire. 1 il y a six mois")
    assert inhabitants == ("≥ 42", "2 sites recensés sur 3. 12 il y a six mois")
    assert schooled[1].endswith("25 % il y a six mois")
    assert stale[1].endswith("0 il y a six mois")
    assert piece.count('class="j-spark') == 4
    whole = client.get(TREND).content.decode()
    assert tiles_of(whole) == tiles_of(piece)
    assert "Tendance depuis six mois" in whole


def test_who_reads_no_site_is_told_so(cast: Cast, client: Client) -> None:
    client.force_login(factories.make_user(), BACKEND)
    assert "rien n’est à compter" in client.get(TREND).content.decode()
