"""The day and the hour are those of the territory of the person, not those of Paris."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.forms import Form
from django.test import Client
from django.utils import timezone

from jalons.accounts.enums import Role
from jalons.accounts.permissions import own_zone
from jalons.actions import notifications
from jalons.actions.enums import ActionTheme, DueState, Rhythm
from jalons.actions.selectors.dues import dues_of
from jalons.core import clock
from jalons.core.form_fields import FrenchDateField
from jalons.core.values import format_moment
from jalons.discussions.models import Mail
from jalons.history.querysets import AsOf
from jalons.sites.models import SiteEvent, Survey
from jalons.territories.models import Commune, Departement, Region
from jalons.territories.zones import OVERSEAS, territory_day, zone_of
from tests import factories

pytestmark = pytest.mark.django_db

# One o’clock in the morning of 1 December in Paris: still the evening of 30 November in the Antilles.
MOMENT = dt.datetime(2026, 12, 1, 0, 0, tzinfo=dt.UTC)
EVE, DAY = dt.date(2026, 11, 30), dt.date(2026, 12, 1)


@pytest.fixture(autouse=True)
def overseas(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.make_territories()
    for code, name, commune in [("971", "Guadeloupe", "97105"), ("987", "Polynésie française", "98735")]:
        region = Region.objects.create(code=code[1:], name=name)
        departement = Departement.objects.create(code=code, name=name, region=region)
        Commune.objects.create(insee_code=commune, name=f"Chef-lieu {name}", departement=departement)
    monkeypatch.setattr(timezone, "now", lambda: MOMENT)


def signed_in(*codes: str, role: str = Role.CORRESPONDENT) -> Client:
    client = Client()
    client.force_login(factories.make_user(role, *codes), factories.BACKEND)
    return client


def test_every_overseas_territory_has_its_zone() -> None:
    from_utc = {
        code: MOMENT.astimezone(zone).utcoffset() // dt.timedelta(hours=1)  # type: ignore[operator]
        for code, zone in OVERSEAS.items()
    }
    assert from_utc == {
        **dict.fromkeys(["971", "972", "977", "978"], -4),
        **dict.fromkeys(["973", "975"], -3),
        **dict.fromkeys(["974"], 4),
        "976": 3,
        "984": 5,
        "986": 12,
        "987": -10,
        "988": 11,
        "989": -8,
    }
    assert territory_day("59") == DAY
    assert (territory_day("971"), territory_day("988")) == (EVE, DAY)


@pytest.mark.parametrize(
    ("codes", "zone"),
    [
        (["971"], "America/Guadeloupe"),
        (["97105"], "America/Guadeloupe"),
        (["59"], "Europe/Paris"),
        (["59", "971"], "Europe/Paris"),
        (["FR"], "Europe/Paris"),
        ([], "Europe/Paris"),
    ],
)
def test_the_zone_of_a_person(codes: list[str], zone: str) -> None:
    user = factories.make_user(Role.CORRESPONDENT if codes else None, *codes)
    assert str(own_zone(user)) == zone


def test_an_observation_of_the_evening_is_of_that_day() -> None:
    """The form proposes the day of the territory, and « rien n’a changé » writes it."""
    site = factories.make_site(code=Commune.objects.get(pk="97105"))
    factories.make_survey(site, dt.date(2026, 10, 1), people=40)
    client = signed_in("971")
    page = client.get(f"/sites/{site.public_id}/recensements/nouveau/").content.decode()
    assert 'value="30/11/2026"' in page
    client.post(
        f"/sites/{site.public_id}/rien-n-a-change/",
        {"source_kind": "state", "submission_key": str(uuid.uuid4())},
    )
    visit = SiteEvent.objects.get(site=site)
    assert visit.valid_on == EVE
    assert Survey.objects.filter(site=site, unchanged=True).get().valid_on == EVE
    assert "30/11/2026" in client.get(f"/sites/{site.public_id}/").content.decode()


def test_the_zone_does_not_outlive_the_request() -> None:
    signed_in("971").get("/")
    assert timezone.get_current_timezone_name() == "Europe/Paris"


def test_each_person_reads_the_hour_of_their_place() -> None:
    with timezone.override(zone_of("971")):
        assert format_moment(MOMENT) == "30 novembre 2026 à 20:00"
        assert (clock.today(), AsOf().day) == (EVE, EVE)
    assert format_moment(MOMENT) == "1er décembre 2026 à 01:00"
    assert clock.paris_day() == DAY


def test_what_was_just_written_is_seen_today_everywhere() -> None:
    """A comment of the evening is of the next day in Paris: it does not wait for midnight to be read."""
    with timezone.override(zone_of("971")):
        assert AsOf().had_seen(MOMENT)
        assert AsOf(valid=EVE).had_seen(MOMENT)
    assert not AsOf(valid=EVE).had_seen(MOMENT)


@pytest.mark.parametrize("zone", ["971", "988", "59"])
def test_known_on_a_day_is_the_same_for_everybody(zone: str) -> None:
    with timezone.override(zone_of(zone)):
        assert AsOf(known=EVE).instant == dt.datetime(2026, 11, 30, 23, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("typed", "refused"), [("1/12/2026", False), ("2/12/2026", False), ("3/12/2026", True), ("demain", True)]
)
def test_a_typed_date_has_one_day_of_tolerance(typed: str, refused: bool) -> None:
    form = type("DayForm", (Form,), {"day": FrenchDateField(not_after=lambda today: today)})({"day": typed})
    assert form.is_valid() is not refused
    assert ("dans le futur" in str(form.errors)) is refused


def make_overseas_action(departement: str) -> Any:
    organisation = factories.make_organisation(f"Opérateur {departement}", departement)
    factories.make_user(
        Role.OPERATOR, departement, organisation=organisation, name=f"Opérateur de {departement}"
    )
    return factories.make_action(
        f"Médiation {departement}",
        departement,
        operators=[organisation],
        starts_on=dt.date(2026, 11, 1),
        themes=[ActionTheme.SCHOOL],
        rhythm=Rhythm.MONTHLY,
    )


def test_a_deadline_is_over_once_its_day_is_over_there() -> None:
    here, there = (
        factories.make_action(starts_on=dt.date(2026, 11, 1), rhythm=Rhythm.MONTHLY),
        make_overseas_action("971"),
    )
    dues = dues_of([here, there])
    assert [(one.due.state, one.due.on) for one in dues[there.pk]] == [(DueState.DUE, EVE)]
    assert {one.due.state for one in dues[here.pk]} == {DueState.LATE}


def test_reminders_follow_the_day_of_the_dispositif() -> None:
    """At seven in Paris it is the eve in Polynésie: « aujourd’hui » is written the day after, once."""
    make_overseas_action("987")
    subjects = {}
    for day in (29, 30, 31):
        notifications.remind(dt.date(2026, 12, 1) + dt.timedelta(days=day - 30))
        subjects[day] = list(Mail.objects.order_by("pk").values_list("subject", flat=True))
        Mail.objects.all().delete()
    assert subjects[29] == []
    (subject,) = subjects[30]
    assert "aujourd’hui, 30 novembre" in subject.replace("\u00a0", " ")
    assert subjects[31] == []
