"""The sheet to take away: same contents as the screen, only for who may, and traced."""

import datetime as dt
import io
import re
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jalons.discussions.services import add_comment
from jalons.exports.models import Download
from jalons.sites.models import Site
from jalons.territories.models import Outline
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
HOSTILE = "<b>=cmd|' /C calc'!A1</b> & #let x = $ \\ «"


def taken(user: Any, site: Site, name: str) -> Any:
    client = Client()
    client.force_login(user, make.BACKEND)
    return client.get(f"/sites/{site.public_id}/{name}")


def words(response: Any) -> str:
    """The text of a Word file."""
    assert response.status_code == 200
    file = zipfile.ZipFile(io.BytesIO(response.content))
    return file.read("word/document.xml").decode().replace("\u00a0", " ")


@pytest.fixture
def site(cast: make.Cast) -> Site:
    site = make.make_site("Rue du Général", address="45 rue du Général")
    make.make_survey(site, TODAY - dt.timedelta(days=300), 84)
    make.make_survey(site, TODAY - dt.timedelta(days=12), 112, minors=36)
    make.make_conditions(site, TODAY, answers={"water": {"access": "no"}})
    make.make_event(site, TODAY, description="Visite avec la mairie")
    make.make_procedure(site, TODAY, body="Tribunal imaginaire")
    make.make_ownership(site, TODAY, name="Dupont imaginaire")
    return site


def test_both_files_and_their_trace(cast: make.Cast, site: Site) -> None:
    pdf = taken(cast.correspondent59, site, "fiche.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert f"fiche-site-rue-du-general-lille-59-au-{TODAY}.pdf" in pdf["Content-Disposition"]
    assert "112 (+28 depuis" in words(taken(cast.correspondent59, site, "fiche.docx"))
    traces = Download.objects.order_by("pk").values_list("user", "export", "format", "organisation__name")
    who = cast.correspondent59.pk
    assert list(traces) == [
        (who, "fiche-site", "pdf", "DDETS du Nord"),
        (who, "fiche-site", "docx", "DDETS du Nord"),
    ]


def test_only_what_one_may_read(cast: make.Cast, site: Site) -> None:
    allowed = words(taken(cast.correspondent59, site, "fiche.docx"))
    assert "Tribunal imaginaire" in allowed
    assert "Dupont imaginaire" in allowed
    refused = words(taken(cast.operator_a, site, "fiche.docx"))
    assert "Visite avec la mairie" in refused
    assert "imaginaire" not in refused
    assert "Procédures" not in refused
    assert "Propriétaire" not in refused


def test_to_take_away_is_a_right_of_its_own(cast: make.Cast, site: Site) -> None:
    assert taken(cast.observer, site, "fiche.pdf").status_code == 403
    assert "Exporter la fiche" not in taken(cast.observer, site, "").content.decode()
    assert taken(cast.operator13, site, "fiche.pdf").status_code == 404
    assert not Download.objects.exists()


@pytest.mark.parametrize("name", ["fiche.xlsx", "fiche.exe", "fiche.PDF"])
def test_other_formats_do_not_exist(cast: make.Cast, site: Site, name: str) -> None:
    assert taken(cast.correspondent59, site, name).status_code == 404


def test_the_file_of_a_past_day_says_it(cast: make.Cast, site: Site) -> None:
    day = TODAY - dt.timedelta(days=100)
    response = taken(cast.correspondent59, site, f"fiche.docx?au={day}")
    assert f"au-{day}" in response["Content-Disposition"]
    told = words(response)
    assert "84" in told
    assert "112 personnes" not in told
    before = taken(cast.correspondent59, site, "fiche.pdf?au=2010-01-01")
    assert (before.status_code, before.url) == (302, f"/sites/{site.public_id}/?au=2010-01-01")


@pytest.mark.parametrize("fmt", ["pdf", "docx"])
def test_what_people_write_stays_text(cast: make.Cast, fmt: str) -> None:
    site = make.make_site(HOSTILE, address=HOSTILE, address_detail="a\x0bb")
    make.make_survey(site, TODAY, 10**9, note=HOSTILE)
    make.make_event(site, TODAY, description=HOSTILE)
    assert taken(cast.correspondent59, site, f"fiche.{fmt}").status_code == 200
    assert "<b>=cmd" not in taken(cast.correspondent59, site, "").content.decode()


def test_a_bare_site_makes_a_file_too(cast: make.Cast) -> None:
    told = words(taken(cast.correspondent59, make.make_site(), "fiche.docx"))
    assert "Personne n’a encore été recensé ici." in told
    assert "None" not in told


def test_comments_only_when_asked(cast: make.Cast, site: Site) -> None:
    add_comment(subject=site, text="Voir avec l’école", by=make.actor(cast.operator_a))
    assert "Voir avec l’école" not in words(taken(cast.operator_a, site, "fiche.docx"))
    assert "Voir avec l’école" in words(taken(cast.operator_a, site, "fiche.docx?commentaires=1"))


def test_conditions_come_first_and_the_twelve_last_surveys(cast: make.Cast, site: Site) -> None:
    for month in range(14):
        make.make_survey(site, TODAY - dt.timedelta(days=400 + 30 * month), 50 + month)
    said = words(taken(cast.correspondent59, site, "fiche.docx"))
    assert said.index("Conditions de vie") < said.index("Combien de personnes")
    assert "Les 12 derniers recensements, sur 16" in said


def test_parts_of_the_people_are_indented_and_a_map_is_described(cast: make.Cast) -> None:
    ring = [[2.0, 50.0], [4.0, 50.0], [4.0, 51.0], [2.0, 51.0], [2.0, 50.0]]
    geometry = {"type": "MultiPolygon", "coordinates": [[ring]]}
    Outline.objects.update_or_create(departement_id="59", defaults={"geometry": geometry})
    placed = make.make_site("Rue du Moulin", latitude=50.63, longitude=3.05)
    make.make_survey(placed, TODAY, 12, minors=4)
    xml = words(taken(cast.correspondent59, placed, "fiche.docx"))
    lines: dict[str, list[str]] = {}
    for line in re.findall(r"<w:p>.*?</w:p>", xml, re.DOTALL):
        told = "".join(re.findall(r"<w:t[^>]*>([^<]*)", line))
        lines.setdefault(
            told, re.findall(r'w:ind w:left="(\d+)"', line)
        )  # not the head of the table further on
    [minors], [schooled] = lines["dont mineurs"], lines["dont mineurs scolarisés"]
    assert int(schooled) == 2 * int(minors) > 0
    assert lines["Personnes"] == []
    [alt] = [told for told in re.findall(r'descr="([^"]*)"', xml) if told.startswith("Carte")]
    assert "Rue du Moulin (latitude 50,63, longitude 3,05)" in alt
