"""The alerts by cause: one line for one cause, the money and what blocks first, one reason for all of them."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jalons.conventions.alerts.causes import MOST_PLACES, causes_of, weights
from jalons.conventions.alerts.selectors import alerts_of
from jalons.conventions.alerts.services import acknowledge
from jalons.conventions.enums import AlertLevel
from jalons.conventions.models import Acknowledgement, Alert, Convention
from jalons.conventions.years.services import open_next_year
from tests import factories
from tests.conventions.samples import make_convention, sample
from tests.factories import BACKEND, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def convention(cast: Cast) -> Convention:
    """Three sheets that stop before the year, a total wrong by 10 000 € and another by 40 000 €."""
    told = sample()
    for each in told["fiches"]:
        each.update(start_date="2019-01-01", duration_months=36, end_date_computed="2021-12-31")
    told["fiches"][1]["budget"][0]["total"]["amount"] = 60_000
    told["fiches"][1]["budget"][1]["total"]["amount"] = 90_000
    return make_convention(told)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def page(name: str, convention: Convention, *args: str) -> str:
    return reverse(f"conventions:{name}", args=[convention.slug, *args])


def dates(convention: Convention) -> str:
    return page("acknowledge_cause", convention, "dates_cover_year", AlertLevel.WARNING.value)


def test_the_same_dates_are_one_line_that_names_every_sheet(convention: Convention, cast: Cast) -> None:
    [cause] = [
        each
        for each in causes_of(cast.council, convention, alerts_of(cast.council, convention))
        if each.rule == "dates_cover_year"
    ]
    assert (len(cause.rows), cause.same_message) == (3, True)
    html = client_of(cast.council).get(page("alerts", convention)).content.decode()
    assert html.count(f"<b>{cause.title}</b>") == 1
    assert html.count(dates(convention)) == 1
    for row in cause.rows:
        assert row.sheet is not None
        assert page("sheet", convention, row.sheet.public_id) in html


def test_what_blocks_comes_first_then_the_largest_sum(convention: Convention, cast: Cast) -> None:
    causes = causes_of(cast.council, convention, alerts_of(cast.council, convention))
    levels = [list(AlertLevel).index(AlertLevel(each.level)) for each in causes]
    ranks = [{"error": 0, "warning": 1, "info": 2}[each.level] for each in causes]
    assert ranks == sorted(ranks), levels
    for level in AlertLevel:
        sums = [each.money for each in causes if each.level == level]
        assert sums == sorted(sums, reverse=True)
    [totals] = [each for each in causes if each.rule == "budget_total"]
    assert [int(abs(row.alert.gap or 0)) for row in totals.rows] == [40_000, 10_000]


def test_information_is_folded_unless_it_is_asked_for(convention: Convention, cast: Cast) -> None:
    client = client_of(cast.council)
    html = client.get(page("alerts", convention)).content.decode()
    assert '<details class="w-weight" id="poids-info">' in html
    asked = client.get(f"{page('alerts', convention)}?niveau=info").content.decode()
    assert '<details class="w-weight"' not in asked
    found = Alert.objects.filter(convention=convention, level=AlertLevel.INFO)
    [infos] = list(weights(causes_of(cast.council, convention, found), open_infos=False))
    assert infos.folded
    assert infos.count == found.count()


def test_one_reason_for_all_the_alerts_of_a_cause(convention: Convention, cast: Cast) -> None:
    client = client_of(cast.council)
    form = client.get(dates(convention)).context["form"]
    marks = [mark for mark, _ in form.fields["alerts"].choices]
    assert form["alerts"].value() == marks
    sent = {"submission_key": form["submission_key"].value(), "why": "Reconduites par le comité."}
    assert "Cochez au moins une alerte" in client.post(dates(convention), sent).content.decode()
    answer = client.post(dates(convention), {**sent, "alerts": marks[:2]}, follow=True)
    assert "2 alertes sont acquittées" in answer.content.decode()
    answered = Acknowledgement.objects.filter(convention=convention)
    assert {each.fingerprint for each in answered} == set(marks[:2])
    assert {each.reason for each in answered} == {"Reconduites par le comité."}
    left = client.get(dates(convention)).context["form"]
    assert [mark for mark, _ in left.fields["alerts"].choices] == marks[2:]


def test_what_somebody_answered_meanwhile_keeps_its_answer(convention: Convention, cast: Cast) -> None:
    client = client_of(cast.council)
    form = client.get(dates(convention)).context["form"]
    marks = [mark for mark, _ in form.fields["alerts"].choices]
    first = Alert.objects.get(convention=convention, fingerprint=marks[0])
    acknowledge(alert=first, reason="La première.", by=factories.actor(cast.council))
    sent = {"submission_key": form["submission_key"].value(), "why": "La seconde.", "alerts": marks}
    html = client.post(dates(convention), sent, follow=True).content.decode()
    assert "2 alertes sont acquittées" in html
    assert "1 avait déjà une réponse" in html
    reasons = Acknowledgement.objects.filter(convention=convention).values_list("fingerprint", "reason")
    assert dict(reasons) == dict.fromkeys(marks[1:], "La seconde.") | {marks[0]: "La première."}


def test_a_cause_that_does_not_exist(convention: Convention, cast: Cast) -> None:
    client = client_of(cast.council)
    for rule, level in (("inconnue", "warning"), ("dates_cover_year", "grave")):
        assert client.get(page("acknowledge_cause", convention, rule, level)).status_code == 404
    none = page("acknowledge_cause", convention, "dates_cover_year", AlertLevel.ERROR.value)
    assert "Cette alerte n’existe plus" in client.get(none, follow=True).content.decode()


def test_as_many_queries_and_a_bounded_page_whatever_the_number(convention: Convention, cast: Cast) -> None:
    client = client_of(cast.council)
    client.get(page("alerts", convention))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            html = client.get(page("alerts", convention)).content.decode()
        counts.append(len(queries))
        one = Alert.objects.filter(convention=convention, rule="dates_cover_year").first()
        assert one is not None
        copies = []
        for rank in range(2 * MOST_PLACES):
            copies.append(
                Alert(
                    **{
                        field.attname: getattr(one, field.attname)
                        for field in Alert._meta.concrete_fields
                        if field.attname not in ("id", "fingerprint")
                    },
                    fingerprint=f"{rank:064x}",
                )
            )
        Alert.objects.bulk_create(copies)
    assert counts[0] == counts[1]
    assert len(re.findall('class="w-where"', html)) < 2 * MOST_PLACES
    assert "de plus, rangées par fiche" in html


def test_opening_the_year_adds_no_alert_that_a_counter_says(cast: Cast) -> None:
    """Objectives and accounts to fill are counted cell by cell; what was copied is told to be read again."""
    opened = open_next_year(convention=make_convention(), by=factories.actor(cast.council))
    rules = set(Alert.objects.filter(convention=opened).values_list("rule", flat=True))
    assert "to_review_sheet" in rules
    assert not rules & {"objective_missing", "empty_past_account", "calendar_past", "objective_column"}
