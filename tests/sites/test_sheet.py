"""The sheet of a site: who reads what, which figure, what may be done, at which date."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.core.values import Value
from jalons.discussions.services import add_comment, withdraw_comment
from jalons.history.querysets import AsOf
from jalons.sites.enums import OrientationKind, SourceKind
from jalons.sites.models import Occupation, Site, Survey
from jalons.sites.selectors import site_sheet
from jalons.sites.services import (
    Departure,
    close_site,
    link_resettlement,
    merge_sites,
    set_survey_aside,
)
from jalons.sites.sheet import content as sheet_content
from jalons.sites.sheet import history as sheet_history
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
WRITES = (
    "unchanged",
    "survey_add",
    "conditions_add",
    "event_add",
    "diagnosis_add",
    "procedure_add",
    "owner_add",
    "close",
    "edit",
    "installation",
    "merge",
    "resettlement_add",
)


def opened(user: Any, path: str) -> Any:
    client = Client()
    client.force_login(user, make.BACKEND)
    return client.get(path)


def page(user: Any, site: Site, query: str = "") -> str:
    """The text of the sheet, with ordinary spaces."""
    response = opened(user, f"/sites/{site.public_id}/{query}")
    assert response.status_code == 200, response
    return plain(response)


def plain(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def site(cast: make.Cast) -> Site:
    """112 people twelve days ago, counted by an operator; the police said 135 eighteen days before."""
    site = make.make_site("Rue du Général", address="45 rue du Général", latitude=50.63, longitude=3.05)
    by = make.actor(cast.operator_a)
    make.make_survey(site, TODAY - 200 * DAY, 84, by=by, minors=30)
    make.make_survey(site, TODAY - 30 * DAY, 135, source_kind=SourceKind.POLICE, reliability=1)
    make.make_survey(
        site,
        TODAY - 12 * DAY,
        112,
        by=by,
        source=by.organisation,
        households=26,
        women=54,
        minors=36,
        minors_at_school=18,
        caravans=20,
        girls=None,
        blanks={"girls": "nd"},
        reliability=3,
    )
    return site


# Who reads -----------------------------------------------------------------------------------------------


def test_outside_of_what_one_sees_there_is_no_sheet(cast: make.Cast, site: Site) -> None:
    for path in ("", "historique/", "fiche.pdf"):
        assert opened(cast.operator13, f"/sites/{site.public_id}/{path}").status_code == 404
        assert opened(cast.nobody, f"/sites/{site.public_id}/{path}").status_code == 403
        assert Client().get(f"/sites/{site.public_id}/{path}").status_code == 302


def test_procedures_and_owner_are_only_for_who_may_read_them(cast: make.Cast, site: Site) -> None:
    make.make_procedure(site, TODAY - 40 * DAY, body="Tribunal imaginaire")
    make.make_ownership(site, TODAY - 40 * DAY, name="Dupont imaginaire")
    allowed = page(cast.correspondent59, site)
    assert "Tribunal imaginaire" in allowed
    assert "Dupont imaginaire" in allowed
    assert "Qui peut lire ceci" in allowed
    refused = page(cast.operator_a, site)
    assert "imaginaire" not in refused
    assert "Vous n’avez pas accès aux procédures." in refused
    assert "Qui peut lire ceci" not in refused


def test_without_the_right_the_rows_are_not_even_read(cast: make.Cast, site: Site) -> None:
    make.make_procedure(site, TODAY - 40 * DAY, evacuation_on=TODAY + 10 * DAY)
    with CaptureQueriesContext(connection) as seen:
        sheet = site_sheet(cast.operator_a, site)
    asked = " ".join(query["sql"] for query in seen.captured_queries)
    assert "jalons_sites_procedure" not in asked
    assert "jalons_sites_ownership" not in asked
    assert sheet.procedures is None


def test_a_personal_grant_opens_the_procedures(cast: make.Cast, site: Site) -> None:
    make.make_procedure(site, TODAY - 40 * DAY, body="Tribunal imaginaire")
    friend = make.make_user("operator", make.LILLE, grants=[Right.READ_JUSTICE])
    text = page(friend, site)
    assert "Tribunal imaginaire" in text
    assert f"/sites/{site.public_id}/procedures/nouvelle/" not in text


# Which figure --------------------------------------------------------------------------------------------


def test_the_figures_say_what_they_cover(cast: make.Cast, site: Site) -> None:
    sheet = site_sheet(cast.observer, site)
    told = {
        hero.label: (hero.figure, hero.coverage.replace("\u00a0", " "))
        for hero in sheet_content.heroes(sheet)
    }
    assert told["Personnes"] == ("112", f"−23 depuis le {TODAY - 30 * DAY:%d/%m/%Y}")
    assert told["Ménages"] == ("26", "soit 4,3 personnes par ménage")
    assert told["Femmes"] == ("54", "sur 112 personnes, soit 48 %")
    assert told["Mineurs scolarisés"] == ("18", "sur 36 mineurs, soit 50 %")


def test_the_page_says_date_source_reliability_and_why(cast: make.Cast, site: Site) -> None:
    text = page(cast.observer, site)
    assert "Recensé il y a 12 jours" in text
    assert "Diagnostic d’un opérateur, Les amis de Lille · compté · enregistré par Sacha Amis" in text
    assert "C’est le recensement le plus récent." in text
    assert "Une autre source dit autre chose" in text
    assert "135 personnes" in text
    assert "112 personnes en 26 ménages, dont 54 femmes et 36 mineurs." in text
    assert "On y voit 20 caravanes." in text
    assert "Non disponible (ND) : filles mineures." in text


def test_a_site_never_counted_says_so(cast: make.Cast) -> None:
    text = page(cast.operator_a, make.make_site())
    assert "Jamais recensé" in text
    assert "Personne n’a encore été recensé ici." in text


def test_unknown_is_not_zero(cast: make.Cast) -> None:
    site = make.make_site()
    make.make_survey(site, TODAY, 0, minors=None, blanks={"minors": "nd"})
    told = {hero.label: hero for hero in sheet_content.heroes(site_sheet(cast.observer, site))}
    assert told["Personnes"].figure == "0"
    assert (told["Mineurs"].figure, told["Mineurs"].missing) == ("", "ND")
    assert told["Femmes"].missing == "non renseigné"


def test_a_survey_set_aside_stays_in_the_table_and_leaves_the_chart(cast: make.Cast, site: Site) -> None:
    wrong = make.make_survey(site, TODAY - 5 * DAY, 999)
    set_survey_aside(survey=wrong, by=make.actor(cast.correspondent59), reason="deux sites comptés ensemble")
    text = page(cast.correspondent59, site)
    assert "deux sites comptés ensemble" in text
    assert f"recensements/{wrong.lineage}/reprendre/" in text
    chart = sheet_content.people_chart(site_sheet(cast.correspondent59, site))
    assert chart is not None
    assert [point.value for point in chart.series[0].points] == [84, 135, 112]
    assert len({point.mark for point in chart.series[0].points}) == 2


def test_only_the_newest_surveys_are_listed_at_first(cast: make.Cast, site: Site) -> None:
    for number in range(10):
        make.make_survey(site, TODAY - (300 + number) * DAY, 50 + number)
    first, every = page(cast.observer, site), page(cast.observer, site, "?recensements=tous")
    assert "recensements=tous#recensements" in first
    assert "recensements=tous#recensements" not in every
    oldest = f'<th scope="row">{TODAY - 309 * DAY:%d/%m/%Y}</th>'
    assert oldest not in first
    assert oldest in every


# What may be done ----------------------------------------------------------------------------------------


def shown(text: str, site: Site) -> set[str]:
    return {name for name in WRITES if f'"{make_url(name, site)}"' in text}


def make_url(name: str, site: Site) -> str:
    return reverse(f"sites:{name}", args=[site.public_id])


def test_buttons_follow_rights(cast: make.Cast, site: Site) -> None:
    assert shown(page(cast.correspondent59, site), site) == set(WRITES)
    operator = shown(page(cast.operator_a, site), site)
    assert set(WRITES) - operator == {"procedure_add", "owner_add", "close", "merge"}
    for reader in (cast.operator_b, cast.observer, cast.national, cast.correspondent13):
        text = page(reader, site)
        assert shown(text, site) == set()
        assert "Corriger" not in text


def test_nothing_is_written_from_the_past(cast: make.Cast, site: Site) -> None:
    text = page(cast.correspondent59, site, f"?au={TODAY - 20 * DAY}")
    assert shown(text, site) == set()
    assert "Corriger" not in text
    assert f"fiche.pdf?au={TODAY - 20 * DAY}" in text


def test_unchanged_is_one_click_that_counts_once(cast: make.Cast, site: Site) -> None:
    text = page(cast.operator_a, site)
    form = text[text.index(f'action="{make_url("unchanged", site)}"') :]
    form = form[: form.index("</form>")]
    assert 'name="submission_key"' in form
    assert "csrfmiddlewaretoken" in form


def test_a_closed_site_offers_to_reopen(cast: make.Cast, site: Site) -> None:
    make.close_site(site, TODAY - DAY)
    text = page(cast.correspondent59, site)
    assert f'"{make_url("reopen", site)}"' in text
    assert not {"close", "unchanged"} & shown(text, site)
    assert "Fermé depuis le" in text


# Where they went, where they came from -------------------------------------------------------------------


def test_where_the_people_went(cast: make.Cast, site: Site) -> None:
    other = make.make_site("Friche neuve")
    departures = [
        Departure(OrientationKind.HOUSING, Value.of(12), Value.of(3)),
        Departure(OrientationKind.NONE, Value.nd(), Value.empty()),
    ]
    by = make.actor(cast.correspondent59)
    closing: dict[str, Any] = {"closed_on": TODAY, "reason": "court", "departures": departures}
    close_site(site=site, by=by, resettled_to=[other], **closing)
    text = page(cast.observer, site)
    assert "≥ 12 (1 ND)" in text
    assert f'href="/sites/{other.public_id}/"' in text
    assert f'href="/sites/{site.public_id}/"' in page(cast.observer, other)


def test_a_site_out_of_reach_is_not_named(cast: make.Cast) -> None:
    here = make.make_site("Site de Marseille", make.MARSEILLE)
    far = make.make_site("Nom à taire", make.LILLE)
    by = make.actor(cast.correspondent59)
    link_resettlement(origin=far, site=here, on=TODAY, by=by, people=Value.of(9), note="de la rue à taire")
    text = page(cast.operator13, here)
    assert "9 personnes venant d’un site hors de votre territoire" in text
    assert "à taire" not in text
    assert "Nom à taire" in page(cast.national, here)
    assert "à taire" not in plain(opened(cast.operator13, f"/sites/{here.public_id}/historique/"))


# The past ------------------------------------------------------------------------------------------------


def test_the_figure_of_then(cast: make.Cast, site: Site) -> None:
    text = page(cast.observer, site, f"?au={TODAY - 100 * DAY}")
    assert "Vous regardez la situation" in text
    assert "84 personnes, dont 30 mineurs" in text
    assert "112 personnes" not in text
    assert f"/sites/?au={TODAY - 100 * DAY}" in text


def test_what_was_known_then(cast: make.Cast, site: Site) -> None:
    late = timezone.now() - dt.timedelta(days=5)
    Survey.objects.filter(people=112).update(recorded_at=late)
    Survey.objects.exclude(people=112).update(recorded_at=late - 40 * DAY)
    Occupation.objects.update(recorded_at=late - 40 * DAY)
    assert "135 personnes." in page(cast.observer, site, f"?connu-le={TODAY - 10 * DAY}")


def test_before_the_site_was_there(cast: make.Cast, site: Site) -> None:
    text = page(cast.observer, site, "?au=2010-01-01")
    assert (
        "Ce site n’existait pas encore au 1er janvier 2010 : il est connu depuis le 1er janvier 2019." in text
    )
    text = page(cast.observer, site, "?connu-le=2020-01-01")
    assert "Le 1er janvier 2020, personne n’avait encore déclaré ce site dans Jalons." in text


@pytest.mark.parametrize("query", ["?au=31/02/2020", "?au=demain", "?au=%00", "?connu-le=" + "9" * 5000])
def test_a_date_that_makes_no_sense_is_said(cast: make.Cast, site: Site, query: str) -> None:
    text = page(cast.observer, site, query)
    assert "La page montre" in text
    assert "Vous regardez la situation" not in text


def test_a_merged_site_leads_to_the_one_kept(cast: make.Cast, site: Site) -> None:
    double = make.make_site("Doublon")
    Occupation.objects.update(recorded_at=timezone.now() - 9 * DAY)
    merge_sites(survivor=site, duplicate=double, by=make.actor(cast.correspondent59), reason="même terrain")
    response = opened(cast.observer, f"/sites/{double.public_id}/")
    assert (response.status_code, response.url) == (302, f"/sites/{site.public_id}/")
    assert "Doublon" in page(cast.observer, double, f"?connu-le={TODAY - 5 * DAY}")
    assert opened(cast.observer, f"/sites/{double.public_id}/historique/").status_code == 302


# What it costs -------------------------------------------------------------------------------------------


def fill(site: Site, times: int) -> None:
    other = make.make_site("Voisin")
    for number in range(times):
        day = TODAY - (400 + number) * DAY
        make.make_survey(site, day, 40 + number)
        make.make_conditions(site, day, answers={"water": {"access": "no"}})
        make.make_diagnosis(site, day)
        make.make_event(site, day, description="Vu")
        make.make_procedure(site, day)
        make.make_ownership(site, day)
        add_comment(subject=site, text="Vu", by=make.an_author(site))
        make.make_alias(site, f"Nom {times} {number}")
        link_resettlement(origin=other, site=site, on=day, by=make.an_author(site))


def cost(user: Any, path: str) -> int:
    client = Client()
    client.force_login(user, make.BACKEND)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize(
    "path", ["", "historique/", "fiche.pdf?commentaires=1", "?au=2025-01-01", f"?connu-le={TODAY}"]
)
def test_more_facts_cost_no_more_queries(cast: make.Cast, site: Site, path: str) -> None:
    fill(site, 1)
    once = cost(cast.correspondent59, f"/sites/{site.public_id}/{path}")
    fill(site, 8)
    assert cost(cast.correspondent59, f"/sites/{site.public_id}/{path}") == once


def test_the_sheet_takes_few_queries(cast: make.Cast, site: Site) -> None:
    fill(site, 2)
    signed_in = 5  # session, account, memberships, their scopes, their grants
    around = (
        4  # what one keeps and follows; the reports and the requests that wait, in the menu; the thresholds
    )
    assert cost(cast.correspondent59, f"/sites/{site.public_id}/") <= 14 + around + signed_in


# History -------------------------------------------------------------------------------------------------


def test_history_says_who_and_what(cast: make.Cast, site: Site) -> None:
    survey = Survey.objects.known().get(people=112)
    set_survey_aside(survey=survey, by=make.actor(cast.correspondent59), reason="doute sur le périmètre")
    text = plain(opened(cast.observer, f"/sites/{site.public_id}/historique/"))
    assert "a écarté le recensement de 112 personnes" in text
    assert "Motif : doute sur le périmètre" in text
    assert "Camille Nord" in text
    assert "a créé la fiche « Rue du Général »" in text


def test_history_keeps_sensitive_facts_for_who_may(cast: make.Cast, site: Site) -> None:
    make.make_procedure(site, TODAY - 40 * DAY, body="Tribunal imaginaire")
    make.make_ownership(site, TODAY - 40 * DAY, name="Dupont imaginaire")
    path = f"/sites/{site.public_id}/historique/"
    allowed, refused = plain(opened(cast.correspondent59, path)), plain(opened(cast.operator_a, path))
    assert "l’étape" in allowed
    assert "a ajouté le propriétaire" in allowed
    assert "l’étape" not in refused
    assert "propriétaire" not in refused


def test_history_holds_what_was_written_on_a_duplicate(cast: make.Cast, site: Site) -> None:
    double = make.make_site("Doublon")
    make.make_survey(double, TODAY - 60 * DAY, 7)
    merge_sites(survivor=site, duplicate=double, by=make.actor(cast.correspondent59), reason="même terrain")
    told = [entry.what for entry in sheet_history.site_story(cast.observer, site)]
    assert "a créé la fiche «\u00a0Doublon\u00a0»" in told
    assert any(what.startswith("a ajouté le recensement de 7 personnes") for what in told)


def test_history_as_known_then_leaves_out_the_rest(cast: make.Cast, site: Site) -> None:
    yesterday = AsOf(known=TODAY - DAY)
    assert sheet_history.site_story(cast.observer, site, yesterday) == []


# Journal -------------------------------------------------------------------------------------------------


def test_events_and_comments_make_one_thread(cast: make.Cast, site: Site) -> None:
    make.make_event(site, TODAY - 3 * DAY, description="Pose de bennes")
    comment = add_comment(subject=site, text="Voir avec l’école", by=make.actor(cast.operator_a))
    text = page(cast.operator_a, site)
    assert text.index("Voir avec l’école") < text.index("Pose de bennes")
    withdraw = f'action="/commentaires/{comment.public_id}/retirer/"'
    assert withdraw in text
    assert withdraw not in page(cast.correspondent59, site)
    assert f'action="/commentaires/site/{site.public_id}/"' in text
    assert "Écrire un commentaire" not in page(cast.observer, site)
    past = page(cast.operator_a, site, f"?au={TODAY - DAY}")
    assert "Pose de bennes" in past
    assert "Voir avec l’école" not in past
    assert "Écrire un commentaire" not in past


def test_a_withdrawn_comment_keeps_its_trace(cast: make.Cast, site: Site) -> None:
    by = make.actor(cast.operator_a)
    withdraw_comment(comment=add_comment(subject=site, text="Mot malheureux", by=by), by=by)
    text = page(cast.observer, site)
    assert "Mot malheureux" not in text
    assert "Retiré par Sacha Amis" in text


def test_comments_of_a_duplicate_follow_it(cast: make.Cast, site: Site) -> None:
    double = make.make_site("Doublon")
    add_comment(subject=double, text="Dit sur le doublon", by=make.actor(cast.operator_a))
    merge_sites(survivor=site, duplicate=double, by=make.actor(cast.correspondent59), reason="même terrain")
    assert "Dit sur le doublon" in page(cast.observer, site)


def test_history_leads_back_to_the_comments(cast: make.Cast, site: Site) -> None:
    add_comment(subject=site, text="Voir avec l’école", by=make.actor(cast.operator_a))
    text = plain(opened(cast.observer, f"/sites/{site.public_id}/historique/"))
    assert f'href="/sites/{site.public_id}/#commentaires"' in text
    assert "Voir avec l’école" not in text
    assert 'id="commentaires"' in page(cast.observer, site)


def test_a_visit_without_a_number_is_not_a_figure(cast: make.Cast) -> None:
    site = make.make_site()
    make.make_survey(site, TODAY, None, blanks={"people": "nd"})
    text = page(cast.operator_a, site)
    assert "Aucun recensement ne dit encore combien de personnes vivent ici." in text
    assert "sans nombre de personnes" in text
