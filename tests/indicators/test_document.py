"""The document of a dispositif: same contents as the screen, its follow-up, only for who may, and traced."""

import datetime as dt
import io
import re
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jalons.actions.models import Action, FundingLine
from jalons.actions.services import close_action
from jalons.discussions.services import add_comment
from jalons.exports.models import Download
from jalons.territories.models import Outline
from tests import factories as make
from tests.worlds import stored

pytestmark = pytest.mark.django_db
SOCLE = True
TODAY = timezone.localdate()
START = dt.date(2020, 1, 1)
HOSTILE = "<b>=cmd|' /C calc'!A1</b> & #let x = $ \\ «"


def taken(user: Any, action: Action, name: str) -> Any:
    client = Client()
    client.force_login(user, make.BACKEND)
    return client.get(f"/dispositifs/{action.public_id}/{name}")


def words(response: Any) -> str:
    """The text of a Word file, a space between its pieces."""
    assert response.status_code == 200
    file = zipfile.ZipFile(io.BytesIO(response.content))
    text = re.sub(r"<[^>]+>", " ", file.read("word/document.xml").decode())
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " "))


def new_action(cast: make.Cast) -> Action:
    make.make_socle()
    action = make.make_action(
        "MOUS Lille",
        starts_on=START,
        planned_end=dt.date(2020, 12, 31),
        by=make.actor(cast.correspondent59),
        operators=[make.organisation_of(cast.operator_a)],
        sites=[make.make_site("Rue du Moulin", latitude=50.63, longitude=3.05)],
        objectives="Scolariser les enfants.",
    )
    make.make_contact(action, "Camille Exemple", phone="03 20 00 00 00")
    make.make_insertion_site(action, "Le terrain")
    make.make_funding(action, 2020, 123_457)
    for month, people in ((1, 28), (2, 32), (3, 33)):
        told = {"comments": {"school": "Soutien le mercredi."}} if month == 3 else {}
        day = dt.date(2020, month, 28)
        make.make_follow_up(action, day, by=cast.operator_a, personnes=people, femmes=12, **told)
    add_comment(subject=action, text="À lire en comité.", by=make.actor(cast.correspondent59))
    return action


stored_action, action = stored(new_action)


