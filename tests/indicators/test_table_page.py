"""L’onglet « Suivi » : ce que l’on y lit, avec un ou plusieurs opérateurs, et ce que l’on en emporte."""

import datetime as dt
import io

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from jalons.core.values import Value
from tests.factories import BACKEND, Cast, make_action, make_follow_up, make_socle, organisation_of
from tests.front import tight

pytestmark = pytest.mark.django_db
SOCLE = True
JANUARY, FEBRUARY = dt.date(2020, 1, 31), dt.date(2020, 2, 29)
LEVELS = {"maternelle": 2, "elementaire": 6, "college": 3, "lycee": 1, "autre_scolarite": 0}


@pytest.fixture
def client_59(cast: Cast) -> Client:
    make_socle()
    client = Client()
    client.force_login(cast.correspondent59, BACKEND)
    return client


def shown(client: Client, action, query: str = "") -> str:
    return (
        client.get(f"/dispositifs/{action.public_id}/suivi/{query}").content.decode().replace("\u00a0", " ")
    )


def test_an_empty_follow_up_says_what_to_do(cast: Cast, client_59: Client) -> None:
    page = shown(client_59, make_action(operators=[organisation_of(cast.operator_a)]))
    assert "Aucun indicateur de suivi n’a été renseigné" in page
    assert "Remplir le premier suivi" in page


def test_one_operator(cast: Cast, client_59: Client) -> None:
    action = make_action(operators=[organisation_of(cast.operator_a)])
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=28, femmes=9)
    comment = {"school": "Soutien scolaire le mercredi."}
    figures = {"personnes": 32, "femmes": Value.nd(), "scolarisables": 15, **LEVELS}
    make_follow_up(action, FEBRUARY, by=cast.operator_a, comments=comment, **figures)
    page = shown(client_59, action)
    for words in (
        "31 janv.",
        "29 févr.",
        "32 %",
        ">ND<",
        "80 %",
        "12 sur 15",
        "Soutien scolaire le mercredi.",
    ):
        assert words in page, words
    assert "Chaque opérateur" not in page


def test_several_operators_stand_side_by_side(cast: Cast, client_59: Client) -> None:
    action = make_action(operators=[organisation_of(cast.operator_a), organisation_of(cast.operator_b)])
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=30)
    make_follow_up(action, JANUARY, by=cast.operator_b, personnes=12)
    make_follow_up(action, FEBRUARY, by=cast.operator_a, personnes=31)
    page = shown(client_59, action)
    assert "1 opérateur sur 2" in page
    assert ">≥ 31<" in page
    assert "Solidarité Nord" in page
    alone = shown(client_59, action, f"?operateur={organisation_of(cast.operator_b).pk}")
    assert "31 janv." in alone
    assert ">≥ 31<" not in tight(alone)
    # Whoever is not a reporter of this dispositif is not asked about: everybody is shown.
    for query in ("?operateur=999999", "?operateur=douze"):
        assert client_59.get(f"/dispositifs/{action.public_id}/suivi/{query}").status_code == 200


def test_older_columns_are_one_page_away(cast: Cast, client_59: Client) -> None:
    action = make_action(operators=[organisation_of(cast.operator_a)])
    for month in range(1, 10):
        make_follow_up(action, dt.date(2020, month, 20), by=cast.operator_a, personnes=month * 100)
    page = shown(client_59, action)
    assert "20 sept." in page
    assert ">20 mars<" not in tight(page)
    older = shown(client_59, action, "?avant=2020-04-20")
    assert ">20 mars<" in tight(older)
    assert "Dernières dates" in older


def test_pages_cost_the_same_whatever_the_dates(
    cast: Cast, client_59: Client, django_assert_max_num_queries
) -> None:
    action = make_action(operators=[organisation_of(cast.operator_a)])
    for month in range(1, 10):
        make_follow_up(action, dt.date(2020, month, 20), by=cast.operator_a, personnes=month, **LEVELS)
    shown(client_59, action)
    with django_assert_max_num_queries(30):
        shown(client_59, action)


def test_what_leaves_reads_back_equal(cast: Cast, client_59: Client) -> None:
    action = make_action(
        "=cmd()", operators=[organisation_of(cast.operator_a), organisation_of(cast.operator_b)]
    )
    make_follow_up(action, JANUARY, by=cast.operator_a, personnes=30, femmes=Value.nd(), mineurs=Value.na())
    make_follow_up(action, JANUARY, by=cast.operator_b, personnes=12, femmes=0)
    answer = client_59.get(f"/dispositifs/{action.public_id}/suivi/export?format=xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer)))
    wide = book.get_sheet_by_name("Suivi").to_python()
    head = next(row for row in wide if "Indicateur" in row)
    lines = {(row[1], row[4]): row[head.index("01/2020")] for row in wide}
    assert lines["Personnes", "Ensemble"] == 42
    assert lines["Personnes", "Solidarité Nord"] == 12
    assert lines["dont femmes", "Les amis de Lille"] == "ND"
    assert lines["dont femmes", "Solidarité Nord"] == 0
    assert lines["dont femmes", "Ensemble"].replace("\u00a0", " ") == "0 (1 ND)"
    values = book.get_sheet_by_name("Relevés").to_python()
    told = {(row[1], row[3]): row[6] for row in values}
    assert told["Personnes", "Les amis de Lille"] == 30
    assert told["dont mineurs", "Les amis de Lille"] == "/"
