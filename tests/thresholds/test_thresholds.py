"""Delays that the national administration sets: kept with their past, in force wherever they are read, at once."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from jalons.accounts.models import User
from jalons.actions.selectors.dues import dues_of
from jalons.core.clock import paris_day
from jalons.history.services import Stale
from jalons.sites.selectors import SiteFilter, filtered_sites, site_rows
from jalons.thresholds.enums import BOUNDS, DEFAULTS, ThresholdCode, limits_with
from jalons.thresholds.models import Threshold
from jalons.thresholds.selectors import delay_words, limits_in_force, read_once
from jalons.thresholds.services import set_threshold
from tests import factories
from tests.factories import BACKEND, Cast
from tests.house.tree import python_files

pytestmark = pytest.mark.django_db
ADDRESS = "/administration/referentiels/seuils/"


@pytest.fixture
def sets(cast: Cast) -> Any:
    def do(code: ThresholdCode, days: int, **more: Any) -> Threshold:
        return set_threshold(code=code, days=days, by=factories.actor(cast.admin), reason="essai", **more)

    return do


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


@pytest.mark.parametrize(
    ("days", "words"),
    [(91, "3\u00a0mois"), (90, "3\u00a0mois"), (89, "89\u00a0jours"), (182, "6\u00a0mois"), (15, "15\u00a0jours"),
     (1, "1\u00a0jour"), (0, "0\u00a0jour"), (30, "1\u00a0mois"), (365, "12\u00a0mois"), (45, "45\u00a0jours")],
)  # fmt: skip
def test_a_delay_in_words(days: int, words: str) -> None:
    assert delay_words(dt.timedelta(days=days)) == words


def test_nobody_but_the_invented_world_reads_the_defaults() -> None:
    """A reader of `DEFAULTS` would not see what was set."""
    readers = {path for path, text in python_files("jalons").items() if "import DEFAULTS" in text}
    assert readers == {"jalons/demonstration/follow_ups.py"}


def test_out_of_bounds_or_crossing_is_refused(sets: Any) -> None:
    for code, bounds in BOUNDS.items():
        for days in (bounds.least - 1, bounds.most + 1):
            with pytest.raises(ValidationError, match="jours"):
                sets(code, days)
    with pytest.raises(ValidationError, match="plus long"):
        sets(ThresholdCode.SURVEY_DUE, 182)
    with pytest.raises(ValidationError, match="plus long"):
        sets(ThresholdCode.SURVEY_STALE, 91)
    assert limits_in_force() == DEFAULTS
    assert not Threshold.objects.exists()


def test_bounds_themselves_are_accepted_and_kept_with_their_past(sets: Any) -> None:
    for days in (BOUNDS[ThresholdCode.FOLLOW_UP_CLOSE].most, BOUNDS[ThresholdCode.FOLLOW_UP_CLOSE].least):
        sets(ThresholdCode.FOLLOW_UP_CLOSE, days)
    row = Threshold.objects.get()
    past = row.history.order_by("version").values_list("days", "history_change_reason")  # type: ignore[attr-defined]
    assert list(past) == [(15, "essai"), (0, "essai")]
    assert limits_in_force() == limits_with({"follow_up_close": 0})


def test_of_two_administrators_the_second_is_told(sets: Any) -> None:
    sets(ThresholdCode.EVACUATION_SOON, 60, expected_version=0)
    with pytest.raises(Stale):
        sets(ThresholdCode.EVACUATION_SOON, 120, expected_version=0)
    assert limits_in_force().evacuation_soon.days == 60


def test_read_once_a_request_and_again_once_set(sets: Any, django_assert_num_queries: Any) -> None:
    with read_once():
        with django_assert_num_queries(1):
            assert limits_in_force() == limits_in_force() == DEFAULTS
        sets(ThresholdCode.SURVEY_DUE, 30)
        assert limits_in_force().survey_due.days == 30


def test_lists_alerts_labels_and_map_follow(cast: Cast, sets: Any) -> None:
    site = factories.make_site(latitude=50.6, longitude=3.05)
    factories.make_survey(site, paris_day() - dt.timedelta(days=50), people=10)
    client = signed_in(cast.correspondent59)

    def state() -> tuple[str, int, int, bool]:
        found = filtered_sites(cast.correspondent59, SiteFilter())
        (row,) = site_rows(cast.correspondent59, found, urgent=True)
        due = filtered_sites(cast.correspondent59, SiteFilter(stale="3")).count()
        stale = filtered_sites(cast.correspondent59, SiteFilter(stale="6")).count()
        return row.freshness, due, stale, any("pas de recensement" in reason.words for reason in row.reasons)

    assert state() == ("good", 0, 0, False)
    sets(ThresholdCode.SURVEY_DUE, 15)
    assert state() == ("due", 1, 0, False)
    sets(ThresholdCode.SURVEY_STALE, 45)
    assert state() == ("late", 1, 1, True)
    for address in ("/sites/", "/carte/"):
        text = client.get(address).content.decode().replace("\u00a0", " ")
        assert "45 jours" in text
        assert "6 mois" not in text.replace("il y a 6 mois", "")
    assert '"late"' in client.get("/carte/sites.geojson").content.decode().replace(" ", "")


def test_follow_ups_asked_follow(cast: Cast, sets: Any) -> None:
    operator = factories.organisation_of(cast.operator_a)
    today = dt.date(2020, 3, 20)
    action = factories.make_action(
        "Médiation", operators=[operator], starts_on=dt.date(2020, 3, 1), rhythm="monthly"
    )

    def due() -> Any:
        return dues_of([action], today=today)[action.pk][0].due

    assert (due().state, due().on) == ("due", dt.date(2020, 3, 31))
    sets(ThresholdCode.FOLLOW_UP_NOTICE, 5)
    assert due().state == "good"
    sets(ThresholdCode.FOLLOW_UP_GRACE, 40)
    assert due().on == dt.date(2020, 4, 30)


def test_the_screen_says_bounds_past_and_who(cast: Cast) -> None:
    national, local = signed_in(cast.admin), signed_in(cast.local_admin)
    assert "Régler" not in local.get("/administration/referentiels/").content.decode()
    sent = {"submission_key": "11111111-1111-4111-8111-111111111111", "expected_version": 0}
    for days in ("1000", ""):
        answer = national.post(f"{ADDRESS}survey_due/", {**sent, "days": days, "reason": "essai"})
        assert answer.status_code == 200
    assert "va de 7 à 365" in national.post(
        f"{ADDRESS}survey_due/", {**sent, "days": "1000", "reason": "essai"}
    ).content.decode().replace("\u00a0", " ")
    for _ in range(2):  # a double click
        answer = national.post(f"{ADDRESS}survey_due/", {**sent, "days": "60", "reason": "note du 3 mars"})
        assert answer.status_code == 302
    assert Threshold.objects.get().version == 1
    page = national.get(f"{ADDRESS}survey_due/").content.decode()
    assert "Motif\u00a0: note du 3 mars" in page
    assert "60 jours" in page
    other = {**sent, "submission_key": "22222222-2222-4222-8222-222222222222", "days": "70", "reason": "x"}
    late = national.post(f"{ADDRESS}survey_due/", other)
    assert late.status_code == 409
    assert 'value="70"' in late.content.decode()
    assert national.get(f"{ADDRESS}inconnu/").status_code == 404
