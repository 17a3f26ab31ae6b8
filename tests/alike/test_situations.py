"""Past situations alike, as a person reads them."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jalons.accounts.models import User
from jalons.sites.enums import ClosingReason, Condition
from jalons.sites.models import Site
from tests import factories
from tests.factories import BACKEND, LILLE, ROUBAIX, Cast, organisation_of

pytestmark = pytest.mark.django_db
SOCLE = True
TODAY = timezone.localdate()


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def words(client: Client, user: User, site: Site, query: str = "") -> str:
    client.force_login(user, BACKEND)
    answer = client.get(f"{reverse('alike:situations', args=[site.public_id])}?{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_smoke(client: Client, cast: Cast) -> None:
    here = factories.make_site("Moulin", LILLE)
    factories.make_survey(here, ago(40), 60, minors=30, huts=20)
    factories.make_conditions(here, ago(40), water=Condition.BAD)
    gone = factories.make_site("Quai", ROUBAIX, opened=ago(900))
    factories.make_survey(gone, ago(100), 70, minors=30, huts=20)
    factories.make_conditions(gone, ago(100), water=Condition.BAD)
    factories.close_site(gone, ago(30), reason=ClosingReason.RESORBED)
    action = factories.make_action("MOUS", sites=[gone], operators=[organisation_of(cast.operator_a)])
    factories.make_follow_up(action, ago(90), by=cast.operator_a, menages=12)
    factories.make_funding(action, TODAY.year, 4000)
    text = words(client, cast.correspondent59, here)
    assert "Même taille (50 à 99 personnes), eau absente ou mauvaise, cabanes" in text
