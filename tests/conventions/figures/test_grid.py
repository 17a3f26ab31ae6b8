"""The grid of a sheet: filled without a script, by several people, by those whose row it is."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from jalons.accounts.models import User
from jalons.conventions.enums import ConventionRole, ConventionState
from jalons.conventions.models import Cell, Commitment, MatrixColumn, MatrixRow, Seat
from jalons.history.services import save_record
from tests import factories
from tests.conventions.samples import make_convention, sample
from tests.factories import Cast
from tests.forms import form_to
from tests.guards import commits


@pytest.fixture(scope="module")
def stored_sheet(people: Cast, django_db_blocker: Any) -> Iterator[int]:
    """Its columns are « BILAN 2020 » (past), « BILAN 2021 » and « OBJECTIF 2022 »."""
    told = sample()
    table = told["fiches"][0]["indicator_table"]
    table["columns"].insert(
        0, {"key": "bilan_2020", "header": "BILAN 2020", "year": 2020, "measure": "bilan"}
    )
    table["indicators"][0]["values"]["bilan_2020"] = {"raw": "35", "kind": "number", "number": 35}
    with django_db_blocker.unblock(), commits.held():
        yield make_convention(told).commitments.order_by("position")[0].pk
        transaction.set_rollback(True)


@pytest.fixture
def sheet(stored_sheet: int, cast: Cast) -> Commitment:
    return Commitment.objects.get(pk=stored_sheet)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "jalons.accounts.backends.SessionBackend")
    return client


def address(sheet: Commitment, end: str = "") -> str:
    return f"/conventions/{sheet.convention.slug}/fiches/{sheet.public_id}/indicateurs/{end}"


def name(sheet: Commitment, row: str, column: str) -> str:
    found = MatrixRow.objects.get(key=f"{sheet.key}-{row}")
    return f"c-{found.pk}-{sheet.columns.get(key=column).pk}"


def cell_at(sheet: Commitment, row: str, column: str) -> Cell:
    return Cell.objects.known().get(row__key=f"{sheet.key}-{row}", column__key=column, row__commitment=sheet)


def opened(client: Client, sheet: Commitment, query: str = "") -> dict[str, Any]:
    return form_to(client.get(address(sheet) + query), address(sheet)).values


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_the_grid_is_the_sheet_as_it_is_printed(cast: Cast, sheet: Commitment) -> None:
    page = text(signed_in(cast.council).get(address(sheet)))
    for words in (
        "BILAN 2020",
        "OBJECTIF 2022",
        "Suivi",
        "Nombre de familles suivies",
        "30 dont 12 filles",
        "Dont",
    ):
        assert words in page
    # A past year is read, the others are typed in; what is missing is said.
    assert name(sheet, "i01", "bilan_2020") not in page
    assert f'name="{name(sheet, "i01", "bilan_2021")}" value="40 familles"' in page
    assert 'placeholder="non renseigné"' in page
    assert "None" not in page


def test_it_is_filled_without_a_script(cast: Cast, sheet: Commitment) -> None:
    client = signed_in(cast.council)
    told = opened(client, sheet)
    box, absent = name(sheet, "i01", "objectif_2022"), name(sheet, "i01.1", "objectif_2022")
    count = Cell.objects.count()
    answer = client.post(address(sheet), {**told, box: "60", absent: "nd"}, follow=True)
    assert "2 cases enregistrées." in text(answer)
    assert cell_at(sheet, "i01", "objectif_2022").number == 60
    assert cell_at(sheet, "i01.1", "objectif_2022").kind == "nd"
    # The boxes that nobody touched wrote nothing.
    assert Cell.objects.count() == count + 2


def test_nothing_typed_writes_nothing(cast: Cast, sheet: Commitment) -> None:
    client = signed_in(cast.council)
    count = Cell.objects.count()
    answer = client.post(address(sheet), opened(client, sheet), follow=True)
    assert "Rien n’a changé" in text(answer)
    assert Cell.objects.count() == count


def test_sent_twice_it_is_written_once(cast: Cast, sheet: Commitment) -> None:
    client = signed_in(cast.council)
    told = {**opened(client, sheet), name(sheet, "i04", "objectif_2022"): "7"}
    client.post(address(sheet), told)
    count = Cell.objects.count()
    assert "déjà enregistré" in text(client.post(address(sheet), told, follow=True))
    assert Cell.objects.count() == count


def test_a_script_sends_all_of_it_in_one_field(cast: Cast, sheet: Commitment) -> None:
    client = signed_in(cast.council)
    told = {key: value for key, value in opened(client, sheet).items() if not key.startswith("c-")}
    code = name(sheet, "i04", "objectif_2022").removeprefix("c-")
    client.post(address(sheet), {**told, "packed": json.dumps({code: "7", "9-9": "x", "z": 3})})
    assert cell_at(sheet, "i04", "objectif_2022").number == 7


def test_what_is_refused_comes_back_where_it_was_typed_and_the_rest_is_written(
    cast: Cast, sheet: Commitment
) -> None:
    client = signed_in(cast.council)
    bad, good = name(sheet, "i01", "objectif_2022"), name(sheet, "i04", "objectif_2022")
    answer = client.post(address(sheet), {**opened(client, sheet), bad: "=1+1", good: "7"})
    assert answer.status_code == 200
    page = text(answer)
    assert "C’est une formule" in page
    assert f'name="{bad}" value="=1+1"' in page
    assert "1 case enregistrée." in page
    assert cell_at(sheet, "i01", "objectif_2022").number == 50
    assert cell_at(sheet, "i04", "objectif_2022").number == 7
    # What came back can be mended and sent again.
    again = form_to(answer, address(sheet)).values
    client.post(address(sheet), {**again, bad: "51"})
    assert cell_at(sheet, "i01", "objectif_2022").number == 51


def test_two_people_on_one_cell_the_second_chooses(cast: Cast, sheet: Commitment) -> None:
    client = signed_in(cast.council)
    first, second = opened(client, sheet), opened(client, sheet)
    box, other = name(sheet, "i01", "objectif_2022"), name(sheet, "i04", "objectif_2022")
    client.post(address(sheet), {**first, box: "60"})
    answer = client.post(address(sheet), {**second, box: "70", other: "7"})
    page = text(answer)
    assert answer.status_code == 409
    assert f'name="{box}" value="70"' in page
    assert re.search(r"a enregistré</dt>\s*<dd>60", page)
    assert "1 case enregistrée." in page  # the one that nobody else touched
    choice = box.replace("c-", "conflit-")
    again = form_to(answer, address(sheet)).values
    client.post(address(sheet), {**again, choice: "theirs"})
    assert cell_at(sheet, "i01", "objectif_2022").number == 60
    again = form_to(answer, address(sheet)).values
    client.post(address(sheet), {**again, choice: "mine", "submission_key": ""})
    assert cell_at(sheet, "i01", "objectif_2022").number == 70


def test_a_box_left_alone_does_not_undo_what_somebody_else_wrote(cast: Cast, sheet: Commitment) -> None:
    client = signed_in(cast.council)
    first, second = opened(client, sheet), opened(client, sheet)
    client.post(address(sheet), {**first, name(sheet, "i01", "objectif_2022"): "60"})
    answer = client.post(address(sheet), {**second, name(sheet, "i04", "objectif_2022"): "7"})
    assert answer.status_code == 302
    assert cell_at(sheet, "i01", "objectif_2022").number == 60


def test_a_past_year_is_corrected_with_a_reason(cast: Cast, sheet: Commitment) -> None:
    client = signed_in(cast.council)
    box = name(sheet, "i01", "bilan_2020")
    # Not from the plain grid.
    answer = client.post(address(sheet), {**opened(client, sheet), box: "36"})
    assert cell_at(sheet, "i01", "bilan_2020").number == 35
    assert "«\u00a036\u00a0»" in text(answer)
    told = opened(client, sheet, "?corriger=1")
    answer = client.post(f"{address(sheet)}?corriger=1", {**told, box: "36"})
    assert "obligatoire" in text(answer)
    assert 'value="36"' in text(answer)
    told = form_to(answer, address(sheet)).values
    client.post(f"{address(sheet)}?corriger=1", {**told, "reason": "recompté par le service"})
    cell = cell_at(sheet, "i01", "bilan_2020")
    assert (cell.number, cell.reason) == (36, "recompté par le service")


def test_everything_is_past_once_the_convention_is_over(cast: Cast, sheet: Commitment) -> None:
    sheet.convention.state = ConventionState.CLOSED
    save_record(record=sheet.convention, by=None)
    assert name(sheet, "i01", "objectif_2022") not in text(signed_in(cast.council).get(address(sheet)))


def test_the_grid_asks_the_base_as_much_for_four_rows_as_for_forty(
    cast: Cast, sheet: Commitment, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.council)
    client.get(address(sheet))
    with django_assert_max_num_queries(30) as few:
        client.get(address(sheet))
    for n in range(40):
        MatrixRow(commitment=sheet, key=f"r{n}", label=f"Ligne {n}", position=n + 20).save()
    with django_assert_max_num_queries(len(few)):
        client.get(address(sheet))


def test_a_large_grid_names_one_column_and_a_script_the_others(cast: Cast, sheet: Commitment) -> None:
    for n in range(20):
        MatrixColumn(commitment=sheet, key=f"c{n}", header=f"Colonne {n}", position=n + 9).save()
    for n in range(50):
        MatrixRow(commitment=sheet, key=f"r{n}", label=f"Ligne {n}", position=n + 20).save()
    told = opened(signed_in(cast.council), sheet, "?colonne=c3")
    boxes = [key for key in told if key.startswith("c-")]
    assert 50 < len(boxes) < 700
    column = sheet.columns.get(key="c3")
    assert all(key.endswith(f"-{column.pk}") for key in boxes)


def test_an_expired_session_loses_nothing(cast: Cast, sheet: Commitment) -> None:
    told = {**opened(signed_in(cast.council), sheet), name(sheet, "i01", "objectif_2022"): "60"}
    answer = Client().post(address(sheet), told, follow=True)
    assert "60" in text(answer)
    assert 'name="kept"' in text(answer)


# Those whose row it is ---------------------------------------------------------------------------------------


@pytest.fixture
def contributor(cast: Cast, sheet: Commitment) -> Client:
    """Of the territory « DTML »: one row of the sheet is theirs."""
    organisation = factories.organisation_of(cast.contributor)
    seat = Seat(
        convention=sheet.convention,
        organisation=organisation,
        role=ConventionRole.TERRITORY_CONTRIBUTOR,
        commitment=sheet,
        breakdown="dtml",
    )
    save_record(record=seat, by=None)
    return signed_in(cast.contributor)


def test_a_contributor_fills_the_rows_of_their_breakdown(sheet: Commitment, contributor: Client) -> None:
    page = text(contributor.get(address(sheet)))
    mine, other = name(sheet, "i01.1", "objectif_2022"), name(sheet, "i01", "objectif_2022")
    assert f'name="{mine}"' in page
    assert other not in page.replace(f"m-{other[2:]}", "")
    assert "Ce qui vous est demandé" in page
    assert page.index("Ce qui vous est demandé") < page.index("<table")
    told = opened(contributor, sheet)
    contributor.post(address(sheet), {**told, mine: "26"})
    cell = cell_at(sheet, "i01.1", "objectif_2022")
    assert (cell.number, cell.organisation.name) == (26, Seat.objects.get(breakdown="dtml").organisation.name)


@pytest.mark.parametrize("packed", [False, True])
def test_a_forged_row_is_refused_and_nothing_is_written(
    sheet: Commitment, contributor: Client, packed: bool
) -> None:
    told = opened(contributor, sheet)
    mine, other = name(sheet, "i01.1", "objectif_2022"), name(sheet, "i01.2", "bilan_2021")
    count = Cell.objects.count()
    forged = {mine: "26", other: "99"}
    sent = {"packed": json.dumps({key[2:]: value for key, value in forged.items()})} if packed else forged
    assert contributor.post(address(sheet), {**told, **sent}).status_code == 403
    assert Cell.objects.count() == count
    row, column = other[2:].split("-")
    block = {"row": row, "column": column, "text": "99", "confirmer": "1"}
    contributor.post(address(sheet, "coller/"), block)
    assert Cell.objects.count() == count
    query = f"cellule/?ligne={sheet.key}-i01.2&colonne=bilan_2021"
    assert contributor.post(address(sheet, query), {"raw": "99"}).status_code == 403
    assert contributor.get(address(sheet, query)).status_code == 403
    assert Cell.objects.count() == count


def test_a_contributor_does_not_arrange_the_table(sheet: Commitment, contributor: Client) -> None:
    for end in ("lignes/", "colonnes/"):
        assert contributor.get(address(sheet, end)).status_code == 403
        assert end not in text(contributor.get(address(sheet)))
    assert contributor.post(address(sheet, "realise-a-date/")).status_code == 403


# One cell in full --------------------------------------------------------------------------------------------


def detail(sheet: Commitment, row: str, column: str, end: str = "cellule/") -> str:
    return address(sheet, f"{end}?ligne={sheet.key}-{row}&colonne={column}")


def cell_form(client: Client, url: str) -> dict[str, Any]:
    return form_to(client.get(url), url.partition("?")[0]).values


def test_saving_a_cell_as_it_stands_writes_nothing(cast: Cast, sheet: Commitment) -> None:
    client = signed_in(cast.council)
    count = Cell.objects.count()
    for row in ("i01", "i01.1", "i01.2", "i02", "i03", "i04"):
        for column in ("bilan_2021", "objectif_2022"):
            url = detail(sheet, row, column)
            answer = client.post(url, cell_form(client, url), follow=True)
            assert "Rien n’a changé" in text(answer), (row, column)
    assert Cell.objects.count() == count


def test_what_is_written_is_read_again_unless_the_person_says_what_it_is(
    cast: Cast, sheet: Commitment
) -> None:
    client, url = signed_in(cast.council), detail(sheet, "i01", "objectif_2022")
    client.post(
        url,
        {**cell_form(client, url), "raw": "9 781 dont 7 782 hors PE", "source": "CAF", "as_of": "mai 2022"},
    )
    cell = cell_at(sheet, "i01", "objectif_2022")
    assert (cell.kind, cell.number, cell.main, cell.source) == ("composite", 9781, "explicit", "CAF")
    assert cell.kept["as_of"] == "2022-05"
    told = cell_form(client, url)
    assert told["partie-0-label"] == ["hors PE"]
    part = {"partie-1-label": "femmes", "partie-1-number": "12", "partie-1-relation": "dont"}
    client.post(url, {**told, "main": "doubtful", **part})
    cell = cell_at(sheet, "i01", "objectif_2022")
    assert (cell.main, cell.number, cell.raw) == ("doubtful", 9781, "9 781 dont 7 782 hors PE")
    assert [(part["label"], part["number"]) for part in cell.parts] == [("hors PE", 7782), ("femmes", 12)]
    told = cell_form(client, url)
    client.post(url, {**told, "partie-0-gone": "on"})
    assert [part["label"] for part in cell_at(sheet, "i01", "objectif_2022").parts] == ["femmes"]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"raw": "60", "kind": "duration", "number": "60", "unit": "lunes"}, "l’unité de cette durée"),
        ({"kind": "number", "number": ""}, "Écrivez ce nombre"),
        ({"raw": "=1+1"}, "C’est une formule"),
        ({"as_of": "un jour"}, "Cette date n’est pas comprise"),
        ({"partie-0-number": "beaucoup"}, "Écrivez un nombre"),
    ],
)
def test_a_cell_says_what_is_wrong(cast: Cast, sheet: Commitment, told: dict[str, str], why: str) -> None:
    client, url = signed_in(cast.council), detail(sheet, "i01", "objectif_2022")
    count = Cell.objects.count()
    answer = client.post(url, {**cell_form(client, url), **told})
    assert answer.status_code == 200
    assert why in text(answer)
    assert Cell.objects.count() == count


def test_two_people_in_the_detail_of_a_cell(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), detail(sheet, "i01", "objectif_2022")
    first, second = cell_form(client, url), cell_form(client, url)
    client.post(url, {**first, "raw": "60"})
    answer = client.post(url, {**second, "raw": "70"})
    assert answer.status_code == 409
    assert "« 60 »" in text(answer).replace("\xa0", " ")
    assert cell_at(sheet, "i01", "objectif_2022").number == 60
    client.post(url, form_to(answer, url.partition("?")[0]).values)
    assert cell_at(sheet, "i01", "objectif_2022").number == 70


def test_versions_name_the_organisation_and_not_the_person(cast: Cast, sheet: Commitment) -> None:
    client, url = signed_in(cast.council), detail(sheet, "i01", "objectif_2022")
    client.post(url, {**cell_form(client, url), "raw": "60", "reason": "recompté"})
    page = text(
        signed_in(cast.correspondent59).get(detail(sheet, "i01", "objectif_2022", "cellule/versions/"))
    )
    body = page.split("<main", 1)[1]
    assert "Conseil départemental" in body
    assert "recompté" in body
    assert cast.council.name not in body
    assert "50</del>" in body
    assert "60</ins>" in body


def test_a_cell_that_does_not_exist_is_nowhere(cast: Cast, sheet: Commitment) -> None:
    client = signed_in(cast.council)
    for end in ("cellule/", "cellule/?ligne=x&colonne=y", "cellule/versions/"):
        assert client.get(address(sheet, end)).status_code == 404
