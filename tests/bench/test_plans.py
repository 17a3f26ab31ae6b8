"""Queries that must follow an index, whatever the size of the base: how each database would run them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jalons.actions.models import Action
from jalons.indicators.enums import ValueType
from jalons.indicators.models import Indicator, Series
from jalons.indicators.selectors.year import with_parts
from jalons.indicators.story import corrections
from jalons.sites.models import Site
from jalons.sites.sheet.history import told_blocks
from tests import factories
from tests.factories import Cast

pytestmark = pytest.mark.both_databases(reason="each has its own plans")


def scanned(work: Callable[[], Any]) -> set[str]:
    """The tables that the queries of `work` read from end to end, though an index could lead in them."""
    with CaptureQueriesContext(connection) as queries:
        work()
    found: set[str] = set()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a table of three rows is read whole, unless it is said not to
            cursor.execute("SET LOCAL enable_seqscan = off")
        for query in queries.captured_queries:
            explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
            cursor.execute(f"{explain} {query['sql']}")
            lines = [str(row[-1]) for row in cursor.fetchall()]
            found |= {line.strip() for line in lines if is_scan(line)}
    return found


# Indexes that hold only the rows that are asked for: reading them whole is right.
PARTIAL = ("indicators_indicator_code",)


def is_scan(line: str) -> bool:
    """SQLite: « SCAN t », of the table or of a whole index; PostgreSQL: « Seq Scan on t »."""
    words = line.strip().removeprefix("->").strip()
    return "Seq Scan" in words or (words.startswith("SCAN ") and not words.endswith(PARTIAL))


@pytest.fixture
def action(cast: Cast) -> Action:
    site = factories.make_site()
    operators = [factories.organisation_of(cast.operator_a)]
    return factories.make_action("Médiation", operators=operators, sites=[site])


def test_the_socle_is_found_by_its_codes(db: None) -> None:
    assert scanned(lambda: list(Indicator.objects.national())) == set()


def test_the_parts_of_indicators_are_found_by_their_codes(db: None) -> None:
    one = Indicator(pk=1, code="personnes", value_type=ValueType.SUM)
    assert scanned(lambda: with_parts([one])) == set()


def test_the_story_of_a_follow_up_starts_from_its_series(action: Action) -> None:
    indicator = Indicator.objects.create(label="Places", action=action)
    Series.objects.create(
        action=action, indicator=indicator, reporter=action.participations.all()[0].participant
    )
    assert scanned(lambda: corrections(action)) == set()


def test_the_communes_of_a_dispositif_start_from_its_sites(action: Action) -> None:
    assert [commune.pk for commune in action.communes] == [factories.LILLE]
    assert scanned(lambda: Action.objects.get(pk=action.pk).communes) == set()


def test_what_is_sensitive_in_a_story_is_found_by_its_site(cast: Cast, action: Action) -> None:
    site = Site.objects.get()
    assert scanned(lambda: told_blocks(cast.correspondent59, site)) == set()
