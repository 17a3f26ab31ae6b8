"""What a reader may not read changes nothing of what they see: not a word, not an order, not a count, not a byte."""

import re
from typing import Any

import pytest

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.actions.models import FundingLine
from jalons.history.services import correct
from jalons.sites.models import Site
from jalons.urgency.engine import priorities
from jalons.urgency.models import PriorityScale
from jalons.urgency.rules import RULES
from tests import factories
from tests.factories import DUNKERQUE, LILLE, MARSEILLE, ROUBAIX, Cast
from tests.urgency.cases import BAD, conditions, decision, evacuation, force, order, spent, survey
from tests.urgency.test_priorities import signed_in

pytestmark = pytest.mark.django_db
CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"')
ROLES = ("national", "correspondent59", "correspondent13", "mairie", "operator_b", "contributor")
JUSTICE = (evacuation(10), order(20), decision(3), force(40, "granted"))


def addresses(site: Site) -> list[str]:
    asked = [
        "",
        "departement=tous",
        "departement=59",
        "suivi=personne",
        *(f"raison={code}" for code in RULES),
    ]
    pages = [f"/priorites/?{query}" for query in asked]
    export = "/priorites/export?format=csv&departement=tous"
    lists = [
        f"/sites/?{query}" for query in ("departement=tous", "tri=-priorite", "tri=priorite", "alerte=on")
    ]
    maps = ["/carte/?alerte=on", "/carte/sites.geojson?alerte=on", "/carte/?tri=-priorite"]
    return [*pages, *lists, *maps, export, "/priorites/accueil/", f"/priorites/sites/{site.public_id}/"]


def seen(user: Any, site: Site) -> dict[str, str]:
    """Everything that the pages of priorities answer, without what changes at each reading."""
    client = signed_in(user)
    answers = {}
    for address in addresses(site):
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        answers[address] = f"{answer.status_code} {CHANGING.sub('', body.decode())}"
    return answers


@pytest.fixture
def two_sites(cast: Cast) -> tuple[Site, Site]:
    """The second one comes after the first, until what is hidden is known."""
    first, second = (
        factories.make_site("Rue du Moulin", ROUBAIX),
        factories.make_site("Rue des Fleurs", LILLE),
    )
    for site in (first, second):
        survey(1, 20)(site)
    conditions(sanitation=BAD)(first)
    return first, second


def moved_limits() -> None:
    """As wide as they go: what is hidden does not come out of a limit either."""
    wide = {code: rule.limit.bounds.most for code, rule in RULES.items() if rule.limit}
    PriorityScale.objects.create(code="FR", limits=wide, weights=dict.fromkeys(RULES, 8))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("moved", [False, True], ids=["default limits", "moved limits"])
def test_procedures_show_to_who_may_read_them_only(
    cast: Cast, two_sites: tuple[Site, Site], role: str, moved: bool
) -> None:
    user, (first, second) = getattr(cast, role), two_sites
    if moved:
        moved_limits()
    before = seen(user, second)
    for fact in JUSTICE:
        fact(second)
    after = seen(user, second)
    if can(user, Right.READ_JUSTICE, second):
        assert list(priorities(user).order) == [second.pk, first.pk]
        assert before != after
    else:
        assert before == after


@pytest.mark.parametrize("role", ROLES)
def test_money_shows_to_who_may_read_it_only(cast: Cast, two_sites: tuple[Site, Site], role: str) -> None:
    user, (_, second) = getattr(cast, role), two_sites
    spent(0)(second)
    line = FundingLine.objects.known().get()
    before = seen(user, second)
    by = factories.departement_author("59")
    correct(fact=line, by=by, reason="", executed=(line.executed + 4_000) % 10_000)
    codes = {reason.rule.code for reason in priorities(user).reasons_on(second.pk)}
    reads = can(user, Right.READ_FUNDING, line.action)
    assert ("spending" in codes) == reads
    assert (before == seen(user, second)) != reads


def test_a_site_out_of_reach_is_nowhere(cast: Cast) -> None:
    site = factories.make_site("Rue Cachée", DUNKERQUE)
    for fact in (conditions(water=BAD), *JUSTICE):
        fact(site)
    for user in (cast.operator13, cast.nobody):
        answers = seen(user, site)
        assert "Rue Cachée" not in "".join(answers.values())
        assert answers[f"/priorites/sites/{site.public_id}/"][:3] in ("404", "403")
    assert priorities(cast.operator13).order == []
    # One of them is only theirs.
    factories.make_site("Rue du Port", MARSEILLE)
    assert len(priorities(cast.operator13).order) == 1


def test_a_rule_that_one_may_read_nowhere_is_not_named(cast: Cast) -> None:
    page = signed_in(cast.observer).get("/priorites/").content.decode()
    assert RULES["evacuation"].sentence not in page
    assert RULES["evacuation"].sentence in signed_in(cast.correspondent59).get("/priorites/").content.decode()


def test_a_right_lost_while_the_page_is_open(cast: Cast) -> None:
    site = factories.make_site("Rue du Moulin")
    evacuation(10)(site)
    user = cast.correspondent59
    client = signed_in(user)
    address = "/priorites/?raison=evacuation"
    assert "Rue du Moulin" in client.get(address).content.decode()
    user.memberships.get().grants.create(right=Right.READ_JUSTICE, allowed=False, starts_on=factories.OPENED)
    assert "Rue du Moulin" not in client.get(address).context["lines"]
    assert "évacuation prévue" not in client.get(address).content.decode()
