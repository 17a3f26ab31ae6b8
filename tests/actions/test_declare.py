"""Déclarer un dispositif : peu d’obligatoire, rien de perdu, une seule fois."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from jalons.accounts.enums import Right, Role
from jalons.actions.enums import ParticipationRole
from jalons.actions.models import Action, ActionContact, FundingLine, InsertionSite, Participation
from jalons.actions.services import intervention_of
from tests import factories
from tests.actions.pages import page, queries, said, sent, signed
from tests.factories import Cast, make_organisation, make_site

pytestmark = pytest.mark.django_db
ADDRESS = "/dispositifs/nouveau/"
LEAST = {"name": "Médiation sanitaire", "starts_on": "1er janvier 2020", "themes": ["health"]}


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return signed(cast.correspondent59)


def post(clerk: Client, address: str = ADDRESS, **typed: Any) -> Any:
    return clerk.post(address, sent(clerk, address, **{**LEAST, **typed}))


def parts(action: Action) -> set[tuple[str, str]]:
    return {(str(one.participant), one.role) for one in Participation.objects.filter(action=action)}


def test_a_name_a_start_a_theme_and_a_pilot_are_enough(clerk: Client, cast: Cast) -> None:
    answer = post(clerk)
    action = Action.objects.get()
    assert answer.url == f"/dispositifs/{action.public_id}/"
    assert "Le dispositif « Médiation sanitaire » est déclaré." in said(answer)
    assert (action.name, action.departement_id, action.themes) == ("Médiation sanitaire", "59", ("health",))
    assert intervention_of(action).valid_on == dt.date(2020, 1, 1)
    assert parts(action) == {("DDETS du Nord", ParticipationRole.PILOT)}
    assert not FundingLine.objects.exists()
    assert not ActionContact.objects.exists()
    assert not InsertionSite.objects.exists()


def test_everything_at_once(clerk: Client, cast: Cast) -> None:
    site = make_site("Les Tilleuls")
    make_organisation("Croix du Nord", "59", acronym="CDN")
    answer = post(
        clerk,
        planned_end="31/12/2020",
        objectives="Résorber le bidonville",
        sites=[site.public_id],
        terrain__address="3 rue du Pont",
        terrain__commune="Roubaix",
        place_kinds=["housing"],
        operateurs__0__organisation="les AMIS de lille",
        operateurs__0__is_main="on",
        operateurs__0__blocks=["school"],
        operateurs__1__organisation="CDN",
        partenaires__0__organisation="Santé pour tous – Nord",
        contacts__0__name="Lou Exemple",
        contacts__0__organisation="CDN",
        annee="2020",
        financements__0__kind="dedicated",
        financements__0__organisation="DDETS du Nord",
        financements__0__planned="2 000,50 €",
        financements__1__kind="local",
        financements__1__planned="ND",
        rhythm="monthly",
    )
    assert answer.status_code == 302, page(answer)
    action = Action.objects.get()
    assert parts(action) == {
        ("DDETS du Nord", "pilot"),
        ("Les amis de Lille", "operator"),
        ("CDN", "operator"),
        ("Santé pour tous", "partner"),
    }
    main = Participation.objects.get(is_main=True)
    assert (str(main.participant), main.blocks) == ("Les amis de Lille", ("school",))
    assert [link.site for link in action.site_links.all()] == [site]
    ground = InsertionSite.objects.get()
    assert (ground.address, ground.commune_id) == ("3 rue du Pont", factories.ROUBAIX)
    assert str(ActionContact.objects.get().organisation) == "CDN"
    lines = FundingLine.objects.order_by("pk")
    assert [(line.kind, line.planned, line.blanks) for line in lines] == [
        ("dedicated", Decimal("2000.50"), {}),
        ("local", None, {"planned": "nd"}),
    ]
    assert (action.rhythm, action.place_kinds) == ("monthly", ("housing",))


def test_sent_twice_is_declared_once(clerk: Client) -> None:
    data = sent(clerk, ADDRESS, **LEAST)
    assert clerk.post(ADDRESS, data).url == clerk.post(ADDRESS, data).url
    assert Action.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Nom du dispositif : Remplissez ce champ"),
        ({"themes": []}, "Cochez au moins un champ d’intervention."),
        ({"starts_on": "bientôt"}, "Début : "),
        ({"planned_end": "1/1/2019"}, "La fin prévue (01/01/2019) précède le début (01/01/2020)"),
        ({"services__0__organisation": ""}, "Un dispositif a au moins un service pilote"),
        ({"operateurs__0__organisation": "Les amis de Roubaix"}, "Jalons ne connaît pas de structure"),
        ({"operateurs__0__is_main": "on"}, "Écrivez le nom de la structure, ou videz toute la ligne."),
        ({"financements__0__planned": "2 000"}, "Choisissez le type de financement"),
        ({"financements__0__kind": "local", "financements__0__planned": "deux mille"}, "n’est pas un nombre"),
        ({"annee": "20"}, "Écrivez une année entre 2000 et 2100"),
        ({"terrain__address": "3 rue du Pont"}, "Écrivez la commune du terrain d’insertion"),
        ({"terrain__commune": "Marseille"}, "Aucune commune de ce territoire (Nord)"),
        ({"contacts__0__email": "lou@exemple.test"}, "Écrivez le nom de la personne"),
        (
            {"contacts__0__name": "Lou", "contacts__0__organisation": "Santé pour tous"},
            "n’intervient pas dans ce dispositif",
        ),
        ({"departement": "13"}, "Choisissez parmi les réponses proposées."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    clerk: Client, typed: dict[str, Any], sentence: str
) -> None:
    answer = post(clerk, **{"objectives": "Scolariser <tous> les enfants", **typed})
    text = page(answer)
    assert sentence in text
    assert "erreur" in text
    assert "Scolariser &lt;tous&gt; les enfants" in text
    assert not Action.objects.exists()


def test_two_main_operators_and_the_same_twice_are_refused(clerk: Client) -> None:
    make_organisation("Croix du Nord", "59")
    two = {"operateurs__0__organisation": "Croix du Nord", "operateurs__0__is_main": "on"}
    text = page(
        post(clerk, **two, operateurs__1__organisation="Solidarité Nord", operateurs__1__is_main="on")
    )
    assert "Il y a un seul opérateur principal" in text
    text = page(post(clerk, **two, operateurs__1__organisation="croix du nord"))
    assert "est déjà dans cette liste" in text


def test_two_organisations_of_one_name_are_told_apart(clerk: Client) -> None:
    make_organisation("Secours", "59")
    make_organisation("Secours", "62")
    text = page(post(clerk, operateurs__0__organisation="Secours"))
    assert "« Secours – Nord » ou « Secours – Pas-de-Calais »" in text
    post(clerk, operateurs__0__organisation="Secours – Pas-de-Calais")
    assert Participation.objects.get(role="operator").participant.territory.code == "62"


def test_one_more_row_without_javascript_loses_nothing(clerk: Client) -> None:
    data = sent(clerk, ADDRESS, name="Sans rien juger", starts_on="bientôt", financements__0__planned="2 000")
    text = page(clerk.post(ADDRESS, {**data, "ajouter": "financements"}))
    assert 'name="financements-2-planned"' in text
    assert 'name="financements-3-planned"' not in text
    assert 'value="Sans rien juger"' in text
    assert 'value="bientôt"' in text
    assert "soit 100 %" in text
    assert "erreur" not in text
    assert data["submission_key"][0] in text
    text = page(clerk.post(ADDRESS, {**data, "ajouter": "operateurs"}))
    assert 'name="operateurs-1-organisation"' in text
    assert not Action.objects.exists()


def test_totals_and_shares_follow_what_is_typed(clerk: Client) -> None:
    data = sent(clerk, ADDRESS, financements__0__planned="2 000", financements__1__planned="2000 €")
    text = page(clerk.post(ADDRESS, {**data, "calculer": "1"}, headers={"HX-Request": "true"}))
    assert "TOTAL :</span> <b>4 000 €</b>" in text
    assert text.count("soit 50 %") == 2
    text = page(clerk.post(ADDRESS, {**data, "financements-1-planned": "ND", "calculer": "1"}))
    assert "≥ 2 000 € (1 ND)" in text
    assert "soit" not in text


def test_sites_are_searched_and_what_is_ticked_stays(clerk: Client) -> None:
    kept, _ = make_site("Les Tilleuls"), make_site("Le Canal", factories.ROUBAIX)
    make_site("Fermé", closed=dt.date(2020, 1, 1))
    make_site("Ailleurs", factories.MARSEILLE)
    text = page(clerk.get(ADDRESS))
    assert "2 sites ouverts." in text
    assert "Fermé" not in text
    assert "Ailleurs, Marseille" not in text
    data = sent(clerk, ADDRESS, sites=[kept.public_id], q="canal")
    # « Entrée » in the search: nothing is judged nor recorded.
    text = page(clerk.post(ADDRESS, data))
    assert "1 autre site ouvert pour « canal »." in text
    assert f'value="{kept.public_id}" id="id_sites_0" checked' in text
    assert "erreur" not in text


def test_a_site_brings_itself(clerk: Client) -> None:
    site = make_site("Les Tilleuls")
    post(clerk, f"{ADDRESS}?site={site.public_id}")
    assert [link.site for link in Action.objects.get().site_links.all()] == [site]


def test_a_hidden_site_cannot_be_covered(cast: Cast) -> None:
    far = make_site("Ailleurs", factories.MARSEILLE)
    user = factories.make_user(Role.INSTITUTION, "59", grants=[Right.DECLARE_ACTION])
    clerk = signed(user)
    assert far.public_id not in page(clerk.get(f"{ADDRESS}?site={far.public_id}"))
    text = page(clerk.post(ADDRESS, sent(clerk, ADDRESS, **LEAST, sites=[far.public_id])))
    assert "Choisissez parmi les réponses proposées." in text
    assert not Action.objects.exists()


def test_several_departements_are_chosen_among(cast: Cast) -> None:
    user = factories.make_user(Role.CORRESPONDENT, "59", "62")
    clerk = signed(user)
    text = page(clerk.get(ADDRESS))
    assert '<option value="62">Pas-de-Calais</option>' in text
    assert '<option value="13"' not in text
    assert "n’est pas dans le département choisi (Pas-de-Calais)" in page(
        post(clerk, departement="62", terrain__commune="Lille")
    )
    post(clerk, departement="62", terrain__commune="Calais")
    assert Action.objects.get().departement_id == "62"


def test_who_may_not_write_money_is_not_asked_for_it(cast: Cast) -> None:
    user = factories.make_user(Role.CORRESPONDENT, "59", refused=[Right.WRITE_FUNDING])
    clerk = signed(user)
    assert "Financements" not in page(clerk.get(ADDRESS))
    post(clerk, financements__0__kind="local", financements__0__planned="2 000")
    assert Action.objects.exists()
    assert not FundingLine.objects.exists()


def test_readers_of_the_money_are_named(clerk: Client) -> None:
    text = page(clerk.get(ADDRESS))
    assert "Qui peut lire ceci" in text
    assert "DDETS du Nord" in text


def test_a_territory_smaller_than_a_departement_is_told_so(cast: Cast) -> None:
    clerk = signed(factories.make_user(Role.CORRESPONDENT, factories.MEL))
    assert "votre territoire n’en couvre aucun en entier" in page(clerk.get(ADDRESS))
    clerk.post(ADDRESS, LEAST)
    assert not Action.objects.exists()


def test_organisations_answer_to_their_names(clerk: Client) -> None:
    make_organisation("Croix du Nord", "59", acronym="CDN")
    for text in ("croix", "cdn", "nord croix"):
        found = clerk.get("/dispositifs/structures.json", {"q": text}).json()["results"]
        assert [one["label"] for one in found] == ["Croix du Nord (CDN) – Nord"], text
    assert clerk.get("/dispositifs/structures.json", {"q": " "}).json() == {"results": []}


def test_the_page_costs_the_same_with_many_organisations_and_sites(clerk: Client) -> None:
    make_site("Un")
    clerk.get(ADDRESS)
    few = queries(lambda: clerk.get(ADDRESS))
    for number in range(30):
        make_site(f"Site {number}")
        make_organisation(f"Association {number}", "59")
    assert queries(lambda: clerk.get(ADDRESS)) == few
