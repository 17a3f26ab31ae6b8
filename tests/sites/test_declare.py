"""Déclarer un site: what a person sees who types well, badly, twice, or what is known already."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.sites import geocoding
from jalons.sites.geocoding import Address, Unavailable
from jalons.sites.models import Occupation, Resettlement, Site, Survey
from jalons.sites.views import declare
from tests.factories import (
    BACKEND,
    LILLE,
    MARSEILLE,
    ROUBAIX,
    SAINT_ZACHARIE,
    Cast,
    make_alias,
    make_site,
    make_user,
)

pytestmark = pytest.mark.django_db
URL = "/sites/nouveau/"


def typed(**fields: Any) -> dict[str, Any]:
    least = {"commune": "Lille", "observed_on": "12/03/2020", "source_kind": "state"}
    return {"submission_key": str(uuid.uuid4()), **least, **fields}


@pytest.fixture
def clerk(cast: Cast, client: Client) -> Client:
    """The correspondent of the Nord, signed in."""
    client.force_login(cast.correspondent59, BACKEND)
    return client


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request)).replace("\u00a0", " ")


def page(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode()).replace("\u00a0", " ")


# --- little is needed ------------------------------------------------------------------------------------------


def test_a_commune_a_date_and_a_source_are_enough(clerk: Client, cast: Cast) -> None:
    assert "Seuls la commune, la date et la source sont nécessaires" in page(clerk.get(URL))
    own = cast.correspondent59.memberships.get().organisation
    answer = clerk.post(URL, typed(source=str(own.pk)))  # the page proposes it
    site = Site.objects.get()
    assert answer.url == reverse("sites:sheet", args=[site.public_id])
    assert (site.name, site.commune_id, site.changed_by) == ("Site à Lille", LILLE, cast.correspondent59)
    survey = Survey.objects.get()
    assert (survey.valid_on, survey.people, survey.source) == (
        dt.date(2020, 3, 12),
        None,
        survey.organisation,
    )
    assert not Occupation.objects.get().start_is_known
    assert "est déclaré à Lille" in said(answer)


def test_everything_that_can_be_said_is_kept(clerk: Client) -> None:
    origin = make_site("Terrain des Moulins", closed=dt.date(2019, 12, 1))
    answer = clerk.post(
        URL,
        typed(
            address="12 rue du Pont",
            address_detail="derrière le dépôt",
            latitude="50,62",
            longitude="3.05",
            kind="land",
            name="Le Pont",
            aliases="Camp du Pont\nLes Tilleuls ; camp du pont",
            reliability="3",
            people="45",
            households="ND",
            women="/",
            caravans="1",
            installed="mars 2017",
            origins=["european", "french"],
            resettled_from=[origin.public_id, "inconnu", "\x00"],
        ),
    )
    site = Site.objects.get(name="Le Pont")
    assert (site.address, site.latitude, site.longitude, site.kind) == ("12 rue du Pont", 50.62, 3.05, "land")
    assert site.origins == ("french", "european")
    assert sorted(site.aliases.values_list("name", flat=True)) == ["Camp du Pont", "Les Tilleuls"]
    survey = Survey.objects.get()
    assert (survey.people, survey.blanks, survey.caravans) == (45, {"households": "nd", "women": "na"}, 1)
    occupation = Occupation.objects.get(site=site)
    assert (occupation.valid_on, occupation.starts_text) == (dt.date(2017, 3, 1), "mars 2017")
    assert Resettlement.objects.get().origin == origin
    assert "Compris : à partir du 1er mars 2017." in said(answer)


def test_a_point_pasted_in_one_field_is_read(clerk: Client) -> None:
    clerk.post(URL, typed(latitude="50.62925, 3.05726"))
    assert (Site.objects.get().latitude, Site.objects.get().longitude) == (50.62925, 3.05726)


def test_words_that_are_no_date_are_kept_as_words(clerk: Client) -> None:
    answer = clerk.post(URL, typed(installed="début 2018"))
    occupation = Occupation.objects.get()
    assert (occupation.starts_text, occupation.start_is_known) == ("début 2018", False)
    assert occupation.valid_on == dt.date(2020, 3, 12)
    assert "Jalons n’y lit pas de date" in said(answer)


def test_odd_counts_are_told_and_recorded(clerk: Client) -> None:
    answer = clerk.post(URL, typed(people="10", minors="12"))
    assert Survey.objects.get().minors == 12
    assert "Il y a plus de mineurs que de personnes. (12 pour 10)" in said(answer)


def test_others_are_not_the_organisation_that_types(clerk: Client) -> None:
    clerk.post(URL, typed(source_kind="police"))
    assert Survey.objects.get().source is None


def test_the_address_may_open_the_page_filled_in(clerk: Client) -> None:
    shown = page(clerk.get(URL, {"latitude": "50,62", "longitude": "3,05", "commune": "Lille"}))
    assert 'value="50,62"' in shown
    assert 'value="Lille"' in shown


# --- what is wrong is said, and nothing is lost -----------------------------------------------------------------

WRONG = [
    ({"commune": ""}, "Remplissez ce champ"),
    ({"commune": "Nullepart-sur-Rien"}, "Aucune commune ne répond à"),
    ({"commune": "Marseille"}, "n’est pas dans le territoire où vous pouvez déclarer un site : Nord."),
    ({"commune": "Marseille", "insee": MARSEILLE}, "n’est pas dans le territoire"),
    ({"commune": "59"}, ""),
    ({"commune": "x\x00y"}, "caractère invisible"),
    ({"commune": "L" * 100_000}, "140"),
    ({"observed_on": ""}, "Remplissez ce champ"),
    ({"observed_on": "31/02/2020"}, "n’existe pas"),
    ({"observed_on": "12/12/2999"}, ""),
    ({"observed_on": "la semaine des quatre jeudis"}, ""),
    ({"source_kind": ""}, "Remplissez ce champ"),
    ({"source_kind": "voisin"}, "Choisissez parmi les réponses proposées"),
    ({"source": "999999"}, "Choisissez parmi les réponses proposées"),
    ({"source": "<b>"}, "Choisissez parmi les réponses proposées"),
    ({"reliability": "9"}, "Choisissez parmi les réponses proposées"),
    ({"kind": "château"}, "Choisissez parmi les réponses proposées"),
    ({"origins": ["roms"]}, "Choisissez parmi les réponses proposées"),
    ({"people": "-3"}, "est négatif"),
    ({"people": "1000000000000"}, "est plus grand que"),
    ({"people": "douze"}, "Écrivez un nombre entier"),
    ({"people": "3,5"}, "pas un nombre entier"),
    ({"people": "=1+1"}, "Écrivez un nombre entier"),
    ({"latitude": "95", "longitude": "3"}, "est plus grand que 90"),
    ({"latitude": "50"}, "donnez les deux, ou aucune"),
    ({"longitude": "3"}, "donnez les deux, ou aucune"),
    ({"latitude": "nord", "longitude": "3"}, ""),
    ({"latitude": "NaN", "longitude": "inf"}, ""),
    ({"installed": "mars 2031"}, "est dans le futur"),
    ({"installed": "mai 2020"}, "est après l’observation"),
    ({"name": "x" * 121}, "120"),
    ({"aliases": "\n".join(f"nom {n}" for n in range(11))}, "au plus 10 appellations"),
    ({"aliases": "y" * 130}, "120 caractères au plus"),
    ({"address": "\x00"}, "caractère invisible"),
]


@pytest.mark.parametrize(("fields", "sentence"), WRONG)
def test_what_is_wrong_is_said(clerk: Client, fields: dict[str, Any], sentence: str) -> None:
    answer = clerk.post(URL, typed(address_detail="près du <canal>", **fields))
    shown = page(answer)
    assert sentence in shown
    assert "à corriger" in shown
    assert "près du &lt;canal&gt;" in shown
    assert not Site.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"submission_key": "pas une clé"},
        {"insee": "zzzzz"},
        {"insee": "x" * 40},
        {"commune_choice": "'; --"},
        {"near_seen": "\x00"},
        {"latitude": "", "longitude": " "},
    ],
)
def test_odd_hidden_values_stop_nobody(clerk: Client, fields: dict[str, Any]) -> None:
    clerk.post(URL, typed(**fields))
    assert Site.objects.count() == 1


def test_html_and_formulas_stay_text(clerk: Client) -> None:
    clerk.post(URL, typed(name="<script>alert(1)</script>", address="=HYPERLINK(1)"))
    assert Site.objects.get().name == "<script>alert(1)</script>"
    shown = page(clerk.get("/sites/proches/", {"commune": "Lille", "name": "script alert"}))
    assert "<script>alert" not in shown


@pytest.mark.parametrize(
    ("text", "code"),
    [("59000", LILLE), ("lille", LILLE), ("LILLE (59)", LILLE), ("Lille 59000", LILLE), ("roub", ROUBAIX)],
)
def test_a_commune_may_be_written_in_several_ways(clerk: Client, text: str, code: str) -> None:
    clerk.post(URL, typed(commune=text))
    assert Site.objects.get().commune_id == code


def test_several_communes_are_offered_and_one_is_chosen(cast: Cast, client: Client) -> None:
    client.force_login(make_user("correspondent", "83", "93"), BACKEND)
    fields = typed(commune="saint", name="Le Pont")
    shown = page(client.post(URL, fields))
    assert "choisissez la bonne ci-dessous" in shown
    assert "Saint-Denis – Seine-Saint-Denis (93)" in shown
    assert "Saint-Zacharie – Var (83)" in shown
    assert 'value="Le Pont"' in shown
    client.post(URL, {**fields, "commune_choice": SAINT_ZACHARIE})
    assert Site.objects.get().commune_id == SAINT_ZACHARIE


def test_a_choice_that_does_not_answer_to_the_name_is_not_taken(cast: Cast, client: Client) -> None:
    client.force_login(make_user("correspondent", "83", "93"), BACKEND)
    client.post(URL, typed(commune="Saint-Denis", commune_choice=SAINT_ZACHARIE, insee=SAINT_ZACHARIE))
    assert Site.objects.get().commune.name == "Saint-Denis"


# --- rights ----------------------------------------------------------------------------------------------------


def test_who_may_not_declare_writes_nothing(cast: Cast, client: Client) -> None:
    for user in (cast.national, cast.operator_a, cast.contributor, cast.observer, cast.nobody):
        client.force_login(user, BACKEND)
        assert client.get(URL).status_code == 403
        assert client.post(URL, typed()).status_code == 403
    client.logout()
    assert client.post(URL, typed()).status_code == 401
    assert not Site.objects.exists()


def test_one_declares_only_in_ones_territory(cast: Cast, client: Client) -> None:
    client.force_login(cast.mairie, BACKEND)
    shown = page(client.post(URL, typed(commune="Roubaix", insee=ROUBAIX)))
    assert (
        "Roubaix (Nord (59)) n’est pas dans le territoire où vous pouvez déclarer un site : Lille." in shown
    )
    assert not Site.objects.exists()
    client.post(URL, typed(source_kind="municipality"))
    assert Site.objects.get().changed_for == cast.mairie.memberships.get().organisation


def test_an_operator_declares_when_it_was_granted(cast: Cast, client: Client) -> None:
    client.force_login(make_user("operator", "200093201", grants=[Right.DECLARE_SITE]), BACKEND)
    client.post(URL, typed(commune="Roubaix", source_kind="operator"))
    assert Site.objects.get().commune_id == ROUBAIX


# --- once ------------------------------------------------------------------------------------------------------


def test_sent_twice_is_declared_once(clerk: Client) -> None:
    fields = typed(latitude="50,62", longitude="3,05", name="Le Pont")
    first, second = clerk.post(URL, fields), clerk.post(URL, fields)
    assert first.url == second.url
    assert Site.objects.count() == 1


# --- is it one of these? ---------------------------------------------------------------------------------------


@pytest.fixture
def known(cast: Cast) -> Site:
    site = make_site("Les Tilleuls", address="3 rue du Pont", latitude=50.6203, longitude=3.05)
    make_alias(site, "Camp du canal")
    return site


def test_neighbours_are_shown_before_anything_is_written(clerk: Client, known: Site) -> None:
    fields = typed(latitude="50,62", longitude="3,05", name="Nouveau", people="12")
    shown = page(clerk.post(URL, fields))
    assert "Est-ce l’un de ceux-ci ?" in shown
    assert "Rien n’est encore enregistré" in shown
    assert "à 33 m" in shown
    assert 'value="12"' in shown
    assert Site.objects.count() == 1
    # Said once: the same form, with the neighbour shown, is accepted.
    clerk.post(URL, {**fields, "near_seen": known.public_id})
    assert Site.objects.count() == 2


def test_a_name_known_in_the_commune_is_enough(clerk: Client, known: Site) -> None:
    shown = page(clerk.post(URL, typed(name="le camp du Canal")))
    assert "aussi appelé « Camp du canal »" in shown
    clerk.post(URL, typed(name="le camp du Canal", commune="Roubaix"))
    assert Site.objects.filter(commune=ROUBAIX).count() == 1


def test_a_neighbour_that_appeared_since_is_shown_too(clerk: Client, known: Site) -> None:
    other = make_site("Autre", latitude=50.6201, longitude=3.0501)
    fields = typed(latitude="50,62", longitude="3,05", near_seen=known.public_id)
    assert other.name in page(clerk.post(URL, fields))
    clerk.post(URL, {**fields, "near_seen": [known.public_id, other.public_id]})
    assert Site.objects.count() == 3


def test_it_is_that_one(clerk: Client, known: Site) -> None:
    answer = clerk.post(URL, typed(people="12", minors="ND", same=known.public_id, commune="n’importe"))
    target, _, query = answer.url.partition("?")
    assert target == reverse("sites:survey_add", args=[known.public_id])
    assert "people=12" in query
    assert Site.objects.count() == 1
    shown = page(clerk.get(answer.url))
    assert 'value="12"' in shown
    assert 'value="12/03/2020"' in shown
    assert 'value="ND"' in shown


@pytest.mark.parametrize("code", ["inconnu", "\x00", "../../x", "x" * 5_000])
def test_that_one_must_exist(clerk: Client, code: str) -> None:
    assert clerk.post(URL, typed(same=code)).status_code == 404


def test_that_one_of_others_is_only_read(cast: Cast, client: Client) -> None:
    other = make_site("Roubaix", ROUBAIX)
    client.force_login(cast.mairie, BACKEND)
    answer = client.post(URL, typed(same=other.public_id))
    assert answer.url == reverse("sites:sheet", args=[other.public_id])
    assert "suivi par d’autres" in said(answer)


def test_the_fragment_follows_what_is_typed(clerk: Client, known: Site) -> None:
    closed = make_site("Ancien", latitude=50.6199, longitude=3.05, closed=dt.date(2020, 1, 1))
    htmx = {"HTTP_HX_REQUEST": "true"}
    asked = {"latitude": "50,62", "longitude": "3,05", "resettled_from": closed.public_id}
    shown = page(clerk.get("/sites/proches/", asked, **htmx))
    assert "2 sites proches ou de nom semblable" in shown
    assert "Fermé le 01/01/2020" in shown
    assert shown.count("C’est celui-ci<") == 1  # a closed site is not surveyed again
    assert f'value="{closed.public_id}" id="de-{closed.public_id}" checked' in shown
    nothing = page(clerk.get("/sites/proches/", {"latitude": "50,62", "commune": "\x00"}))
    assert "Est-ce l’un de ceux-ci" not in nothing


def test_the_number_of_queries_does_not_grow_with_the_neighbours(clerk: Client) -> None:
    asked = {"latitude": "50,62", "longitude": "3,05", "commune": "Lille", "name": "Pont"}

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            clerk.get("/sites/proches/", asked)
        return len(queries)

    make_site("A", latitude=50.62, longitude=3.05)
    cost()
    one = cost()
    for number in range(6):
        make_alias(make_site(f"B{number}", latitude=50.62, longitude=3.05), f"alias {number}")
    assert cost() == one


def test_a_date_is_explained_as_it_is_typed(clerk: Client) -> None:
    for text, words in (
        ("12 avril 2019", "Compris : le 12 avril 2019."),
        ("2018", "Compris : à partir du 1er janvier 2018."),
        ("<b>", "Jalons n’y lit pas de date"),
    ):
        assert words in page(clerk.get("/sites/date-comprise/", {"installed": text}))
    assert page(clerk.get("/sites/date-comprise/")).strip() == ""


# --- addresses -------------------------------------------------------------------------------------------------


def ask(client: Client, **query: Any) -> Any:
    answer = client.get("/sites/adresses.json", query)
    assert answer.status_code == 200
    return answer.json()


def test_addresses_and_communes_are_mixed(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    streets = [
        Address("12 Rue du Pont 59000 Lille", "12 Rue du Pont", LILLE, 50.62, 3.05, "59, Nord"),
        Address("12 Rue du Pont 13001 Marseille", "12 Rue du Pont", MARSEILLE, 43.3, 5.4, "13"),
        Address("Rue sans commune", "Rue", "99999", 1.0, 1.0),
        Address("Lille", "", LILLE, 50.6, 3.0),
    ]
    monkeypatch.setattr(declare, "search_addresses", lambda *args, **kwargs: streets)
    told = ask(clerk, q="lille")
    # Marseille is out of the territory, and nobody knows the third.
    assert [(one["label"], one["value"]) for one in told["results"]] == [
        ("12 Rue du Pont 59000 Lille", LILLE),
        ("Lille", LILLE),
    ]
    assert told["results"][0]["latitude"] == 50.62
    assert told["results"][0]["commune"] == "Lille"
    assert told["notice"] == ""
    only = ask(clerk, q="lille", communes="1")
    assert [one["address"] for one in only["results"]] == [""]


def test_without_the_service_communes_are_still_found(clerk: Client, settings: Any) -> None:
    settings.GEOCODER_URL = ""
    told = ask(clerk, q="59100")
    assert [one["insee"] for one in told["results"]] == [ROUBAIX]
    assert told["notice"].replace("\u00a0", " ") == (
        "L’adresse ne peut pas être cherchée pour l’instant : choisissez la commune et cliquez sur la carte."
    )


def test_the_address_of_a_click(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Address("12 Rue du Pont 59000 Lille", "12 Rue du Pont", LILLE, 50.62, 3.05)
    monkeypatch.setattr(declare, "address_at", lambda latitude, longitude: here)
    assert ask(clerk, lat="50.62", lon="3.05")["results"][0]["address"] == "12 Rue du Pont"
    monkeypatch.setattr(declare, "address_at", lambda latitude, longitude: None)
    assert ask(clerk, lat="50.62", lon="3.05")["results"] == []


@pytest.mark.parametrize(
    "query",
    [{"q": "\x00"}, {"q": "x" * 9_000}, {"lat": "nan", "lon": "x"}, {}, {"lat": "1e999", "lon": "nan"}],
)
def test_odd_questions_have_no_answer(clerk: Client, query: dict[str, str]) -> None:
    geocoding.breaker.reset()
    assert ask(clerk, **query)["results"] == []


def test_addresses_are_for_who_writes(cast: Cast, client: Client) -> None:
    for user, status in ((cast.operator_a, 200), (cast.observer, 403), (cast.national, 403)):
        client.force_login(user, BACKEND)
        assert client.get("/sites/adresses.json", {"q": "lille"}).status_code == status


def test_addresses_near_the_sites_one_knows_come_first(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def fake(text: str, **options: Any) -> list[Address]:
        asked.append(options["near"])
        raise Unavailable

    monkeypatch.setattr(declare, "search_addresses", fake)
    ask(clerk, q="rue")
    make_site(latitude=50.0, longitude=3.0)
    make_site(latitude=51.0, longitude=2.0)
    ask(clerk, q="rue")
    assert asked == [None, (50.5, 2.5)]


def test_a_user_of_today() -> None:
    """The observation may be of today, in any usual writing."""
    user: User = make_user("correspondent", "59")
    client = Client()
    client.force_login(user, BACKEND)
    client.post(URL, typed(observed_on="aujourd’hui"))
    assert Survey.objects.get().valid_on == timezone.localdate()
