"""The dashboard: for whom, of what, at which dates, and what it costs."""

import datetime as dt
import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jalons.accounts.models import User
from jalons.sites.enums import ClosingReason
from jalons.territories.models import Commune, Place
from tests import factories
from tests.factories import BACKEND, LILLE, MARSEILLE, MEL, ROUBAIX, Cast, organisation_of

pytestmark = pytest.mark.django_db
SOCLE = True
URL = "/tableau-de-bord/"
TODAY = timezone.localdate()


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def page(client: Client, user: User, query: str = "") -> str:
    client.force_login(user, BACKEND)
    answer = client.get(f"{URL}?{query}", follow=True)
    assert answer.status_code == 200, query
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def world(cast: Cast) -> None:
    open_site = factories.make_site("Moulin", LILLE, opened=ago(300))
    factories.make_survey(open_site, ago(40), 30, minors=10, minors_at_school=4)
    factories.make_survey(open_site, ago(250), 20, minors=8)
    factories.make_site("Friche", ROUBAIX, opened=ago(20))
    gone = factories.make_site("Quai", LILLE, opened=ago(300))
    factories.close_site(gone, ago(30), reason=ClosingReason.COURT)
    factories.make_site("Joliette", MARSEILLE)
    action = factories.make_action("MOUS", sites=[open_site], operators=[organisation_of(cast.operator_a)])
    factories.make_funding(action, TODAY.year, 4000)


def test_five_blocks_then_everything(client: Client, cast: Cast, world: None) -> None:
    words = page(client, cast.correspondent59)
    titles = ["Sites et habitants", "Conditions de vie", "Scolarisation", "Ce qui a été fait", "Argent de"]
    assert sorted(titles, key=words.index) == titles
    assert "Nord (59), au" in words
    assert "1 site recensé sur 2" in words
    assert "Sites évacués 1 1 fermeture de raison connue sur 1" in words
    assert "Prévu 4 000 € 1 ligne de financement sur 1" in words
    assert "Ménages" not in words
    everything = page(client, cast.correspondent59, "tout=1")
    assert "Ménages" in everything
    assert "Sites ouverts selon leur taille" in everything


def test_what_moved_is_said_in_sentences(client: Client, cast: Cast, world: None) -> None:
    words = page(client, cast.correspondent59, f"du={ago(100).isoformat()}")
    assert (
        "Le nombre de personnes : de ≥ 20 à ≥ 30 ; tout n’est pas compté, on ne sait pas s’il a augmenté"
        in words
    )
    assert "Le nombre de sites ouverts est resté à 2." in words


OUTSIDE = [
    ("observer", "departement-13"),
    ("observer", "nation"),
    ("observer", "region-93"),
    ("operator13", "region-32"),
    ("operator13", "departement-59"),
    ("operator13", f"epci-{MEL}"),
    ("operator13", f"commune-{LILLE}"),
    ("national", "departement-00"),
    ("national", "commune-99999"),
    ("national", "operateur-999999"),
    ("national", "operateur-99999999999"),
    ("national", "nation-1"),
    ("national", "planete-3"),
    ("national", "' or 1=1"),
]


@pytest.mark.parametrize(("who", "area"), OUTSIDE)
def test_outside_of_what_one_reads_there_is_nothing(
    client: Client, cast: Cast, world: None, who: str, area: str
) -> None:
    client.force_login(getattr(cast, who), BACKEND)
    for address in (URL, f"{URL}evolution/"):
        assert client.get(f"{address}?territoire={quote(area)}").status_code == 404


