"""A table of invented rows, and the people who read it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from jalons.accounts.enums import Right
from jalons.exports.contract import About, Export, ExportColumn, Table
from jalons.exports.enums import ColumnKind
from tests.factories import LILLE, MARSEILLE, Cast, commune


@dataclass
class Line:
    """Something in a commune that has a name, a number and an owner."""

    commune: Any
    name: str
    people: object
    owner: str

    def read_owner(self) -> str:
        return self.owner


COLUMNS = (
    ExportColumn("name", "Nom", lambda line: line.name),
    ExportColumn(
        "people", "Personnes", lambda line: line.people, ColumnKind.INTEGER, note="présentes ce jour-là"
    ),
    ExportColumn("owner", "Propriétaire", Line.read_owner, right=Right.READ_OWNER, group="Propriétaire"),
    ExportColumn("commune", "Commune", lambda line: line.commune.name, group="Lieu"),
)


@pytest.fixture
def lines(cast: Cast) -> list[Line]:
    return [
        Line(commune(LILLE), "Rue du Général", 112, "Ville de Lille"),
        Line(commune(MARSEILLE), "=1+1", None, "État"),
    ]


def export_of(
    rows: Callable[[], Iterable[Any]], columns: Sequence[ExportColumn] = COLUMNS, **about: Any
) -> Export:
    told = About(**{"perimeter": "Nord", "author": "Camille Nord, DDETS du Nord", **about})
    return Export(
        "sites",
        "Liste des sites",
        Right.EXPORT,
        columns,
        lambda user, params, chosen: Table("Sites", chosen, rows, told),
    )
