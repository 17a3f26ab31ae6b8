"""What is taken away from a dashboard: the sheet of a territory, its drawings and their figures."""

import datetime as dt
import io
import re
from zipfile import ZipFile

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from jalons.accounts.models import User
from jalons.exports.models import Download
from jalons.figures.areas import find_area
from jalons.figures.registry import FigureQuestion
from jalons.history.querysets import AsOf
from jalons.reports.selectors.blocks import all_readings
from jalons.sites.enums import ProcedureKind
from jalons.territories.models import Outline
from tests import factories
from tests.factories import BACKEND, LILLE, MARSEILLE, ROUBAIX, Cast, organisation_of

pytestmark = pytest.mark.django_db
SOCLE = True
TODAY = timezone.localdate()
SHEET, CHART = "/tableau-de-bord/fiche.", "/tableau-de-bord/dessin/"
NORD = "territoire=departement-59"


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


@pytest.fixture
def world(cast: Cast) -> None:
    site = factories.make_site("Moulin", LILLE, opened=ago(300))
    factories.make_survey(site, ago(40), 30, minors=10, minors_at_school=4)
    factories.make_survey(site, ago(250), 20, minors=8)
    factories.make_site("Friche", ROUBAIX, opened=ago(20))
    factories.make_site("Joliette", MARSEILLE)
    factories.make_action("MOUS du moulin", sites=[site], operators=[organisation_of(cast.operator_a)])


def taken(client: Client, user: User, address: str) -> bytes:
    client.force_login(user, BACKEND)
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer["Cache-Control"] == "private, no-store"
    content = answer.getvalue()
    assert isinstance(content, bytes)
    return content


def words_of_pdf(content: bytes) -> tuple[str, int]:
    reader = PdfReader(io.BytesIO(content))
    return spaced(" ".join(page.extract_text() for page in reader.pages)), len(reader.pages)


def words_of_docx(content: bytes) -> str:
    word = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return spaced(" ".join([*(line.text for line in word.paragraphs), *cells]))


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_the_sheet_says_what_the_dashboard_says_in_both_formats(
    client: Client, cast: Cast, world: None
) -> None:
    printed, pages = words_of_pdf(taken(client, cast.correspondent59, f"{SHEET}pdf?{NORD}"))
    edited = words_of_docx(taken(client, cast.correspondent59, f"{SHEET}docx?{NORD}"))
    assert pages <= 2
    for words in (printed, edited):
        for expected in (
            "Nord (59)",
            "Fiche du territoire",
            "≥ 30 (1 site recensé sur 2",
            "Ce qui a bougé depuis le",
            "MOUS du moulin",
            str(organisation_of(cast.operator_a)),
            "Par intercommunalité",
            "Les procédures n’y figurent pas",
        ):
            assert expected in words, expected
        assert "Joliette" not in words
    assert Download.objects.filter(export="fiche-territoire").count() == 2


def test_every_figure_of_the_sheet_is_that_of_the_registry(client: Client, cast: Cast, world: None) -> None:
    words = words_of_docx(taken(client, cast.correspondent59, f"{SHEET}docx?{NORD}"))
    area = find_area("departement-59")
    assert area is not None
    readings = all_readings(FigureQuestion(cast.correspondent59, AsOf(), area))
    for key, label in (
        ("sites-ouverts", "Sites ouverts"),
        ("personnes", "Personnes"),
        ("mineurs", "dont mineurs"),
        ("dispositifs", "Dispositifs"),
    ):
        text = spaced(readings[key].short())
        assert text, label
        assert text in words, (label, text)


def test_a_procedure_never_leaves_on_paper(client: Client, cast: Cast, world: None) -> None:
    site = factories.make_site("Quai", LILLE, opened=ago(100))
    before = words_of_docx(taken(client, cast.correspondent59, f"{SHEET}docx?{NORD}"))
    factories.make_procedure(site, ago(10), ProcedureKind.DECISION)
    after = words_of_docx(taken(client, cast.correspondent59, f"{SHEET}docx?{NORD}"))
    assert without_clock(before) == without_clock(after)


def without_clock(words: str) -> str:
    return re.sub(r"produit le .*?\d\d:\d\d", "", words)


