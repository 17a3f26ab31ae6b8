"""The feed, similar sites, comparisons and priorities tell nothing of what one may not read: not by subtracting two
filters, not with thresholds at either end of what may be set.
"""

import datetime as dt
import re
from itertools import product
from typing import Any

import pytest
from django.test import Client

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.core import clock
from jalons.discussions.enums import ActivityKind
from jalons.sites.enums import Condition
from jalons.sites.models import Site
from jalons.urgency.models import COUNTRY, PriorityScale
from jalons.urgency.rules import RULES
from tests import factories
from tests.factories import ARRAS, BACKEND, LILLE, MARSEILLE, ROUBAIX, Cast

pytestmark = pytest.mark.django_db
CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|value="[^"]{64}"')
ROLES = ("correspondent59", "correspondent13", "mairie", "operator_a", "operator13", "observer")
# Each is read whole, and cut in two ways whose difference is what neither says.
FILTERS = ("", "&suivi=personne")


def ago(days: int) -> dt.date:
    return clock.today() - dt.timedelta(days=days)


def addresses(site: Site) -> list[str]:
    return [
        "/tableau-de-bord/comparer/?territoire=departement-59&territoire=region-32&territoire=nation&du=2020-01-01",
        "/tableau-de-bord/comparer/?territoire=nation&du=2020-01-01",
        f"/tableau-de-bord/comparer/?territoire=departement-59&territoire=commune-{LILLE}",
        *(f"/activite/?departement={cut}" for cut in ("tous", "13", f"tous&type={ActivityKind.PROCEDURES}")),
        *(f"/priorites/?departement={code}{cut}" for code, cut in product(("tous", "59"), FILTERS)),
        f"/sites/{site.public_id}/semblables/",
        "/accueil/changements/",
    ]


def answers(user: Any, site: Site) -> dict[str, str]:
    client = Client()
    client.force_login(user, BACKEND)
    bodies = {}
    for address in addresses(site):
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        # A page that is refused bears the number of its incident.
        words = CHANGING.sub("", body.decode()) if answer.status_code == 200 else ""
        bodies[address] = f"{answer.status_code} {words}"
    return bodies


def hidden_site(place: str, number: int) -> Site:
    """As alike to the others as can be, urgent, and closed by a decision: what similar sites would look for."""
    site = factories.make_site(f"Chemin Caché {number}", place, opened=ago(900))
    factories.make_survey(site, ago(200), 34, minors=12, minors_at_school=1)
    factories.make_conditions(site, ago(200), water=Condition.BAD)
    return site


def hide(user: Any, own: Site, number: int) -> int:
    """Writes all that this person may not read; how many things."""
    things = 0
    for place in (MARSEILLE, ARRAS, ROUBAIX):
        probe = factories.Commune.objects.get(pk=place)
        if not can(user, Right.READ_SITES, probe):
            hidden_site(place, number)
            things += 1
    if not can(user, Right.READ_JUSTICE, own):
        factories.make_procedure(own, ago(3 + number), evacuation_on=clock.today() + dt.timedelta(days=5))
        things += 1
    if not can(user, Right.READ_OWNER, own):
        factories.make_ownership(own, ago(3), name=f"Dupont imaginaire {number}")
        things += 1
    return things


@pytest.mark.parametrize("edge", ["least", "most"])
def test_what_one_may_not_read_changes_no_byte(cast: Cast, edge: str) -> None:
    limits = {code: getattr(rule.limit.bounds, edge) for code, rule in RULES.items() if rule.limit}
    PriorityScale.objects.create(code=COUNTRY, limits=limits, weights=dict.fromkeys(RULES, 8))
    own = factories.make_site("Rue du Moulin", LILLE, opened=ago(900))
    factories.make_survey(own, ago(200), 34, minors=12, minors_at_school=1)
    factories.make_conditions(own, ago(200), water=Condition.BAD)
    hidden, whole = 0, answers(cast.national, own)
    for number, role in enumerate(ROLES):
        user = getattr(cast, role)
        before = answers(user, own)
        things = hide(user, own, number)
        after = answers(user, own)
        moved = [address for address, body in after.items() if body != before[address]]
        assert moved == [], f"{role}: {things} things"
        hidden += things
        assert any(body.startswith("200") for body in after.values()), role
    assert hidden >= 8
    moved = [address for address, body in answers(cast.national, own).items() if body != whole[address]]
    for page in ("/tableau-de-bord/comparer/", "/activite/", "/priorites/"):
        assert any(address.startswith(page) for address in moved), "who reads everything reads it"
