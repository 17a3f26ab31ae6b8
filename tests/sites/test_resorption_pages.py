"""Étapes d’une résorption et « aménageable ? », à l’écran : écrire, corriger, lire à une date, filtrer, emporter."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.actions.enums import ActionTheme
from jalons.core import clock
from jalons.core.forms import NOT_A_CHOICE
from jalons.exports.enums import Format
from jalons.sites.enums import DiagnosisStatus, StepKind, StepState
from jalons.sites.models import PreparatoryStep, Site, SiteSuitability
from jalons.sites.news import site_news
from jalons.sites.resorption.services import set_step
from tests import factories
from tests.factories import BACKEND, Cast
from tests.front import tight

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
OPENED = dt.date(2025, 1, 1)
FORESEEN, DONE = StepState.FORESEEN, StepState.DONE


@pytest.fixture
def site(cast: Cast) -> Site:
    site = factories.make_site("Rue du Port", opened=OPENED)
    Site.objects.filter(pk=site.pk).update(resorption_target=2027)
    return site


@pytest.fixture
def me(cast: Cast, client: Client) -> Client:
    client.force_login(cast.correspondent59, BACKEND)
    return client


def address(site: Site, end: str = "") -> str:
    return f"/sites/{site.public_id}/{end}"


def text(answer: Any) -> str:
    words = answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'")
    return re.sub(r"\s+", " ", words)


def sent(**more: Any) -> dict[str, Any]:
    return {"submission_key": str(uuid.uuid4()), "seen": "", **more}


def french(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


def line_of(page: str, label: str) -> str:
    """What the sheet says of one step."""
    items = page.partition('<ol class="s-line">')[2].partition("</ol>")[0].split("<li ")
    return next(item for item in items if label in item)


def seen_of(client: Client, url: str) -> str:
    match = re.search(r'name="seen" value="(\d*)"', client.get(url).content.decode())
    return match[1] if match else ""


def test_a_step_is_foreseen_then_done_then_corrected_and_its_past_is_kept(
    me: Client, cast: Cast, site: Site
) -> None:
    today, url = clock.today(), address(site, "etapes/political/")
    town = factories.organisation_of(cast.mairie)
    assert "aucune étape faite sur 9" in text(me.get(address(site))).lower()
    planned = today + 30 * DAY
    told = {"state": "foreseen", "on": french(today - 9 * DAY), "planned_on": french(planned)}
    people = {"led_by": str(town.pk), "led_by_person": str(cast.mairie.pk)}
    assert me.post(url, sent(**told, **people)).status_code == 302
    line = line_of(text(me.get(address(site))), "Validation politique")
    assert "Prévue" in line
    assert f"le {french(planned)}" in line
    assert f"{cast.mairie.name}, {town}" in line

    done = sent(state="done", on=french(today - DAY), note="Comité du soir", seen=seen_of(me, url))
    assert me.post(url, done).status_code == 302
    page = text(me.get(address(site)))
    assert "1 étape faite sur 9" in page
    assert f"le {french(today - DAY)}" in line_of(page, "Validation politique")
    before = text(me.get(address(site) + f"?au={today - 2 * DAY}"))
    assert "Prévue" in line_of(before, "Validation politique")

    step = PreparatoryStep.objects.known().get(site=site, state=DONE)
    corrected = sent(state="done", on=french(today - 4 * DAY), reason="mauvais jour", seen=step.pk)
    assert me.post(address(site, f"etapes/{step.lineage}/corriger/"), corrected).status_code == 302
    assert f"le {french(today - 4 * DAY)}" in line_of(text(me.get(address(site))), "Validation politique")
    story = text(me.get(address(site, "historique/")))
    assert "a corrigé l’étape de résorption « validation politique »" in story
    assert "mauvais jour" in story

    current = PreparatoryStep.objects.known().get(site=site, state=DONE)
    gone = sent(reason="jamais eu lieu", seen=current.pk)
    assert me.post(address(site, f"etapes/{current.lineage}/retirer/"), gone).status_code == 302
    assert "Prévue" in line_of(text(me.get(address(site))), "Validation politique")


REFUSED = [
    ({"state": "foreseen"}, "Dites pour quand elle est prévue."),
    ({"state": "not_needed"}, "Dites en quelques mots pourquoi cette étape est sans objet."),
    ({"state": "done", "on": french(clock.today() + 2 * DAY)}, "futur"),
    ({"state": "under_way", "on": "2/3/2025", "planned_on": "1/3/2025"}, "avant le début de l’étape"),
    ({"state": "done", "led_by_person": "999999"}, NOT_A_CHOICE),
    ({"state": "jamais"}, NOT_A_CHOICE),
]


@pytest.mark.parametrize(("given", "why"), REFUSED)
def test_what_does_not_hold_is_refused_in_words(me: Client, site: Site, given: Any, why: str) -> None:
    answer = me.post(address(site, "etapes/social/"), sent(**{"on": "1/3/2025", **given}))
    assert answer.status_code == 200
    assert why.lower() in text(answer).lower()
    assert not PreparatoryStep.objects.exists()


def test_words_of_a_procedure_are_asked_about_and_may_be_confirmed(me: Client, site: Site) -> None:
    url, note = address(site, "etapes/informing/"), "Le propriétaire M. X a saisi le tribunal"
    typed = {"state": "done", "on": "1/3/2025", "note": note}
    answer = me.post(url, sent(**typed))
    assert "« proprietaire » et « tribunal »" in text(answer)
    assert not PreparatoryStep.objects.exists()
    assert me.post(url, sent(**typed, is_public="on")).status_code == 302
    assert PreparatoryStep.objects.get().note == note
    # A box ticked beforehand says nothing of a text that raises no question.
    plain = sent(**{**typed, "note": "Réunion au centre social", "is_public": "on"}, seen=seen_of(me, url))
    assert me.post(url, plain).status_code == 302


def test_the_second_of_two_chooses_and_each_step_has_its_own_version(
    me: Client, cast: Cast, site: Site
) -> None:
    by = factories.actor(cast.correspondent59)
    url = address(site, "etapes/social/")
    seen = seen_of(me, url)
    set_step(site=site, kind=StepKind.OPENING, state=FORESEEN, on=OPENED, planned_on=OPENED, by=by)
    set_step(site=site, kind=StepKind.SOCIAL, state=StepState.UNDER_WAY, on=OPENED, by=by)
    answer = me.post(url, sent(state="done", on="1/3/2025", seen=seen))
    assert answer.status_code == 409
    assert "En cours" in text(answer)
    again = sent(state="done", on="1/3/2025", seen=PreparatoryStep.objects.get(kind=StepKind.SOCIAL).pk)
    assert me.post(url, again).status_code == 302
    # The version of another step does not stand for this one.
    opening = PreparatoryStep.objects.get(kind=StepKind.OPENING)
    assert (
        me.post(url, sent(state="not_needed", on="1/4/2025", note="fait", seen=opening.pk)).status_code == 409
    )


def test_what_is_already_known_is_proposed_and_written_by_a_person(me: Client, site: Site) -> None:
    started = dt.date(2025, 6, 2)
    factories.make_diagnosis(site, dt.date(2025, 5, 1), DiagnosisStatus.DONE, led_by="Les amis")
    factories.make_action("Mission Diagnostic technique", sites=[site], starts_on=started)
    factories.make_action("Vers le logement", sites=[site], starts_on=started, themes=[ActionTheme.HOUSING])
    ended = {"starts_on": OPENED, "ended_on": dt.date(2025, 3, 1), "themes": [ActionTheme.HOUSING]}
    factories.make_action("Ancien", sites=[site], **ended)
    factories.make_action("École", sites=[site], starts_on=OPENED, themes=[ActionTheme.SCHOOL])
    page = text(me.get(address(site)))
    for words in (
        "Diagnostic social, faite le 01/05/2025 ?",
        "Diagnostic technique, en cours depuis le 02/06/2025 ?",
    ):
        assert words in page
    assert "Ouverture, faite le 02/06/2025 ?" in page
    assert not PreparatoryStep.objects.exists()
    link = re.search(r'href="([^"]+/etapes/opening/[^"]+)"', me.get(address(site)).content.decode())
    assert link
    form = text(me.get(link[1].replace("&amp;", "&")))
    assert 'value="02/06/2025"' in form
    assert re.search(r'value="done"[^>]*checked', form)
    assert not PreparatoryStep.objects.exists()
    factories.make_step(site, started, StepKind.OPENING, DONE)
    assert "Ouverture, faite le" not in text(me.get(address(site)))


def test_who_may_not_write_sees_no_form_and_no_proposal(site: Site, cast: Cast, client: Client) -> None:
    factories.make_diagnosis(site, dt.date(2025, 5, 1), DiagnosisStatus.DONE)
    client.force_login(cast.observer, BACKEND)
    page = text(client.get(address(site)))
    assert "Diagnostic sociologique" in page
    assert "/etapes/" not in page
    assert "Vérifier et enregistrer" not in page


def test_a_site_without_target_nor_step_says_nothing_of_a_resorption(me: Client, site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(resorption_target=None)
    assert 'id="resorption"' not in text(me.get(address(site)))
    assert "Les étapes de la résorption" in text(me.get(address(site)))
    factories.make_suitability(site, OPENED)
    assert 'id="resorption"' in text(me.get(address(site)))


def test_whether_a_site_can_be_fitted_out_is_said_with_its_constraints(
    me: Client, cast: Cast, site: Site
) -> None:
    url = address(site, "amenageable/")
    told = {
        "answer": "to_study",
        "on": "1/3/2025",
        "source_kind": "municipality",
        "constraints": ["water", "other"],
    }
    answer = me.post(url, sent(**told))
    assert "quelle est l’autre contrainte" in text(answer)
    assert me.post(url, sent(**told, note="Sous une ligne électrique")).status_code == 302
    page = text(me.get(address(site)))
    assert "Aménageable : à étudier" in page
    assert "(contraintes : réseau d’eau et autre)" in page
    assert "Au 1er mars 2025, selon mairie." in page
    fact = SiteSuitability.objects.get()
    assert me.post(address(site, f"amenageable/{fact.lineage}/retirer/"), sent(reason="non", seen=fact.pk))
    assert "personne ne l’a encore dit" in text(me.get(address(site)))


def test_closing_says_what_it_stops(me: Client, site: Site) -> None:
    factories.make_step(site, OPENED, StepKind.OPENING, FORESEEN, planned_on=dt.date(2025, 2, 1))
    assert "Ouverture : en retard, prévue le 01/02/2025" in text(me.get(address(site, "fermer/")))
    me.post(address(site, "fermer/"), sent(closed_on="1/3/2025", reason_code="resorbed"))
    line = line_of(text(me.get(address(site))), "Ouverture")
    assert "Interrompue" in line
    answer = me.post(
        address(site, "etapes/social/"), sent(state="foreseen", on="1/2/2025", planned_on="1/4/2027")
    )
    assert "plus rien n’y est prévu" in text(answer)


# Lists, files, news --------------------------------------------------------------------------------------------


def test_the_list_filters_and_says_how_far_each_site_is(me: Client, site: Site) -> None:
    other = factories.make_site("Rue du Bac", opened=OPENED)
    yesterday = clock.today() - DAY
    factories.make_step(site, OPENED, StepKind.OPENING, FORESEEN, planned_on=yesterday)
    factories.make_step(other, OPENED, StepKind.SOCIAL, DONE)
    factories.make_suitability(other, OPENED, "yes")
    asked = {
        "etat=late": [site],
        "etape=opening&etat=late": [site],
        "etape=social&etat=late": [],
        "etape=social": [other],
        "etape=social&etat=unknown": [site],
        "etat=begun": [site, other],
        "amenageable=yes": [other],
        "amenageable=unknown": [site],
        f"etat=late&au={yesterday}": [],
        "etat=nimporte": [site, other],
    }
    for query, expected in asked.items():
        page = text(me.get(f"/sites/?{query}"))
        assert {one for one in (site, other) if one.name in page} == set(expected), query
    page = text(me.get("/sites/?etat=begun"))
    assert "Aucune étape faite sur 9, 1 en retard" in page
    assert f"Ouverture : en retard, prévue le {french(yesterday)}" in page
    assert "Aménageable : oui" in page
    assert "<th" in page
    assert "Résorption</th>" not in tight(text(me.get("/sites/")))


def test_the_list_costs_nothing_until_it_is_asked_and_then_the_same_for_many(me: Client, site: Site) -> None:
    def queries(url: str) -> int:
        captured_of(me, url)
        return len(captured_of(me, url))

    factories.make_step(site, OPENED, StepKind.SOCIAL, FORESEEN, planned_on=OPENED)
    factories.make_suitability(site, OPENED)

    bare, asked, sheet = queries("/sites/"), queries("/sites/?etat=begun"), queries(address(site))
    for number in range(3):
        more = factories.make_site(f"Rue {number}", opened=OPENED)
        for kind in StepKind:
            factories.make_step(more, OPENED, kind, FORESEEN, planned_on=OPENED)
            factories.make_step(site, OPENED, kind, FORESEEN, planned_on=OPENED)
    assert queries("/sites/") == bare
    # The column « À voir » reads the late steps of all sites at once; nothing else of the list reads any.
    assert sum("preparatorystep" in one["sql"] for one in captured_of(me, "/sites/")) <= 1
    assert queries("/sites/?etat=begun") == asked
    assert queries(address(site)) == sheet
    # Whether there is any is asked with the site itself; the nine are then read at once.
    steps = 'SELECT "jalons_sites_preparatorystep"'
    assert sum(one["sql"].startswith(steps) for one in captured_of(me, address(site))) == 1


def captured_of(client: Client, url: str) -> list[dict[str, str]]:
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return captured.captured_queries


def test_the_files_say_the_same(me: Client, site: Site) -> None:
    factories.make_step(site, OPENED, StepKind.SOCIAL, DONE)
    factories.make_step(site, OPENED, StepKind.TECHNICAL, StepState.NOT_NEEDED, note="déjà équipé")
    factories.make_suitability(site, OPENED, "no", constraints=("flood", "access"))
    table = b"".join(me.get(f"/sites/export?format={Format.CSV}")).decode("utf-8-sig")
    heads, row = (line.split(";") for line in table.splitlines()[:2])
    said = {
        head.strip('"').replace("\u00a0", " "): cell.strip('"')
        for head, cell in zip(heads, row, strict=False)
    }
    assert said["Étape : diagnostic social"] == "Faite le 01/01/2025"
    assert said["Étape : diagnostic technique"].replace("\u00a0", " ") == "Sans objet : déjà équipé"
    assert said["Étape : ouverture"] == ""
    assert said["Où en est la résorption"] == "1 étape faite sur 8, 1 sans objet"
    assert (said["Aménageable"], said["Contraintes d’aménagement"]) == ("Non", "Zone inondable, Accès")
    assert me.get(address(site, "fiche.docx")).status_code == 200


def test_news_tell_a_step_without_its_note(site: Site) -> None:
    since = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    factories.make_step(
        site, OPENED, StepKind.OPENING, FORESEEN, planned_on=dt.date(2027, 2, 1), note="secret"
    )
    sentences = [item.sentence for item in site_news(since, since + dt.timedelta(hours=2))]
    [sentence] = [one for one in sentences if "étape" in one]
    assert "Ouverture" in sentence
    assert "prévue le 01/02/2027" in sentence
    assert "secret" not in sentence
