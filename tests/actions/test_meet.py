"""Where sites and dispositifs meet: the card of the sheet, the filter of the list, a merge."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import User
from jalons.actions.models import Action, ActionSite
from jalons.actions.selectors.coverage import coverage
from jalons.actions.selectors.on_site import site_actions, site_blocks
from jalons.actions.services import set_sites
from jalons.exports.document import Grid, Paragraph
from jalons.history.querysets import NOW, AsOf
from jalons.sites.forms.listing import read_list
from jalons.sites.models import Site
from jalons.sites.selectors import filtered_sites
from jalons.sites.services import merge_sites
from tests import factories
from tests.factories import BACKEND, LILLE, MARSEILLE, ROUBAIX, Cast, actor, make_action, make_site
from tests.front import tight

pytestmark = pytest.mark.django_db

START, END = dt.date(2020, 3, 1), dt.date(2021, 6, 30)


@pytest.fixture
def site(cast: Cast) -> Site:
    return make_site("Rue du Moulin")


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def sheet(user: User, site: Site, query: str = "") -> str:
    client = Client()
    client.force_login(user, BACKEND)
    got = client.get(f"/sites/{site.public_id}/{query}")
    assert got.status_code == 200
    html = got.content.decode()
    start = html.index("<h2>Dispositifs</h2>")
    card = html[html.rindex("<section", 0, start) : html.index("</section>", start)]
    return re.sub(r"\s+", " ", card.replace("\xa0", " "))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(html)).strip()


# The card ------------------------------------------------------------------------------------------------


def test_card_says_who_does_what_since_when(cast: Cast, site: Site) -> None:
    operators = [factories.make_organisation("Croix du Nord"), factories.make_organisation("Les jardins")]
    action = make_action(
        "Médiation", starts_on=START, sites=[site], operators=operators, themes=["health", "school"]
    )
    html = sheet(cast.observer, site)
    assert f'href="/dispositifs/{action.public_id}/"' in html
    told = words(html)
    assert "Médiation" in told
    assert "Éducation et scolarisation" in told
    assert "En cours sur ce site depuis le 01/03/2020" in told
    assert "Opérateurs : Croix du Nord, Les jardins" in told
    assert "Déclarer" not in told
    assert "Aucun dispositif" not in told


def test_without_a_dispositif_the_next_step_is_offered(cast: Cast, site: Site) -> None:
    html = sheet(cast.correspondent59, site)
    assert "Aucun dispositif ne couvre ce site." in words(html)
    assert f'href="/dispositifs/nouveau/?site={site.public_id}"' in html
    for user in (cast.operator_a, cast.correspondent13):
        assert "Déclarer un dispositif" not in sheet(user, site)
    assert "Déclarer un dispositif" not in sheet(cast.correspondent59, site, "?au=2020-01-01")


def test_ended_dispositif_stays_told(cast: Cast, site: Site) -> None:
    make_action("Ancien", starts_on=START, sites=[site], ended_on=END)
    told = words(sheet(cast.observer, site))
    assert "Aucun dispositif ne couvre plus ce site." in told
    assert "Terminé sur ce site : du 01/03/2020 au 30/06/2021" in told


def test_site_that_left_its_dispositif_is_not_covered(cast: Cast, site: Site) -> None:
    action = make_action("Médiation", starts_on=START, sites=[site])
    set_sites(action=action, sites=[], on=END, by=actor(cast.correspondent59))
    assert "du 01/03/2020 au 30/06/2021" in words(sheet(cast.observer, site))
    set_sites(action=action, sites=[site], on=dt.date(2022, 1, 1), by=actor(cast.correspondent59))
    told = words(sheet(cast.observer, site))
    assert "depuis le 01/01/2022" in told
    assert told.count("Médiation") == 1


def test_card_is_as_of_the_dates_of_the_sheet(cast: Cast, site: Site) -> None:
    action = make_action("Médiation", starts_on=START, sites=[site], ended_on=END)
    then = sheet(cast.observer, site, "?au=2020-12-31")
    assert "En cours sur ce site depuis le 01/03/2020" in words(then)
    assert f'href="/dispositifs/{action.public_id}/?au=2020-12-31"' in then
    before = words(sheet(cast.observer, site, "?au=2020-02-01"))
    assert "Aucun dispositif ne couvre ce site." in before
    assert "Médiation" not in before
    yesterday = (dt.date.today() - dt.timedelta(days=1)).isoformat()
    Site.objects.get(pk=site.pk).occupations.update(recorded_at=dt.datetime(2019, 1, 1, tzinfo=dt.UTC))
    assert "Médiation" not in words(sheet(cast.observer, site, f"?connu-le={yesterday}"))


def test_dispositif_out_of_reach_is_not_named(cast: Cast, site: Site) -> None:
    make_action("Caché", "13", sites=[site], by=actor(cast.correspondent13))
    told = words(sheet(cast.contributor, site))
    assert "Caché" not in told
    assert "Aucun dispositif ne couvre" not in told
    assert "Un autre dispositif couvre ce site : vous n’avez pas accès à sa fiche." in told
    assert "Caché" in words(sheet(cast.correspondent13, site))


def test_no_card_without_the_right_to_see_dispositifs(cast: Cast, site: Site) -> None:
    user = factories.make_user(Role.OBSERVER, "59", refused=[Right.READ_ACTIONS])
    assert site_actions(user, site, NOW) is None
    client = Client()
    client.force_login(user, BACKEND)
    assert "<h2>Dispositifs</h2>" not in tight(client.get(f"/sites/{site.public_id}/").content.decode())


def test_card_goes_into_the_documents(cast: Cast, site: Site) -> None:
    shown = site_actions(cast.observer, site, NOW)
    assert shown is not None
    assert list(site_blocks(shown))[1:] == [Paragraph("Aucun dispositif ne couvre ce site.")]
    make_action("Médiation", starts_on=START, sites=[site])
    shown = site_actions(cast.observer, site, NOW)
    assert shown is not None
    (grid,) = [block for block in site_blocks(shown) if isinstance(block, Grid)]
    assert grid.rows == [
        ("Médiation", "Éducation et scolarisation", "en cours, depuis le 01/03/2020", "aucun")
    ]
    client = Client()
    client.force_login(cast.correspondent59, BACKEND)
    for extension in ("pdf", "docx"):
        got = client.get(f"/sites/{site.public_id}/fiche.{extension}")
        assert got.status_code == 200


def test_card_costs_the_same_for_many_dispositifs(cast: Cast, site: Site) -> None:
    def cost() -> int:
        user = again(cast.operator_b)
        with CaptureQueriesContext(connection) as seen:
            site_actions(user, site, NOW)
        return len(seen)

    make_action(sites=[site], operators=[factories.make_organisation()])
    once = cost()
    for _ in range(4):
        make_action(sites=[site], operators=[factories.make_organisation()])
        make_action(sites=[site], ended_on=END)
    assert cost() == once


# The list ------------------------------------------------------------------------------------------------


def named(user: User, query: str) -> set[str]:
    user = again(user)
    read = read_list(user, QueryDict(query))
    return set(filtered_sites(user, read.filter, read.at).values_list("name", flat=True))


@pytest.fixture
def town(cast: Cast) -> dict[str, Action]:
    """« Couvert » since March 2020, « Quitté » until June 2021, « Nu » never, « Sud » in Marseille."""
    covered, left = make_site("Couvert", LILLE), make_site("Quitté", ROUBAIX)
    make_site("Nu", LILLE)
    south = make_site("Sud", MARSEILLE)
    return {
        "going": make_action("En cours", starts_on=START, sites=[covered]),
        "ended": make_action("Fini", starts_on=START, sites=[covered, left], ended_on=END),
        "south": make_action("Du sud", "13", starts_on=START, sites=[south]),
    }


def test_list_by_coverage_as_of_a_date(cast: Cast, town: Any) -> None:
    every = "departement=tous&dispositif="
    assert named(cast.national, f"{every}covered") == {"Couvert", "Sud"}
    assert named(cast.national, f"{every}uncovered") == {"Nu", "Quitté"}
    assert named(cast.national, f"{every}covered&au=2020-12-31") == {"Couvert", "Quitté", "Sud"}
    assert named(cast.national, f"{every}uncovered&au=2020-01-31") == {"Couvert", "Quitté", "Sud", "Nu"}
    assert named(cast.operator_b, "dispositif=covered") == {"Couvert"}
    assert named(cast.national, f"{every}autre") == {"Couvert", "Sud", "Nu", "Quitté"}


def test_list_and_coverage_count_alike(cast: Cast, town: Any) -> None:
    for at in (NOW, AsOf(dt.date(2020, 12, 31)), AsOf(dt.date(2020, 1, 31))):
        query = f"departement=tous&dispositif=covered&{at.query}"
        assert coverage(at=at).numerator == len(named(cast.national, query))


def test_filter_is_said_and_kept_by_map_and_export(cast: Cast, town: Any, client: Client) -> None:
    client.force_login(cast.national, BACKEND)
    query = "dispositif=uncovered"
    assert "Dispositif : Sans dispositif" in client.get(f"/sites/?{query}").content.decode().replace(
        "\xa0", " "
    )
    exported = b"".join(client.get(f"/sites/export?format=csv&{query}").streaming_content).decode()
    assert "Nu" in exported
    assert "Couvert" not in exported
    points = client.get(f"/carte/?{query}").context["sums"].sites
    assert points == 2


# A merge -------------------------------------------------------------------------------------------------


def test_dispositifs_follow_a_merge(cast: Cast) -> None:
    kept, duplicate = make_site("Gardé"), make_site("Doublon")
    by = actor(cast.correspondent59)
    both = make_action("Les deux", starts_on=END, sites=[kept])
    only = make_action("Un seul", starts_on=START, sites=[duplicate])
    set_sites(action=both, sites=[kept, duplicate], on=END, by=by)
    old = ActionSite.objects.known().get(action=both, site=duplicate)
    ActionSite.objects.filter(pk=old.pk).update(valid_on=START)
    merge_sites(survivor=kept, duplicate=duplicate, by=by, reason="même lieu")
    links = ActionSite.objects.going_on().filter(action__in=[both, only]).order_by("action")
    assert [(link.action_id, link.site_id, link.valid_on) for link in links] == [
        (both.pk, kept.pk, START),
        (only.pk, kept.pk, START),
    ]
    assert coverage().numerator == 1
