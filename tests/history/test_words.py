"""How a value, a verb, a signature are said in the history."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from jalons.core.ui import Change, Entry
from jalons.history.querysets import AsOf
from jalons.history.selectors import (
    changes_between,
    content,
    fact_entries,
    history_entries,
    in_words,
    plain_words,
    record_entries,
    timeline,
    told_fields,
)
from jalons.history.services import correct, save_record, withdraw
from jalons.sites.models import SiteAlias, Survey
from tests import factories

pytestmark = pytest.mark.django_db

DAY = dt.date(2019, 12, 12)
NOON = dt.datetime(2020, 1, 11, 11, tzinfo=dt.UTC)  # twelve in Paris
MIDNIGHT = dt.datetime(2020, 1, 11, 23, tzinfo=dt.UTC)  # of 12 January in Paris
MICROSECOND = dt.timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "oui"),
        (False, "non"),
        (NOON, "11 janvier 2020 à 12:00"),
        (DAY, "12/12/2019"),
        (1108, "1\u202f108"),
        (50.5, "50,5"),
        (Decimal("3.25"), "3,25"),
        (("a", "b"), "a et b"),
        ("Rue du Pont", "Rue du Pont"),
    ],
)
def test_a_value_in_plain_words(value: Any, words: str) -> None:
    assert plain_words(value) == words


def test_a_year_is_no_number() -> None:
    assert plain_words(2025, is_year=True) == "2025"


def test_what_people_fill_in_is_told_and_nothing_else() -> None:
    names = [field.name for field in told_fields(Survey)]
    assert names[:4] == ["valid_on", "site", "source_kind", "source"]
    assert not {"id", "lineage", "recorded_at", "reason", "author", "organisation", "blanks"} & set(names)
    # A record has no fact's author: a column of that name would be told.
    assert [field.name for field in told_fields(SiteAlias)] == ["site", "name", "used_by"]


def test_a_column_without_value_says_why() -> None:
    survey = Survey(people=12, minors=None, women=None, blanks={"minors": "nd", "people": "nd"})
    field = Survey._meta.get_field
    assert [content(survey, field(name)) for name in ("people", "minors", "women")] == [
        (12, ""), (None, "nd"), (None, ""),
    ]  # fmt: skip
    assert [in_words(survey, field(name)) for name in ("people", "minors", "women")] == ["12", "ND", ""]


def test_what_was_deleted_since_is_said_so() -> None:
    site = factories.make_site("Rue du Pont", kind="land")
    organisation = factories.make_organisation("Les amis de Lille")
    survey = factories.make_survey(site, DAY, source=organisation)
    field = Survey._meta.get_field
    assert in_words(survey, field("source")) == str(organisation)
    survey.source = None
    survey.source_id = organisation.pk
    survey._state.fields_cache["source"] = None
    assert in_words(survey, field("source")) == "élément supprimé"


def test_only_what_differs_is_a_change() -> None:
    before = Survey(people=12, households=3, valid_on=DAY, blanks={})
    after = Survey(people=12, households=4, valid_on=DAY, blanks={})
    fields = told_fields(Survey)
    assert changes_between(before, after, fields) == [Change("Ménages", "3", "4")]

    def also(version: Survey) -> dict[str, str]:
        return {"Même": "x", "Seul": "avant"} if version is before else {"Même": "x", "Autre": "après"}

    assert changes_between(before, after, fields, also)[1:] == [
        Change("Seul", "avant", ""),
        Change("Autre", "", "après"),
    ]


# Facts and records ----------------------------------------------------------------------------------------


def test_each_fact_is_told_apart_with_its_address() -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    first = factories.make_survey(site, DAY, 1, recorded_at=NOON, reason="repris d’un tableur")
    factories.make_survey(site, DAY, 2, recorded_at=NOON)
    correct(fact=first, by=author, reason="recompté", at=NOON, people=3)
    entries = fact_entries(
        Survey.objects.filter(site=site),
        label=lambda version: f"le recensement de {version.people}",
        url=lambda version: f"/{version.people}/",
        dated=False,
    )
    by_url = {entry.url: entry for entry in entries}
    assert {url: entry.what for url, entry in by_url.items()} == {
        "/1/": "a ajouté le recensement de 1",
        "/2/": "a ajouté le recensement de 2",
        "/3/": "a corrigé le recensement de 1",
    }
    # The reason of a correction, never of what was first said.
    assert {url: entry.reason for url, entry in by_url.items()} == {"/1/": "", "/2/": "", "/3/": "recompté"}
    assert {entry.url for entry in fact_entries(Survey.objects.all(), label="le recensement")} == {""}


def test_what_was_withdrawn_can_be_said_again() -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    gone = withdraw(fact=factories.make_survey(site, DAY), by=author, reason="doublon")
    correct(fact=gone, by=author, reason="pas un doublon", withdrawn=False)
    entries = fact_entries(Survey.objects.filter(site=site), label="le recensement", dated=False)
    assert [entry.what for entry in entries] == [
        "a ajouté le recensement", "a retiré le recensement", "a rétabli le recensement",
    ]  # fmt: skip


def test_each_record_is_told_from_its_own_lines() -> None:
    site = factories.make_site("Rue du Pont")
    author = factories.an_author(site)
    first, second = factories.make_alias(site, "La friche"), factories.make_alias(site, "Le pré")
    first.used_by = "la mairie"
    save_record(record=first, by=author, reason="précision")
    save_record(record=second, by=author, reason="relu")  # nothing changed, but somebody said why
    entries = history_entries(
        SiteAlias.history.filter(site=site), label=lambda row: row.name, url=lambda row: f"/{row.id}/"
    )
    assert [(one.what, one.changes, one.reason) for one in entries if one.url == f"/{first.pk}/"] == [
        ("a créé La friche", [], ""),
        ("a modifié La friche", [Change("Employée par", "", "la mairie")], "précision"),
    ]
    assert [(one.what, one.changes, one.reason) for one in entries if one.url == f"/{second.pk}/"] == [
        ("a créé Le pré", [], ""),
        ("a modifié Le pré", [], "relu"),
    ]
    assert {one.url for one in record_entries(first)} == {""}
    assert {one.url for one in record_entries(first, url="/là/")} == {"/là/"}
    assert record_entries(first)[0].what == "a créé la fiche"


def test_as_known_on_a_day_its_last_instant_included() -> None:
    from_then = [Entry(MIDNIGHT - MICROSECOND, "", "veille"), Entry(MIDNIGHT, "", "lendemain")]
    the_day, the_next = Entry(dt.date(2020, 1, 11), "", "le 11"), Entry(dt.date(2020, 1, 12), "", "le 12")
    known = timeline(from_then, [the_day, the_next], at=AsOf(known=dt.date(2020, 1, 11)))
    assert [one.what for one in known] == ["veille", "le 11"]
