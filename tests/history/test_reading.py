"""A point of the past, read in an address."""

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines
from django.utils import timezone

from jalons.core.prepared import prepared
from jalons.history.forms import PastFilterForm
from jalons.history.querysets import NOW, AsOf, described, read_as_of, read_by_keys
from jalons.history.selectors import newest_keys, with_replaced
from jalons.history.services import correct, create_records, save_record
from jalons.sites.models import Site, SiteAlias, SiteEvent, Survey
from tests import factories
from tests.factories import LILLE, MARSEILLE

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
    plain = re.sub(r"\s*\n\s*", " ", page.replace("<b>", "").replace("</b>", ""))
    assert said in plain
    assert bool(plain.strip()) == bool(said)


@pytest.mark.parametrize(
    ("at", "before_midnight", "after_midnight"),
    [
        (NOW, True, True),
        (AsOf(valid=DAY), True, False),
        (AsOf(known=DAY), True, False),
        (AsOf(valid=DAY, known=DAY + dt.timedelta(days=1)), True, False),
        (AsOf(valid=DAY + dt.timedelta(days=1), known=DAY), True, False),
        (AsOf(valid=DAY + dt.timedelta(days=1)), True, True),
        (AsOf(known=DAY - dt.timedelta(days=1)), False, False),
        (AsOf(valid=DAY - dt.timedelta(days=1)), False, False),
    ],
)
def test_what_was_written_up_to_midnight_in_paris_had_been_seen(
    at: AsOf, before_midnight: bool, after_midnight: bool
) -> None:
    midnight = dt.datetime(2020, 1, 1, 23, tzinfo=dt.UTC)  # of 2 January in Paris
    assert at.had_seen(midnight - dt.timedelta(microseconds=1)) is before_midnight
    assert at.had_seen(midnight) is after_midnight


def test_a_point_of_the_past_says_what_it_is() -> None:
    whole = AsOf(valid=DAY, known=dt.date(2020, 3, 15))
    assert whole.instant == dt.datetime(2020, 3, 15, 23, tzinfo=dt.UTC)
    assert (NOW.instant, AsOf(valid=DAY).instant) == (None, None)
    assert whole.without_known() == AsOf(valid=DAY)
    assert [at.is_past for at in (NOW, AsOf(valid=DAY), AsOf(known=DAY), whole)] == [False, True, True, True]
    assert [dict(at.params()) for at in (NOW, AsOf(valid=DAY), AsOf(known=DAY))] == [
        {},
        {"au": "2020-01-01"},
        {"connu-le": "2020-01-01"},
    ]
    assert (whole.query, NOW.query) == ("au=2020-01-01&connu-le=2020-03-15", "")
    assert (whole.day, NOW.day) == (DAY, timezone.localdate())


def test_the_two_dates_of_a_list_come_first_and_may_be_left_empty() -> None:
    class Filters(PastFilterForm):
        q = forms.CharField(required=False)

    empty = Filters({})
    assert empty.is_valid()
    assert list(empty.fields) == ["au", "connu-le", "q"]
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    later = Filters({"au": (tomorrow + dt.timedelta(days=1)).isoformat(), "connu-le": tomorrow.isoformat()})
    assert list(later.errors) == ["au"]
    assert later.cleaned_data["connu-le"] == tomorrow
    assert 'placeholder="jj/mm/aaaa"' in str(empty["au"])
    assert empty.fields["au"].help_text == ""


@pytest.mark.django_db
def test_the_sql_of_a_read_by_keys_is_kept_and_that_of_any_other_is_not() -> None:
    north, south = factories.make_site(code=LILLE), factories.make_site(code=MARSEILLE)

    def read(*values: Any) -> tuple[list[Site], int]:
        before = len(prepared.written)
        found = read_by_keys(object(), lambda keys: Site.objects.filter(pk__in=keys).order_by("pk"), *values)
        return found, len(prepared.written) - before

    assert read([north.pk, south.pk]) == ([north, south], 1)
    assert read({south.pk}) == ([south], 1)
    assert read((north.pk,)) == ([north], 1)
    assert read([str(north.pk)]) == ([north], 0)

    def read_one(what: object, key: Any) -> list[Site]:
        return read_by_keys(what, lambda key: Site.objects.filter(pk=key), key)

    what, before = object(), len(prepared.written)
    assert read_one(what, north) == [north]  # a record stands for its key
    assert read_one(what, south.pk) == [south]
    assert read_one(object(), str(south.pk)) == [south]
    assert len(prepared.written) == before + 1


@pytest.mark.django_db
def test_records_as_they_were_written_before_and_after_each_change() -> None:
    site = factories.make_site(code=LILLE)
    create_records(records=[SiteAlias(site=site, name="Le Moulin", name_folded="le moulin")], by=None)
    alias = SiteAlias.objects.get()
    alias.name = "Le Moulin neuf"
    save_record(record=alias, by=None)
    alias.delete()
    moments = SiteAlias.history.order_by("history_id").values_list("history_date", flat=True)
    before, *after = moments[0], *(moment + dt.timedelta(microseconds=1) for moment in moments)

    def names(moment: dt.datetime) -> list[str]:
        return [found.name for found in described(SiteAlias, AsOf(until=moment), "site", site=site)]

    assert names(before) == []
    assert [names(moment) for moment in after] == [["Le Moulin"], ["Le Moulin neuf"], []]
    assert described(SiteAlias, NOW, site=site) == []


@pytest.mark.django_db
def test_a_read_of_now_keeps_its_sql_and_a_read_of_the_past_does_not() -> None:
    site = factories.make_site(code=LILLE)

    def cost(at: AsOf) -> int:
        before = len(prepared.written)
        assert read_as_of(object(), lambda key: Site.objects.filter(pk=key), at, site.pk) == [site]
        return len(prepared.written) - before

    assert [cost(at) for at in (NOW, AsOf(valid=DAY), AsOf(known=DAY))] == [1, 0, 0]


@pytest.mark.django_db
def test_the_newest_versions_of_several_kinds_and_what_each_replaced() -> None:
    site = factories.make_site(code=LILLE)
    by = factories.departement_author("59")
    survey = factories.make_survey(site, DAY, 34)
    event = factories.make_event(site, DAY)
    corrected = correct(fact=survey, by=by, reason="erreur", people=40)
    sources = [(rows.objects.filter(site=site), "recorded_at") for rows in (Survey, SiteEvent)]
    newest = [(0, corrected.pk), (1, event.pk), (0, survey.pk)]
    assert newest_keys(sources, 9) == newest
    assert newest_keys(sources, 2) == newest[:2]
    assert newest_keys(sources[:1], 9) == [newest[0], newest[2]]
    assert newest_keys([], 9) == []
    versions = with_replaced(Survey, [survey.pk, corrected.pk], "organisation")
    assert dict(versions) == {survey: None, corrected: survey}
    assert list(with_replaced(SiteEvent, [event.pk])) == [(event, None)]