def test_an_operator_without_a_dispositif_that_one_sees_does_not_exist(
    client: Client, cast: Cast, world: None
) -> None:
    south = organisation_of(cast.operator13)
    factories.make_action("Sud", "13", operators=[south])
    client.force_login(cast.operator_a, BACKEND)
    assert client.get(f"{URL}?territoire=operateur-{south.pk}").status_code == 404
    own = organisation_of(cast.operator_a)
    words = page(client, cast.operator_a, f"territoire=operateur-{own.pk}")
    assert "Sites ouverts 1 " in words


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("du=01/06/2020&au=01/01/2020", "La période finit (01/01/2020) avant de commencer (01/06/2020)"),
        ("au=2035-01-01", "est dans le futur"),
        ("du=2035-01-01", "est dans le futur"),
        ("au=nimporte", "La page montre la situation d’aujourd’hui."),
        ("du=nimporte", "La page montre les six derniers mois."),
        ("au=2012-05-01", "Aucun site n’est ouvert dans cette étendue à cette date."),
        ("territoire=commune-59183", "Aucun site n’est ouvert dans cette étendue à cette date."),
        ("connu-le=2012-05-01", "telle que connue"),
        ("lieu=Nulle+part", "Aucun territoire que vous pouvez lire ne s’appelle « Nulle part »"),
        ("lieu=Roubaix", "Roubaix (59), au"),
        ("lieu=lille", "Lille (59), au"),
    ],
)
def test_odd_questions_are_answered(
    client: Client, cast: Cast, world: None, query: str, expected: str
) -> None:
    assert expected in page(client, cast.correspondent59, query)


def test_nothing_told_is_never_at_least_zero(client: Client, cast: Cast) -> None:
    factories.make_survey(factories.make_site("Tout ND", LILLE), ago(3), None)
    words = page(client, cast.correspondent59, "tout=1")
    assert "Personnes non renseigné 0 site recensé sur 1" in words
    assert "≥ 0" not in words
    assert "Part des mineurs scolarisés ND" in words


def test_money_that_one_may_not_read_counts_nothing_and_is_said(
    client: Client, cast: Cast, world: None
) -> None:
    none = "Vos droits ne vous laissent lire aucun financement"
    assert none in page(client, cast.observer)
    words = page(client, cast.correspondent13, "territoire=departement-59")
    assert "Vous ne pouvez lire les financements d’aucun des 1 dispositif en cours" in words
    for user in (cast.observer, cast.correspondent13):
        assert "4 000" not in page(client, user, "territoire=departement-59&tout=1")


def test_a_merged_commune_answers_for_the_one_of_today(client: Client, cast: Cast, world: None) -> None:
    old = Commune.objects.create(insee_code="59298", name="Hellemmes", departement_id="59", ended=True)
    place = Place.objects.filter(commune=LILLE, whole=True).first()
    assert place is not None
    place.pk, place.kind, place.code, place.label = None, "former", "59298", "Hellemmes"
    place.save()
    factories.make_site("Site d’avant", old)
    words = page(client, cast.correspondent59, "territoire=commune-59298")
    assert "Lille (59), au" in words
    assert "Sites ouverts 2 " in words


def test_a_moved_site_counts_where_it_stands(client: Client, cast: Cast, world: None) -> None:
    site = factories.make_site("Mobile", LILLE)
    type(site).objects.filter(pk=site.pk).update(commune=ROUBAIX)
    assert "Sites ouverts 1 " in page(client, cast.correspondent59, f"territoire=commune-{LILLE}")
    assert "Sites ouverts 2 " in page(client, cast.correspondent59, f"territoire=commune-{ROUBAIX}")


ASKED = ("", "tout=1", "territoire=nation", f"au={ago(60).isoformat()}", f"connu-le={ago(1).isoformat()}")
BUDGET = 30


@pytest.mark.parametrize("query", ASKED)
def test_it_costs_the_same_for_one_site_and_for_many(
    client: Client, cast: Cast, world: None, query: str
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{URL}?{query}")
        return len(queries)

    page(client, cast.correspondent59, query)
    few = cost()
    for number in range(6):
        site = factories.make_site(f"Autre {number}", MARSEILLE if number % 2 else ROUBAIX, opened=ago(90))
        factories.make_survey(site, ago(80), 12)
        factories.close_site(site, ago(10), reason=ClosingReason.RESORBED)
        factories.make_action(f"Autre {number}", sites=[site])
    assert cost() == few <= BUDGET


def test_the_curves_are_a_page_and_a_fragment(client: Client, cast: Cast, world: None) -> None:
    client.force_login(cast.correspondent59, BACKEND)
    whole = client.get(f"{URL}evolution/").content.decode()
    part = client.get(f"{URL}evolution/", headers={"HX-Request": "true"}).content.decode()
    assert "<h1>" in whole
    assert "<h1>" not in part
    assert "Habitants des sites ouverts" in part
    assert part.count("<svg") == 6
