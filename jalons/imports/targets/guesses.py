"""What is guessed of one column of a table."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from jalons.imports.reading.layout import TableHeading


class GuessReason(StrEnum):
    SYNONYM = "synonym"
    NEAR = "near"
    CHOSEN = "chosen"
    SAVED = "saved"


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """`field` empty: not mapped. `year`, `on`: of a column that holds one year or one date. `refused`: why it is not
    read at all. `derived`: a total, that Jalons computes by itself. `no_column`: where a cross says no, beside this
    column where it says yes. `period`: of a column « Mois » (1), « Trimestre » (3), « Semestre » (6), « Période » (0),
    how many months each of its cells names; `year_column`: where their year stands.
    """

    heading: TableHeading
    field: str = ""
    reason: GuessReason | None = None
    why: str = ""
    year: int | None = None
    on: dt.date | None = None
    refused: str = ""
    derived: bool = False
    no_column: int | None = None
    period: int | None = None
    year_column: int | None = None

    @property
    def column(self) -> int:
        return self.heading.column

    @property
    def names_periods(self) -> bool:
        """Unless a person chose something else for this column."""
        return self.period is not None and self.field == "observed_on"

    @property
    def key(self) -> str:
        """What it is, with its year or its date: « planned 2024 »."""
        when = self.on.isoformat() if self.on else str(self.year or "")
        return f"{self.field} {when}".strip()
