"""What a count is compared with, kept in columns: whatever was written in whatever order, it is what the facts say."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from jalons.history.services import correct, withdraw
from jalons.sites.enums import SourceKind
from jalons.sites.models import Survey
from tests import factories
from tests.guards.draws import costly

FIRST = dt.date(2026, 3, 1)
DAYS = (0, 29, 30, 31, 60)
KINDS = (SourceKind.OPERATOR, SourceKind.POLICE)


def by_hand(site: Any) -> dict[int, tuple[int | None, int | None]]:
    """Asked of each count in force, with nothing but its facts."""
    surveys = Survey.objects.filter(site=site, superseded_at=None, withdrawn=False, set_aside=False)
    counts = [survey for survey in surveys if survey.people is not None]
    answers = {}
    for count in counts:
        source = (count.source_kind, count.source_id)
        older = [
            other
            for other in counts
            if other.valid_on < count.valid_on
            and (other.source_kind, other.source_id) == source
            and not other.unchanged
        ]
        before = max(
            older,
            key=lambda other: (other.valid_on, other.reliability, other.recorded_at, other.pk),
            default=None,
        )
        apart = [
            abs(other.people - count.people)
            for other in counts
            if 0 <= (count.valid_on - other.valid_on).days <= 30
            and (other.source_kind, other.source_id) != source
        ]
        answers[count.pk] = (
            before.people if before is not None and not count.unchanged else None,
            max(apart, default=None),
        )
    return answers


def in_columns(site: Any) -> dict[int, tuple[int | None, int | None]]:
    rows = Survey.objects.filter(site=site)
    return {
        row.pk: (row.people_before, None if row.people_apart is None else abs(row.people_apart - row.people))
        for row in rows
        if row.pk in by_hand(site)
    }


count = st.tuples(
    st.sampled_from(DAYS),
    st.sampled_from(KINDS),
    st.sampled_from((0, 10, 11, 40)),
    st.sampled_from((1, 2)),
    st.booleans(),
    st.sampled_from(("", "", "correct", "withdraw", "aside")),
)


@pytest.mark.django_db
class ColumnsTest(TestCase):
    @costly
    @settings(max_examples=25)
    @given(st.lists(count, min_size=1, max_size=7))
    # Two of one day and one source; another source at the thirtieth day, then at the thirty-first.
    @example(
        [(0, KINDS[0], 10, 1, False, ""), (0, KINDS[0], 11, 2, False, ""), (30, KINDS[0], 40, 1, False, "")]
    )
    @example(
        [(0, KINDS[1], 10, 1, False, ""), (30, KINDS[0], 40, 1, False, ""), (31, KINDS[0], 40, 1, True, "")]
    )
    def test_columns_are_what_the_facts_say(self, drawn: list[Any]) -> None:
        factories.make_territories()
        site = factories.make_site("Rue du Moulin", factories.LILLE)
        for days, kind, people, reliability, unchanged, then in drawn:
            survey = factories.make_survey(
                site,
                FIRST + dt.timedelta(days=days),
                people,
                source_kind=kind,
                reliability=reliability,
                unchanged=unchanged,
            )
            by = factories.an_author(site)
            if then == "correct":
                correct(fact=survey, by=by, reason="", valid_on=FIRST, people=people + 1)
            elif then == "aside":
                correct(fact=survey, by=by, reason="", set_aside=True)
            elif then == "withdraw":
                withdraw(fact=survey, by=by, reason="")
        assert in_columns(site) == by_hand(site)
        gone = Survey.objects.filter(site=site).exclude(pk__in=by_hand(site))
        assert set(gone.values_list("people_before", "people_apart")) - {(None, None)} == set()


@pytest.mark.django_db
def test_a_command_says_them_again(cast: Any) -> None:
    site = factories.make_site("Rue du Moulin", factories.LILLE)
    for days, kind in ((0, KINDS[0]), (20, KINDS[1]), (40, KINDS[0])):
        factories.make_survey(site, FIRST + dt.timedelta(days=days), 10 + days, source_kind=kind)
    before = list(Survey.objects.order_by("pk").values_list("people_before", "people_apart", "holds_until"))
    assert before[2][:2] == (10, 30)
    Survey.objects.update(people_before=7, people_apart=None, holds_until=FIRST)
    call_command("settle_facts", stdout=io.StringIO())
    assert (
        list(Survey.objects.order_by("pk").values_list("people_before", "people_apart", "holds_until"))
        == before
    )
