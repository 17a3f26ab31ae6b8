"""« Lignes à corriger »: the rows that were not taken, ready to be given again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from jalons.accounts.enums import Right
from jalons.exports.contract import About, Export, ExportColumn, Params, Table
from jalons.exports.enums import ColumnKind, Format
from jalons.imports.enums import CellVerdict
from jalons.imports.models import ImportBatch
from jalons.imports.reading.grid import text_of
from jalons.imports.services.drafts import chosen_of

NAME, LABEL = "lignes-a-corriger", "Lignes à corriger"
REASON = "Raison"


def corrections_export(batch: ImportBatch, author: str) -> Export:
    about = About(batch.file_name, author)

    def make(user: Any, params: Params, columns: Sequence[ExportColumn]) -> Table:
        return corrections_table(batch, about)

    return Export(
        name=NAME, label=LABEL, right=Right.READ_SITES, every_column=(), make=make, formats=(Format.XLSX,)
    )


def corrections_table(batch: ImportBatch, about: About) -> Table:
    chosen = chosen_of(batch)
    headings = [guess for guess in chosen.columns if not guess.refused]
    last_words = Counter(guess.heading.path[-1] for guess in headings if guess.heading.path)
    columns = [ExportColumn("reason", REASON, lambda row: row[0])]
    for place, guess in enumerate(headings, 1):
        words = guess.heading.path[-1] if guess.heading.path else ""
        if guess.field and last_words[words] != 1:
            words = chosen.target.fields[guess.field].label
        kind = ColumnKind.TEXT
        columns.append(
            ExportColumn(f"c{place}", words or f"Colonne {guess.heading.letter}", value_at(place), kind)
        )

    def rows() -> Iterator[list[str]]:
        waiting = batch.lines.filter(verdict__in=(CellVerdict.DOUBTFUL, CellVerdict.REFUSED)).order_by("line")
        for line in waiting:
            reasons = [
                f"{cell['label']} : {cell['rule']}" for cell in line.cells if cell["verdict"] == "doubtful"
            ]
            told = [line.why, *reasons] if not line.is_written else reasons
            values = [text_of(chosen.table.cell(line.line - 1, guess.column).value) for guess in headings]
            yield [" ; ".join(part for part in told if part), *values]

    return Table(LABEL, columns, rows, about, located=lambda row: batch)


def value_at(place: int) -> Any:
    return lambda row: row[place]
