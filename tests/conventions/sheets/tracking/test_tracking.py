"""Tracking tables: columns that their owner defines, typed cells, totals that say what they cover."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalons.conventions.models import TrackingRow, TrackingTable
from jalons.conventions.sheets.tracking.tables import cell_from_text, column_total, typed_text, value_of
from jalons.core.values import ParseError, Value
from tests.conventions.sheets.pages import address, sent, signed_in, stored, words
from tests.factories import Cast

db = pytest.mark.usefixtures("db", "stored_convention")
FIRST, THEME = "exemple-2022-f01", "exemple-2022-f02-03-t1"


@given(
    st.integers(0, 10**9) | st.decimals(0, 10**6, places=2), st.sampled_from(["number", "percent", "amount"])
)
def test_a_figure_goes_through_its_field_unchanged(figure: Any, kind: str) -> None:
    stored_as = figure if isinstance(figure, int) else float(figure)
    assert cell_from_text(typed_text(stored_as, kind), kind, stored_as) == stored_as
    assert cell_from_text(typed_text(stored_as, kind), kind) == stored_as


@pytest.mark.parametrize(
    ("typed", "kind", "told"),
    [
        ("1 240", "number", 1240),
        ("46,5", "number", 46.5),
        ("62 %", "percent", 62),
        ("2 000 €", "amount", 2000),
        ("ND", "number", {"raw": "ND", "kind": "nd"}),
        ("/", "amount", {"raw": "/", "kind": "not_applicable"}),
        ("-", "number", {"raw": "-", "kind": "dash"}),
        ("", "number", None),
        ("juin 2022", "date", "juin 2022"),
        ("Centre social", "text", "Centre social"),
    ],
)
def test_cells_are_read_as_their_column_wants(typed: str, kind: str, told: Any) -> None:
    assert cell_from_text(typed, kind) == told


@pytest.mark.parametrize(
    ("typed", "kind"), [("douze", "number"), ("12 €", "number"), ("62 %", "amount"), ("bientôt", "date")]
)
def test_what_does_not_fit_is_refused(typed: str, kind: str) -> None:
    with pytest.raises(ParseError):
        cell_from_text(typed, kind)


def test_totals_say_what_they_lack() -> None:
    values = [
        value_of(told, "number")
        for told in (120, {"kind": "nd", "raw": "ND"}, 60, {"kind": "dash", "raw": "-"})
    ]
    assert column_total(values, "number") == "≥\u00a0180 (1\u00a0ND)"
    assert column_total(values, "text") == ""
    assert column_total([Value.nd()], "number") == "ND"


@db
def test_the_table_on_the_fiche(cast: Cast) -> None:
    shown = words(signed_in(cast.council).get(address(stored(cast)[THEME])))
    assert all(said in shown for said in ("Suivi des ateliers", "Heures prévues", "46,5", "180", "106,5"))
    assert "« Heures réalisées » ne dépasse pas « Heures prévues »" in shown


@db
def test_a_table_is_made_then_filled(cast: Cast) -> None:
    sheet, client = stored(cast)[FIRST], signed_in(cast.council)
    columns = {
        "h0": "Lieu",
        "h1": "Prévu",
        "k1": "number",
        "h2": "Fait",
        "k2": "number",
        "planned": "1",
        "done": "2",
    }
    assert (
        sent(client, address(sheet, "suivi/nouveau/"), {"title": "Chantiers", **columns}).status_code == 302
    )
    table = TrackingTable.objects.get(commitment=sheet)
    assert [column["header"] for column in table.columns] == ["Lieu", "Prévu", "Fait"]
    assert table.checks[0]["rule"] == "done_le_planned"
    url = address(sheet, f"suivi/{table.position}/")
    rows = {"lignes-0-c0": "Mairie", "lignes-0-c1": "1 200", "lignes-0-c2": "1 300"}
    assert sent(client, url, {**rows, "lignes-1-c0": "École", "lignes-1-c1": "ND"}).status_code == 302
    first, second = TrackingRow.objects.filter(table=table)
    assert first.cells[table.columns[1]["key"]] == 1200
    assert second.cells[table.columns[1]["key"]] == {"raw": "ND", "kind": "nd"}
    shown = words(client.get(address(sheet)))
    assert "≥ 1 200 (1 ND)" in shown
    assert "réalisé au-dessus du prévu" in shown


@db
def test_a_wrong_cell_is_said_beside_it_and_nothing_is_lost(cast: Cast) -> None:
    sheet = stored(cast)[THEME]
    url = address(sheet, "suivi/0/")
    answer = sent(signed_in(cast.council), url, {"lignes-0-c1": "beaucoup", "lignes-1-c0": "Gymnase"})
    shown = words(answer)
    assert answer.status_code == 200
    assert "beaucoup" in shown
    assert "Gymnase" in shown
    assert "n’est pas un nombre" in shown
    assert 'id="id_lignes-0-c1_error"' in shown


@db
def test_a_column_that_holds_values_is_not_lost(cast: Cast) -> None:
    sheet = stored(cast)[THEME]
    url = address(sheet, "suivi/0/")
    answer = sent(signed_in(cast.council), url, {"h1": ""})
    assert answer.status_code == 200
    assert "contient des valeurs" in words(answer)
    assert sent(signed_in(cast.council), url, {"h3": "Note", "k3": "text"}).status_code == 302
    table = TrackingTable.objects.get(commitment=sheet)
    assert [column["header"] for column in table.columns][-1] == "Note"
    assert table.rows.first().cells["faites"] == 46.5


@db
def test_rows_are_removed_and_unknown_tables_do_not_exist(cast: Cast) -> None:
    sheet = stored(cast)[THEME]
    client = signed_in(cast.council)
    assert sent(client, address(sheet, "suivi/0/"), {"lignes-1-remove": "on"}).status_code == 302
    assert TrackingRow.objects.filter(table__commitment=sheet).count() == 1
    assert client.get(address(sheet, "suivi/7/")).status_code == 404
    assert client.get(address(sheet, f"suivi/{10**12}/")).status_code == 404
