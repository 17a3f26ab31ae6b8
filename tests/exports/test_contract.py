"""Who reads which column of which row."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from jalons.accounts.enums import Right
from jalons.exports.contract import RESERVED, About, Book, Export, ExportColumn, Table
from tests.exports.conftest import Line, export_of
from tests.factories import Cast


def read(export: Export, user: Any, query: str = "") -> list[list[object]]:
    book = export.build(user, QueryDict(query))
    return list(book.rows(book.tables[0]))


def test_who_has_the_right_everywhere_reads_everything(cast: Cast, lines: list[Line]) -> None:
    assert read(export_of(lambda: lines), cast.national) == [
        ["Rue du Général", 112, "Ville de Lille", "Lille"],
        ["=1+1", None, "État", "Marseille"],
    ]


def test_a_right_that_stops_at_a_territory_stops_the_column(
    cast: Cast, lines: list[Line], monkeypatch
) -> None:
    asked = []
    monkeypatch.setattr(Line, "read_owner", lambda line: asked.append(line.name) or line.owner)
    owner = ExportColumn("owner", "Propriétaire", lambda line: line.read_owner(), right=Right.READ_OWNER)
    rows = read(export_of(lambda: lines, [owner]), cast.correspondent59)
    assert rows == [["Ville de Lille"], [RESERVED]]
    assert asked == ["Rue du Général"], "ce que l’on ne peut pas lire n’est pas même lu"


def test_without_the_right_there_is_no_column(cast: Cast, lines: list[Line]) -> None:
    export = export_of(lambda: lines)
    assert [column.key for column in export.columns(cast.operator_a)] == ["name", "people", "commune"]
    assert export.groups(cast.operator_a) == ["Lieu"]
    assert export.groups(cast.national) == ["Propriétaire", "Lieu"]


def test_an_export_that_forgets_to_filter_its_columns_shows_no_more(cast: Cast, lines: list[Line]) -> None:
    export = export_of(lambda: lines)
    table = Table("Sites", export.every_column, lambda: lines, About("Nord", "Sacha"))
    book = Book(export, cast.operator_a, [table])
    assert [row[2] for row in book.rows(table)] == ["Lille", "Marseille"]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ["name", "people", "owner", "commune"]),
        ("colonnes=Lieu", ["name", "people", "commune"]),
        ("colonnes=Lieu&colonnes=Propriétaire", ["name", "people", "owner", "commune"]),
        ("colonnes=Inconnu", ["name", "people", "owner", "commune"]),
    ],
)
def test_groups_of_columns_can_be_left_out(
    cast: Cast, lines: list[Line], query: str, keys: list[str]
) -> None:
    book = export_of(lambda: lines).build(cast.national, QueryDict(query))
    assert [column.key for column in book.tables[0].columns] == keys


def test_a_group_one_may_not_read_cannot_be_asked_for(cast: Cast, lines: list[Line]) -> None:
    rows = read(export_of(lambda: lines), cast.operator_a, "colonnes=Propriétaire")
    assert rows[0] == ["Rue du Général", 112, "Lille"]


@pytest.mark.parametrize("who", ["observer", "nobody", "local_admin"])
def test_without_the_right_to_export_nothing_is_built(cast: Cast, who: str) -> None:
    def never() -> list[Line]:
        raise AssertionError("lu sans droit")

    with pytest.raises(PermissionDenied, match="exporter"):
        export_of(never).build(getattr(cast, who), {})


def test_a_right_lost_between_the_page_and_the_file_stops_the_file(cast: Cast, lines: list[Line]) -> None:
    book = export_of(lambda: lines).build(cast.national, {})
    book.reader = cast.observer
    with pytest.raises(PermissionDenied):
        next(book.rows(book.tables[0]))
    assert book.written == 0
