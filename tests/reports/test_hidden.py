"""What a reader may not read changes no byte of a dashboard: not alone, not by difference, not by moving thresholds."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.history.services import correct
from jalons.sites.models import Site
from jalons.urgency.models import PriorityScale
from jalons.urgency.rules import RULES
from tests import factories
from tests.factories import ARRAS, BACKEND, LILLE, MARSEILLE, ROUBAIX, Cast

pytestmark = pytest.mark.django_db
CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"')
ROLES = ("national", "correspondent59", "correspondent13", "mairie", "operator_a", "contributor", "observer")
YEAR = dt.date.today().year
AREAS = (
    "",
    "territoire=nation",
    "territoire=region-32",
    "territoire=departement-59",
    "territoire=commune-59350",
)
# Two readings whose difference could tell what neither does.
VARIANTS = ("tout=1", "tout=1&du=2020-01-01", "tout=1&au=2024-06-30")


def dashboards(user: Any) -> dict[str, str]:
    client = Client()
    client.force_login(user, BACKEND)
    addresses = [
        *(f"/tableau-de-bord/?{area}&{variant}" for area in AREAS for variant in VARIANTS),
        "/tableau-de-bord/evolution/?territoire=departement-59",
        "/",
    ]
    answers = {}
    for address in addresses:
        answer = client.get(address)
        # A page that is refused bears the number of its incident.
        body = CHANGING.sub("", answer.content.decode()) if answer.status_code == 200 else ""
        answers[address] = f"{answer.status_code} {body}"
    return answers


@pytest.fixture
def seen(cast: Cast) -> Site:
    site = factories.make_site("Rue du Moulin", LILLE)
    factories.make_survey(site, dt.date(2024, 5, 1), 34)
    return site


@pytest.mark.parametrize("moved", [False, True], ids=["as they are", "moved"])
@pytest.mark.parametrize("role", ROLES)
def test_a_hidden_thing_changes_no_byte(cast: Cast, seen: Site, role: str, moved: bool) -> None:
    user = getattr(cast, role)
    if moved:
        limits = {code: rule.limit.bounds.most for code, rule in RULES.items() if rule.limit}
        PriorityScale.objects.create(code="FR", limits=limits, weights=dict.fromkeys(RULES, 8))
    before = dashboards(user)
    hidden = factories.make_site("Chemin Caché", MARSEILLE)
    factories.make_survey(hidden, dt.date(2024, 5, 2), 99, minors=40, minors_at_school=3)
    factories.make_conditions(hidden, dt.date(2024, 5, 2))
    after = dashboards(user)
    if not can(user, Right.READ_SITES, hidden):
        assert after == before
    else:
        assert after != before


@pytest.mark.parametrize("role", ROLES)
def test_procedure_owner_and_amount(cast: Cast, seen: Site, role: str) -> None:
    """No dashboard tells a procedure or an owner; an amount counts for who may read it."""
    user = getattr(cast, role)
    before = dashboards(user)
    factories.make_procedure(seen, dt.date(2024, 5, 3), evacuation_on=dt.date.today() + dt.timedelta(days=9))
    factories.make_ownership(seen, dt.date(2024, 5, 3), name="Dupont imaginaire")
    assert dashboards(user) == before
    line = factories.make_funding(factories.make_action("MOUS", sites=[seen]), YEAR, 4_000)
    before = dashboards(user)
    by = factories.departement_author("59")
    correct(fact=line, by=by, reason="", planned=9_000, executed=7_000)
    assert (dashboards(user) != before) == can(user, Right.READ_FUNDING, line.action)


@pytest.mark.parametrize("role", ["operator_a", "observer"])
def test_a_region_read_in_part_has_its_page(cast: Cast, seen: Site, role: str) -> None:
    """What the département beside holds changes no byte of it, nor of its evolution."""
    factories.make_site("Rue Voisine", ROUBAIX)
    client = Client()
    client.force_login(getattr(cast, role), BACKEND)
    addresses = [f"/tableau-de-bord/{which}?territoire=region-32&tout=1" for which in ("", "evolution/")]
    before = [CHANGING.sub("", client.get(address).content.decode()) for address in addresses]
    for page in before:
        assert "1 département sur 2" in page.replace("\u00a0", " ")  # the two that tests know
    hidden = factories.make_site("Chemin Caché", ARRAS)
    factories.make_survey(hidden, dt.date(2024, 5, 2), 99, minors=40, minors_at_school=3)
    factories.make_action("MOUS", "62", sites=[hidden])
    assert [CHANGING.sub("", client.get(address).content.decode()) for address in addresses] == before
    assert client.get("/tableau-de-bord/?territoire=region-93").status_code == 404