@pytest.mark.parametrize(
    ("who", "query", "status"),
    [
        ("operator13", NORD, 404),
        ("correspondent59", "territoire=departement-00", 404),
        ("correspondent59", f"{NORD}&connu-le=hier", 200),
        ("nobody", NORD, 403),
    ],
)
def test_who_takes_what(client: Client, cast: Cast, world: None, who: str, query: str, status: int) -> None:
    client.force_login(getattr(cast, who), BACKEND)
    assert client.get(f"{SHEET}pdf?{query}").status_code == status
    assert client.get(f"{CHART}?{query}&dessin=courbe-habitants&format=svg").status_code == status


def test_an_unknown_format_and_the_portfolio_of_an_operator_have_no_sheet(
    client: Client, cast: Cast, world: None
) -> None:
    client.force_login(cast.correspondent59, BACKEND)
    operator = organisation_of(cast.operator_a)
    for address in (
        f"{SHEET}odt?{NORD}",
        f"{SHEET}pdf?territoire=operateur-{operator.pk}",
        f"{CHART}?{NORD}&dessin=inconnu&format=png",
        f"{CHART}?{NORD}&dessin=inconnu&format=xlsx",
        f"{CHART}?{NORD}&dessin=habitants&format=exe",
        f"{CHART}?{NORD}&dessin=carte&format=svg",
    ):
        assert client.get(address).status_code == 404, address


def test_a_drawing_as_a_picture_and_as_figures(client: Client, cast: Cast, world: None) -> None:
    address = f"{CHART}?{NORD}&dessin=courbe-habitants&format="
    svg = taken(client, cast.correspondent59, f"{address}svg").decode()
    assert svg.startswith("<svg")
    assert "Habitants des sites ouverts" in svg
    assert taken(client, cast.correspondent59, f"{address}png").startswith(b"\x89PNG")
    book = CalamineWorkbook.from_filelike(io.BytesIO(taken(client, cast.correspondent59, f"{address}xlsx")))
    rows = [[spaced(str(cell)) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
    assert ["Personnes", "≥ 30"] in [row[1:3] for row in rows]
    bars = taken(client, cast.correspondent59, f"{CHART}?{NORD}&dessin=habitants&format=svg").decode()
    assert "Sites ouverts selon leur taille" in bars


def test_the_map_of_the_nation(client: Client, cast: Cast, world: None) -> None:
    edges = [[3.0, 50.0], [3.5, 50.0], [3.5, 50.5], [3.0, 50.0]]
    Outline.objects.create(departement_id="59", geometry={"type": "MultiPolygon", "coordinates": [[edges]]})
    address = f"{CHART}?territoire=nation&dessin=carte&format="
    book = CalamineWorkbook.from_filelike(io.BytesIO(taken(client, cast.national, f"{address}xlsx")))
    rows = book.get_sheet_by_index(0).to_python()
    assert ["Nord (59)", "Sites ouverts", "2"] in [row[:3] for row in rows]
    assert taken(client, cast.national, f"{address}png").startswith(b"\x89PNG")


def test_the_links_are_for_those_who_may_take_away(client: Client, cast: Cast, world: None) -> None:
    page = taken_page(client, cast.correspondent59)
    assert "Fiche du territoire (PDF)" in page
    assert "dessin=habitants" in page
    assert "Fiche du territoire" not in taken_page(client, cast.observer)


def taken_page(client: Client, user: User) -> str:
    client.force_login(user, BACKEND)
    return client.get(f"/tableau-de-bord/?{NORD}&tout=1").content.decode()


def test_the_queries_of_a_sheet_do_not_grow(client: Client, cast: Cast, world: None) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            taken(client, cast.correspondent59, f"{SHEET}docx?{NORD}")
        return len(captured)

    queries()
    few = queries()
    for number in range(6):
        site = factories.make_site(f"Site {number}", LILLE, opened=ago(30))
        factories.make_survey(site, ago(5), 12)
        factories.make_action(f"Action {number}", sites=[site], operators=[organisation_of(cast.operator_a)])
    assert queries() <= few


def test_the_same_sheet_twice_is_the_same_but_for_its_hour(client: Client, cast: Cast, world: None) -> None:
    first, second = (taken(client, cast.correspondent59, f"{SHEET}docx?{NORD}") for _ in range(2))
    names: list[list[str]] = [ZipFile(io.BytesIO(content)).namelist() for content in (first, second)]
    assert names[0] == names[1]
    assert without_clock(words_of_docx(first)) == without_clock(words_of_docx(second))