def test_both_files_and_their_trace(cast: make.Cast, action: Action) -> None:
    pdf = taken(cast.correspondent59, action, "fiche.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert f"fiche-dispositif-mous-lille-59-au-{TODAY}.pdf" in pdf["Content-Disposition"]
    assert taken(cast.correspondent59, action, "fiche.docx").status_code == 200
    traces = Download.objects.order_by("pk").values_list("user", "export", "format", "organisation__name")
    who = cast.correspondent59.pk
    assert list(traces) == [
        (who, "fiche-dispositif", "pdf", "DDETS du Nord"),
        (who, "fiche-dispositif", "docx", "DDETS du Nord"),
    ]


def test_the_sheet_and_the_follow_up_are_there(cast: make.Cast, action: Action) -> None:
    text = words(taken(cast.correspondent59, action, "fiche.docx"))
    for told in ("Scolariser les enfants.", "12 mois", "Rue du Moulin", "Le terrain", "Camille Exemple"):
        assert told in text
    assert "Personnes 28 32 33" in text
    assert "dont femmes 12 (43 %) 12 (38 %) 12 (36 %)" in text
    assert "Soutien le mercredi." in text
    assert "À lire en comité." not in text
    assert "À lire en comité." in words(taken(cast.correspondent59, action, "fiche.docx?commentaires=1"))


def test_a_chart_of_the_follow_up(cast: make.Cast, action: Action) -> None:
    answer = taken(cast.correspondent59, action, "fiche.docx")
    file = zipfile.ZipFile(io.BytesIO(answer.content))
    assert [name for name in file.namelist() if name.startswith("word/media/")]
    xml = file.read("word/document.xml").decode().replace("\u00a0", " ")
    [told] = [alt for alt in re.findall(r'descr="([^"]*)"', xml) if alt.startswith("Public")]
    assert told == (
        "Public : évolution (Personnes). 28 janvier 2020 : 28. 28 février 2020 : 32. 28 mars 2020 : 33."
    )


def test_the_twelve_last_dates_six_a_table_the_last_first(cast: make.Cast, action: Action) -> None:
    for month in range(4, 13):
        make.make_follow_up(action, dt.date(2020, month, 28), by=cast.operator_a, personnes=100 + month)
    make.make_follow_up(action, dt.date(2020, 12, 29), by=cast.operator_a, personnes=99)
    text = words(taken(cast.correspondent59, action, "fiche.docx"))
    assert "12 dernières dates sur 13" in text
    last, before = "Personnes 108 109 110 111 112 99", "Personnes 32 33 104 105 106 107"
    assert text.index(last) < text.index("dates d’avant") < text.index(before)
    assert "Personnes 28" not in text


def test_the_blocks_come_in_the_order_of_the_sheet_of_a_site(cast: make.Cast, action: Action) -> None:
    answer = taken(cast.correspondent59, action, "fiche.docx")
    xml = zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
    heads = [
        "".join(re.findall(r"<w:t[^>]*>([^<]*)", line))
        for line in re.findall(r"<w:p>.*?</w:p>", xml, re.DOTALL)
        if '"Heading1"' in line
    ]
    assert heads == ["Intervention", "Suivi", "Équipe", "Financements", "Intervenants et contacts", "Lieu"]


def test_details_are_indented(cast: make.Cast, action: Action) -> None:
    answer = taken(cast.correspondent59, action, "fiche.docx")
    xml = zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
    lines = {
        "".join(re.findall(r"<w:t[^>]*>([^<]*)", line)): "w:ind " in line
        for line in re.findall(r"<w:p>.*?</w:p>", xml, re.DOTALL)
    }
    assert lines["dont femmes"]
    assert not lines["Personnes"]


def test_a_map_says_where_its_places_are(cast: make.Cast, action: Action) -> None:
    ring = [[2.0, 50.0], [4.0, 50.0], [4.0, 51.0], [2.0, 51.0], [2.0, 50.0]]
    geometry = {"type": "MultiPolygon", "coordinates": [[ring]]}
    Outline.objects.update_or_create(departement_id="59", defaults={"geometry": geometry})
    answer = taken(cast.correspondent59, action, "fiche.docx")
    xml = zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
    [told] = [alt for alt in re.findall(r'descr="([^"]*)"', xml) if alt.startswith("Carte")]
    assert "Rue du Moulin (latitude 50,63, longitude 3,05)" in told
    assert taken(cast.correspondent59, action, "fiche.pdf").content.startswith(b"%PDF")
    Outline.objects.filter(departement_id="59").delete()
    assert "Carte" not in words(taken(cast.correspondent59, action, "fiche.docx"))


@pytest.mark.parametrize("extension", ["docx", "pdf"])
def test_without_the_right_the_money_is_not_read(cast: make.Cast, action: Action, extension: str) -> None:
    for user, allowed in ((cast.operator_a, False), (cast.correspondent59, True)):
        with CaptureQueriesContext(connection) as seen:
            answer = taken(user, action, f"fiche.{extension}")
        asked = " ".join(query["sql"] for query in seen.captured_queries)
        assert answer.status_code == 200
        assert (FundingLine._meta.db_table in asked) == allowed
        if extension == "docx":
            assert ("123 457 €" in words(answer)) == allowed
            assert ("Financements" in words(answer)) == allowed


def test_to_take_away_is_a_right_of_its_own(cast: make.Cast, action: Action) -> None:
    assert taken(cast.observer, action, "fiche.pdf").status_code == 403
    assert taken(cast.operator13, action, "fiche.pdf").status_code == 404
    assert not Download.objects.exists()


@pytest.mark.parametrize("name", ["fiche.xlsx", "fiche.exe", "fiche.PDF"])
def test_other_formats_do_not_exist(cast: make.Cast, action: Action, name: str) -> None:
    assert taken(cast.correspondent59, action, name).status_code == 404


def test_as_of_a_date(cast: make.Cast, action: Action) -> None:
    close_action(
        action=action,
        by=make.actor(cast.correspondent59),
        ended_on=dt.date(2020, 6, 1),
        final_account="Douze ménages relogés.",
    )
    today = words(taken(cast.correspondent59, action, "fiche.docx"))
    assert "Douze ménages relogés." in today
    then = words(taken(cast.correspondent59, action, "fiche.docx?au=2020-02-29"))
    assert "Personnes 28 32" in then
    assert "Personnes 28 32 33" not in then
    assert "Douze ménages" not in then
    before = taken(cast.correspondent59, action, "fiche.docx?au=2019-12-01")
    assert before.status_code == 302


def test_what_people_wrote_stays_a_text(cast: make.Cast, action: Action) -> None:
    by = make.actor(cast.correspondent59)
    odd = make.make_action(HOSTILE, by=by, objectives=HOSTILE, place_kinds=("other",), place_note=HOSTILE)
    make.make_follow_up(odd, START, by=cast.correspondent59, personnes=3, comments={"school": HOSTILE})
    assert taken(cast.correspondent59, odd, "fiche.pdf").content.startswith(b"%PDF")
    assert "calc'!A1" in words(taken(cast.correspondent59, odd, "fiche.docx")).replace("&#x27;", "'")


def test_without_any_follow_up(cast: make.Cast) -> None:
    make.make_socle()
    empty = make.make_action("Vide", by=make.actor(cast.correspondent59))
    text = words(taken(cast.correspondent59, empty, "fiche.docx"))
    assert "Aucun indicateur de suivi n’a été renseigné" in text
    assert taken(cast.correspondent59, empty, "fiche.pdf").content.startswith(b"%PDF")


def test_queries_do_not_grow(cast: make.Cast, action: Action) -> None:
    few = cost(cast, action)
    for number in range(3):
        make.make_contact(action, f"Contact {number}")
        make.make_funding(action, 2021 + number)
        day = dt.date(2020, 5 + number, 28)
        make.make_follow_up(action, day, by=cast.operator_a, personnes=30, comments={"school": "Vu."})
    assert cost(cast, action) == few


def cost(cast: make.Cast, action: Action) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert taken(cast.correspondent59, action, "fiche.docx").status_code == 200
    return len(seen)
