"""A workbook whose hidden keys were changed: a verdict for each, and nothing written anywhere else."""

from typing import Any

import pytest
from django.test import Client

from jalons.conventions.models import Cell, Convention, MatrixColumn, MatrixRow
from jalons.conventions.workbook.carried import carry
from jalons.conventions.workbook.layout import CellAddress
from jalons.spreadsheets.comparing import FileChange
from tests.conventions.samples import make_convention, sample, two_departements
from tests.conventions.workbook.books import Sheets, saved, typed
from tests.conventions.workbook.test_pages import AGAIN, DTML, confirmed, figure, given, signed_in, taken
from tests.forms import posts
from tests.worlds import stored

pytestmark = pytest.mark.django_db
SHEET, COLUMN = "exemple-2022-f01", "bilan_2021"
GONE = "n’est plus dans la fiche"
NOT_YOURS = "n’est pas, ou n’est plus, parmi celles que vous pouvez lire"


def beside_another(cast: Any) -> Convention:
    """The one of the workbook, and another of the same council."""
    make_convention(sample("autre-2022"))
    return make_convention()


stored_convention, convention = stored(beside_another, "convention")


def written() -> list[tuple[Any, ...]]:
    """Every version of every cell of every convention."""
    return list(
        Cell.objects.order_by("pk").values_list("pk", "row", "column", "raw", "number", "superseded_at")
    )


def forged(client: Client, changed: dict[str, str]) -> bytes:
    """The workbook with a figure typed, then some of its keys replaced wherever they stand."""

    def edit(sheets: Sheets) -> None:
        typed("Fiche 1", DTML, "BILAN 2021", 7777)(sheets)
        for rows in sheets.values():
            for row in rows:
                row[:] = [changed.get(told, told) if isinstance(told, str) else told for told in row]

    return saved(taken(client), edit)


def sent_back(client: Client, content: bytes) -> str:
    """What the preview says; its form is sent when there is one."""
    page = given(client, content)
    assert page.status_code == 200
    if any("carried" in form.values for form in posts(page)):
        assert confirmed(client, page).status_code < 500
    return page.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({DTML: "autre-2022-f01-i01.1"}, GONE),
        ({DTML: "autre-2022-f01-i01.1", SHEET: "autre-2022-f01"}, NOT_YOURS),
        ({DTML: "exemple-2022-f02-03-i01.1"}, GONE),
        ({DTML: "exemple-2022-f01-i99"}, GONE),
        ({COLUMN: "bilan_1999"}, GONE),
        ({SHEET: "exemple-2022-f99"}, NOT_YOURS),
        ({"exemple-2022": "autre-2022"}, "d’une autre convention"),
    ],
    ids=["ligne d’une autre convention", "fiche d’une autre convention", "ligne d’une autre fiche",
         "ligne inconnue", "colonne inconnue", "fiche inconnue", "une autre convention"],
)  # fmt: skip
def test_a_forged_key_writes_nothing(
    cast: Any, convention: Convention, changed: dict[str, str], verdict: str
) -> None:
    client, before = signed_in(cast.council), written()
    assert verdict in sent_back(client, forged(client, changed))
    assert written() == before


@pytest.mark.parametrize("gone", ["row", "column"])
def test_what_was_removed_since_the_export_is_not_made_again(
    cast: Any, convention: Convention, gone: str
) -> None:
    client = signed_in(cast.council)
    content = forged(client, {})
    cell = figure(DTML)
    Cell.objects.filter(**{gone: getattr(cell, gone)}).delete()
    {"row": MatrixRow, "column": MatrixColumn}[gone].objects.filter(pk=getattr(cell, gone).pk).delete()
    before = written()
    assert GONE in sent_back(client, content)
    assert written() == before


@pytest.mark.parametrize("slug", ["exemple-2022", "autre-2022"])
def test_a_forged_address_carried_by_the_page_writes_nothing(
    cast: Any, convention: Convention, slug: str
) -> None:
    """As if the preview had been passed over: the keys are judged again when the person agrees."""
    client, before = signed_in(cast.council), written()
    row = "autre-2022-f01-i01.1" if slug == "autre-2022" else "exemple-2022-f02-03-i01.1"
    change = FileChange(CellAddress(f"{slug}-f01", row, COLUMN), 7777, "")
    carried = carry("exemple-2022", cast.council, [change], 1, [])
    client.post(AGAIN, {"carried": carried})
    assert written() == before


def test_the_rows_of_another_departement_are_not_written(cast: Any) -> None:
    make_convention(two_departements())
    client = signed_in(cast.council)
    row = MatrixRow.objects.exclude(commitment__key__endswith="-f01").filter(cells__isnull=False).first()
    assert row is not None
    cell = Cell.objects.known().filter(row=row).order_by("pk").first()
    assert cell is not None
    before = written()
    change = FileChange(CellAddress(row.commitment.key, row.key, cell.column.key), 7777, "")
    carried = carry("partage-2022", cast.council, [change], 1, [])
    answer = client.post("/conventions/partage-2022/classeur/reprendre/", {"carried": carried})
    assert answer.status_code < 500
    assert written() == before
