"""In a template nothing is left blank, and no « None » is ever printed."""

import datetime as dt
from decimal import Decimal

import pytest
from django.template import Context, Template

from jalons.core.values import Ratio, Sum, Value

ABSENT = '<span class="j-nd">non renseigné</span>'


def shown(told, filters):
    return Template("{{ told|" + filters + " }}").render(Context({"told": told}))


@pytest.mark.parametrize(
    ("told", "filters", "html"),
    [
        (1240, "number", "1\u202f240"),
        (0, "number", "0"),
        (Value.of(1240), "number", "1\u202f240"),
        (Value.nd(), "number", '<span class="j-nd">ND</span>'),
        (Value.na(), "value", '<span class="j-nd">sans objet</span>'),
        (Value.dash(), "value", '<span class="j-nd">–</span>'),
        (Value.empty(), "value", ABSENT),
        (Value.of(3, unit="ETP"), "value", "3\u00a0ETP"),
        (Value.amount(2000), "value", "2\u202f000\u00a0€"),
        (Value.text("<b>"), "value", "&lt;b&gt;"),
        (Sum(680, known=1, nd=1), "number", "≥\u00a0680 (1\u00a0ND)"),
        (Sum(nd=1), "number", '<span class="j-nd">ND</span>'),
        (Sum(2000, known=1), "euros", "2\u202f000\u00a0€"),
        (Sum(1240, known=37, nd=14), 'coverage:"site,sites"', "37 sites sur 51"),
        (Value.of(2000), "euros", "2\u202f000\u00a0€"),
        (Value.percent(Decimal("17.4")), "percent", "17,4\u00a0%"),
        (Decimal("12.50"), "euros", "12,50\u00a0€"),
        (62, "percent", "62\u00a0%"),
        (Decimal("61.93"), "percent:1", "61,9\u00a0%"),
        (Ratio(218, 352, 1, 1), "percent", "62\u00a0%"),
        (Ratio(expected=1), "percent", '<span class="j-nd">ND</span>'),
        (dt.date(2019, 12, 12), "day", "12/12/2019"),
        (dt.date(2020, 1, 1), "long_day", "1er janvier 2020"),
        (dt.datetime(2019, 8, 1, 14, 0, tzinfo=dt.UTC), "moment", "1er août 2019 à 16:00"),
        (1, 'plural_fr:"site,sites"', "site"),
        (2, 'plural_fr:"site,sites"', "sites"),
        (None, 'plural_fr:"site,sites"', "site"),
    ],
)
def test_figures_and_dates(told, filters, html):
    assert shown(told, filters) == html


@pytest.mark.parametrize("name", ["number", "value", "euros", "percent", "day", "long_day", "moment", "ago"])
def test_nothing_is_said_in_words(name):
    assert shown(None, name) == ABSENT
    assert shown("", name) == ABSENT


def test_an_age():
    assert shown(dt.datetime.now(dt.UTC), "ago") == "aujourd’hui"
