"""Modifier un site, ses appellations, sa date d’installation."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.core.values import Value
from jalons.sites.models import Occupation, Site, SiteAlias
from jalons.sites.services import Departure, close_site, update_site
from tests.factories import (
    BACKEND,
    LILLE,
    ROUBAIX,
    Cast,
    actor,
    make_alias,
    make_site,
    make_survey,
)
from tests.worlds import stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.correspondent59, BACKEND)
    return client


def new_site(cast: Cast) -> Site:
    return make_site("Les Tilleuls", address="3 rue du Pont", latitude=50.62, longitude=3.05)


stored_site, site = stored(new_site)


def typed(site: Site, **fields: Any) -> dict[str, Any]:
    """What the page sends when nothing was changed."""
    shown = {
        "submission_key": str(uuid.uuid4()),
        "expected_version": site.version,
        "name": site.name,
        "address": site.address,
        "address_detail": site.address_detail,
        "commune": site.commune.name,
        "insee": site.commune_id,
        "latitude": "50,62",
        "longitude": "3,05",
        "kind": site.kind,
        "resorption_target": "",
        "reason": "",
    }
    return {**shown, **fields}


def address(site: Site, end: str = "modifier/") -> str:
    return f"/sites/{site.public_id}/{end}"


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request)).replace("\u00a0", " ")


def page(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode()).replace("\u00a0", " ")


# --- editing ---------------------------------------------------------------------------------------------------


def test_what_is_changed_is_saved_with_who_and_why(clerk: Client, site: Site, cast: Cast) -> None:
    shown = page(clerk.get(address(site)))
    assert 'value="Les Tilleuls"' in shown
    assert 'value="50,62"' in shown
    fields = {"name": "Le Canal", "commune": "Roubaix", "origins": ["european"], "resorption_target": "2027"}
    answer = clerk.post(address(site), typed(site, **fields, insee="", kind="building", reason="visite"))
    site.refresh_from_db()
    assert (site.name, site.commune_id, site.kind, site.resorption_target) == (
        "Le Canal",
        ROUBAIX,
        "building",
        2027,
    )
    assert site.origins == ("european",)
    assert "roubaix" in site.search_text
    line = site.history.order_by("-history_id")[0]
    assert (line.history_change_reason, line.changed_by) == ("visite", cast.correspondent59)
    assert "Le site est modifié." in said(answer)


def test_a_long_reason_is_kept_whole(clerk: Client, site: Site) -> None:
    clerk.post(address(site), typed(site, name="Autre", reason="é" * 300))
    assert site.history.order_by("-history_id")[0].history_change_reason == "é" * 300


def test_nothing_changed_writes_nothing(clerk: Client, site: Site) -> None:
    answer = clerk.post(address(site), typed(site))
    assert "Rien n’a été modifié." in said(answer)
    site.refresh_from_db()
    assert site.version == 1


def test_sent_twice_is_saved_once(clerk: Client, site: Site) -> None:
    fields = typed(site, name="Le Canal")
    assert clerk.post(address(site), fields).url == clerk.post(address(site), fields).url
    site.refresh_from_db()
    assert site.version == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Remplissez ce champ"),
        ({"name": "x" * 200}, "120"),
        ({"commune": "Marseille", "insee": ""}, "territoire où vous pouvez modifier un site : Nord."),
        ({"commune": "Atlantide", "insee": ""}, "Aucune commune"),
        ({"longitude": ""}, "donnez les deux, ou aucune"),
        ({"resorption_target": "1789"}, "une année entre 2000 et 2100"),
        ({"resorption_target": "bientôt"}, "une année entre"),
        ({"resorption_target": "2026,5"}, "une année entre"),
        ({"kind": "x"}, "Choisissez parmi"),
        ({"reason": "x" * 100_000}, "300"),
        ({"address_detail": "\x00"}, "caractère invisible"),
    ],
)
def test_what_is_wrong_is_said(clerk: Client, site: Site, fields: dict[str, Any], sentence: str) -> None:
    shown = page(clerk.post(address(site), typed(site, **{"address": "5 <rue>", **fields})))
    assert sentence in shown
    assert "à corriger" in shown
    assert "5 &lt;rue&gt;" in shown
    site.refresh_from_db()
    assert site.version == 1


def test_who_may_not_change_changes_nothing(cast: Cast, client: Client, site: Site) -> None:
    for user, status in (
        (cast.operator_b, 403),
        (cast.national, 403),
        (cast.operator13, 404),
        (cast.nobody, 403),
    ):
        client.force_login(user, BACKEND)
        assert client.get(address(site)).status_code == status
        assert client.post(address(site), typed(site, name="Pris")).status_code == status
    site.refresh_from_db()
    assert site.name == "Les Tilleuls"


def test_one_does_not_move_a_site_out_of_ones_territory(cast: Cast, client: Client, site: Site) -> None:
    client.force_login(cast.mairie, BACKEND)
    shown = page(client.post(address(site), typed(site, commune="Roubaix", insee=ROUBAIX)))
    assert "n’est pas dans le territoire où vous pouvez modifier un site : Lille." in shown
    site.refresh_from_db()
    assert site.commune_id == LILLE


def test_a_merged_site_leads_to_the_kept_one(clerk: Client, site: Site) -> None:
    gone = make_site("Doublon", merged_into=site)
    answer = clerk.get(address(gone))
    assert answer.url == address(site, "")
    assert clerk.post(address(gone), typed(gone, name="x")).status_code == 410


# --- two people at once ----------------------------------------------------------------------------------------


def meanwhile(site: Site, cast: Cast, **described: Any) -> None:
    """A colleague saves while the page is open."""
    fresh = Site.objects.get(pk=site.pk)
    update_site(site=fresh, by=actor(cast.operator_a), expected_version=fresh.version, **described)


def test_the_second_sees_and_chooses(clerk: Client, site: Site, cast: Cast) -> None:
    meanwhile(site, cast, name="Canal nord", address="4 rue du Pont", latitude=50.7, longitude=3.1)
    mine = typed(site, name="Le Canal", kind="land", latitude="50,63", longitude="3,06")
    shown = page(clerk.post(address(site), mine), 409)
    for words in ("Les Tilleuls", "Canal nord", "Le Canal", "4 rue du Pont", "Sacha Amis", "50,7 ; 3,1"):
        assert words in shown
    assert shown.count("<legend>Point sur la carte") == 1
    assert "50,62 ; 3,05" in shown
    version = re.search(r'name="expected_version" value="(\d+)"', shown)
    assert version
    assert version[1] == "2"
    site.refresh_from_db()
    assert site.name == "Canal nord"
    chosen = {"conflit-name": "mine", "conflit-address": "theirs", "conflit-latitude": "theirs"}
    clerk.post(address(site), {**mine, "expected_version": "2", **chosen})
    site.refresh_from_db()
    assert (site.name, site.address, site.kind) == ("Le Canal", "4 rue du Pont", "land")
    assert (site.latitude, site.longitude) == (50.7, 3.1)


def test_a_third_writer_is_seen_too(clerk: Client, site: Site, cast: Cast) -> None:
    meanwhile(site, cast, name="Deux")
    mine = typed(site, name="Un")
    page(clerk.post(address(site), mine), 409)
    meanwhile(site, cast, name="Trois")
    again = {**mine, "expected_version": "2", "conflit-name": "mine"}
    assert "Trois" in page(clerk.post(address(site), again), 409)


@pytest.mark.parametrize("version", ["", "abc", "-5", "999999", "9" * 40])
def test_a_version_that_never_was_is_a_conflict(clerk: Client, site: Site, version: str) -> None:
    answer = clerk.post(address(site), typed(site, name="Un", expected_version=version))
    assert answer.status_code in (200, 409)
    site.refresh_from_db()
    assert site.name == "Les Tilleuls"


# --- other names -----------------------------------------------------------------------------------------------


def test_a_name_is_added_and_removed(clerk: Client, site: Site) -> None:
    fields = {"name": " Camp  du canal ", "used_by": "la mairie"}
    answer = clerk.post(address(site, "appellations/"), fields)
    alias = SiteAlias.objects.get()
    assert (alias.name, alias.used_by) == ("Camp du canal", "la mairie")
    assert answer.url == f"{address(site)}#appellations"
    assert "ajoutée" in said(answer)
    assert "employée par la mairie" in page(clerk.get(address(site)))
    remove = address(site, f"appellations/{alias.pk}/retirer/")
    assert "retirée" in said(clerk.post(remove, {"back_to": "sheet"}))
    assert not SiteAlias.objects.exists()
    assert "déjà retirée" in said(clerk.post(remove))
    assert SiteAlias.history.filter(history_type="-").count() == 1


def test_the_same_name_twice_is_one(clerk: Client, site: Site) -> None:
    clerk.post(address(site, "appellations/"), {"name": "Camp du canal"})
    answer = clerk.post(address(site, "appellations/"), {"name": "camp du CANAL"})
    assert "porte déjà" in said(answer)
    assert SiteAlias.objects.count() == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 130, "\x00", "y" * 100_000])
def test_an_odd_name_is_said_and_not_written(clerk: Client, site: Site, name: str) -> None:
    shown = page(clerk.post(address(site, "appellations/"), {"name": name, "used_by": "la <mairie>"}))
    assert "à corriger" in shown
    assert "la &lt;mairie&gt;" in shown
    assert not SiteAlias.objects.exists()


def test_names_are_for_who_may_update(cast: Cast, client: Client, site: Site) -> None:
    alias = make_alias(site, "Camp")
    elsewhere = make_alias(make_site("Autre"), "Autre camp")
    remove = address(site, f"appellations/{alias.pk}/retirer/")
    client.force_login(cast.operator_b, BACKEND)
    assert client.post(address(site, "appellations/"), {"name": "x"}).status_code == 403
    assert client.post(remove).status_code == 403
    client.force_login(cast.correspondent59, BACKEND)
    assert client.get(remove).status_code == 405
    client.post(address(site, f"appellations/{elsewhere.pk}/retirer/"))
    assert SiteAlias.objects.count() == 2


def test_the_cost_of_the_page_does_not_grow_with_the_names(clerk: Client, site: Site) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            clerk.get(address(site))
        return len(queries)

    make_alias(site, "un")
    cost()
    one = cost()
    for name in ("deux", "trois", "quatre"):
        make_alias(site, name)
    assert cost() == one


# --- since when ------------------------------------------------------------------------------------------------


def dated(site: Site, **fields: Any) -> dict[str, Any]:
    current = Occupation.objects.known().get(site=site)
    shown = {"submission_key": str(uuid.uuid4()), "seen": current.pk, "reason": "dit par la mairie"}
    return {**shown, **fields}


def test_the_installation_is_corrected_and_the_old_date_stays(clerk: Client, site: Site) -> None:
    where = address(site, "installation/")
    assert "n’est pas connue" in page(clerk.get(where))
    answer = clerk.post(where, dated(site, installed="mars 2017"))
    assert "corrigée" in said(answer)
    current = Occupation.objects.known().get(site=site)
    assert (current.valid_on, current.starts_text, current.start_is_known) == (
        dt.date(2017, 3, 1),
        "mars 2017",
        True,
    )
    assert current.reason == "dit par la mairie"
    assert Occupation.objects.filter(lineage=current.lineage).count() == 2
    assert "« mars 2017 »" in page(clerk.get(where))


def test_it_may_be_said_not_to_be_known(clerk: Client, site: Site) -> None:
    make_survey(site, dt.date(2019, 5, 2))
    clerk.post(address(site, "installation/"), dated(site, installed="", unknown="on"))
    current = Occupation.objects.known().get(site=site)
    assert (current.valid_on, current.start_is_known, current.starts_text) == (dt.date(2019, 5, 2), False, "")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"installed": ""}, "Écrivez la date, ou dites qu’elle n’est pas connue"),
        ({"installed": "début 2018"}, "écrivez au moins l’année"),
        ({"installed": "<b>"}, "écrivez au moins l’année"),
        ({"installed": "mars 2017", "unknown": "on"}, "Vous donnez aussi une date"),
        ({"installed": "2031"}, "est dans le futur"),
        ({"installed": "31/02/2017"}, "écrivez au moins l’année"),
        ({"installed": "juin 2019"}, "Des habitants ont été recensés dès le 02/05/2019"),
        ({"installed": "x" * 100_000}, "60"),
        ({"installed": "mars 2017", "reason": ""}, "Remplissez ce champ"),
    ],
)
def test_an_odd_installation_is_said(
    clerk: Client, site: Site, fields: dict[str, Any], sentence: str
) -> None:
    make_survey(site, dt.date(2019, 5, 2))
    shown = page(clerk.post(address(site, "installation/"), dated(site, **fields)))
    assert sentence in shown
    assert "à corriger" in shown
    assert Occupation.objects.filter(site=site).count() == 1


def test_a_date_changed_meanwhile_is_shown_first(
    clerk: Client, site: Site, cast: Cast, client: Client
) -> None:
    where, old = address(site, "installation/"), dated(site, installed="2016")
    clerk.post(where, dated(site, installed="mars 2017"))
    shown = page(clerk.post(where, old), 409)
    assert "Camille Nord" in shown
    assert "« mars 2017 »" in shown
    assert 'value="2016"' in shown
    seen = re.search(r'name="seen" value="(\d+)"', shown)
    assert seen
    clerk.post(where, {**old, "seen": seen[1]})
    assert Occupation.objects.known().get(site=site).starts_text == "2016"


def test_a_closed_site_keeps_where_the_people_went(clerk: Client, site: Site, cast: Cast) -> None:
    departure = Departure("housing", Value.of(12), Value.empty())
    close_site(
        site=site,
        by=actor(cast.correspondent59),
        closed_on=dt.date(2020, 1, 1),
        reason="resorbed",
        departures=[departure],
    )
    clerk.post(address(site, "installation/"), dated(site, installed="mars 2017"))
    current = Occupation.objects.known().get(site=site)
    assert (current.valid_on, current.ended_on) == (dt.date(2017, 3, 1), dt.date(2020, 1, 1))
    assert [row.people for row in current.orientations.all()] == [12]


def test_installation_is_for_who_may_update(cast: Cast, client: Client, site: Site) -> None:
    client.force_login(cast.operator_b, BACKEND)
    answer = client.post(address(site, "installation/"), dated(site, installed="2017"))
    assert answer.status_code == 403
    assert Occupation.objects.count() == 1
