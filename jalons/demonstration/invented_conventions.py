"""Conventions of an invented year, in bulk."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models

from jalons.conventions.enums import ColumnMeasure, Family, LineKind, PartySide, Stage
from jalons.conventions.models import (
    Annex,
    AnnexLine,
    AnnexTable,
    BudgetAmount,
    BudgetLine,
    Cell,
    Clause,
    Commitment,
    Convention,
    MatrixColumn,
    MatrixRow,
    Party,
    PlannedAction,
    ResumeRow,
    SubAction,
)
from jalons.demonstration.chance import Chance
from jalons.demonstration.loading import insert
from jalons.history.services import Actor
from jalons.indicators.enums import AcrossTime, Nature
from jalons.indicators.models import Indicator
from jalons.territories.models import Departement

BATCH = 2000


# A base of a named size ----------------------------------------------------------------------------------

SHEETS, ROWS, COLUMNS = 20, 15, 4
WORDS = ("Accueil", "Accompagnement", "Logement", "Insertion", "Mobilité", "Santé", "Numérique", "Jeunesse")


@dataclass
class Bulk:
    """What one year of a convention is made of, in the order in which rows get their keys."""

    chance: Chance
    by: Actor
    at: dt.datetime

    def written(self, rows: Sequence[Any]) -> Sequence[Any]:
        for row in rows:
            row.version, row.changed_at = 1, self.at
            row.changed_by, row.changed_for = self.by.user, self.by.organisation
        model: type[models.Model] = type(rows[0])
        model._default_manager.bulk_create(rows, batch_size=BATCH)
        return rows

    def facts(self, rows: Sequence[Any]) -> None:
        for row in rows:
            row.author, row.organisation = self.by.user, self.by.organisation
            row.recorded_at = self.at
        insert(type(rows[0]), rows)


def invent(*, conventions: int, years: int, by: Actor, at: dt.datetime, chance: Chance, last: int) -> int:
    """`conventions` chains of `years`, the last one being `last`: 20 sheets × 15 indicators × 4 columns each.

    Answers how many cells were written. No line of history and no alert: the bench reads, and checks on demand.
    """
    bulk, cells = Bulk(chance, by, at), 0
    departements = list(Departement.objects.order_by("code"))
    for number in range(conventions):
        cells += chain(
            bulk, departements[number % len(departements)], number, range(last - years + 1, last + 1)
        )
    return cells


def chain(bulk: Bulk, departement: Departement, number: int, years: range) -> int:
    indicators = bulk.written(
        [
            Indicator(
                label=f"Nombre de personnes, {WORDS[row % len(WORDS)].lower()} {sheet + 1}.{row + 1}",
                nature=Nature.FLOW,
                across_time=AcrossTime.SUM,
                departement=departement,
                shared=False,
            )
            for sheet in range(SHEETS)
            for row in range(ROWS)
        ]
    )
    previous: Convention | None = None
    known: Sequence[Commitment] = [Commitment()] * SHEETS
    cells = 0
    for year in years:
        previous, known = year_of(bulk, departement, number, year, previous, known)
        cells += matrix(bulk, known, indicators, year)
    return cells


def year_of(
    bulk: Bulk,
    departement: Departement,
    number: int,
    year: int,
    previous: Convention | None,
    known: Sequence[Commitment],
) -> tuple[Convention, Sequence[Commitment]]:
    """The text, the sheets and the money of one year."""
    amounts = [1000 * bulk.chance.randint(10, 900) for _ in range(SHEETS)]
    state = sum(amounts)
    convention = Convention(
        slug=f"essai-{departement.code.lower()}-{number}-{year}",
        short_title=f"Convention d’essai {number + 1} – {departement.name} {year}",
        year=year,
        departement=departement,
        previous=previous,
        heading_amount=figure(state),
        amounts={"global": figure(2 * state), "part_etat": figure(state), "part_departement": figure(state)},
    )
    bulk.written([convention])
    bulk.written(
        [
            Party(convention=convention, position=0, role="État", name="L’État", side=PartySide.STATE),
            Party(
                convention=convention,
                position=1,
                role="Département",
                name=f"Le Département – {departement.name}",
                side=PartySide.DEPARTEMENT,
                departement=departement,
            ),
        ]
    )
    bulk.written(
        [
            Clause(convention=convention, position=0, name="termination", deadline="12-31", article="6"),
            Clause(convention=convention, position=1, name="reporting", deadline="03-31", article="2.3"),
        ]
    )
    sheets = bulk.written(
        [
            Commitment(
                public_id=bulk.chance.public_id(),
                convention=convention,
                position=index,
                key=f"{convention.slug}-f{index + 1:02}",
                numbers=[index + 1],
                previous=known[index] if known[index].pk else None,
                family=Family.SOCLE if index < 12 else Family.INITIATIVE,
                sheet_label=f"FICHE {index + 1}",
                title=f"{WORDS[index % len(WORDS)]} {index + 1}",
                start_on=dt.date(year, 1, 1),
                months=12,
                end_on=dt.date(year, 12, 31),
            )
            for index in range(SHEETS)
        ]
    )
    pieces(bulk, convention, sheets, amounts, year)
    return convention, sheets


def pieces(
    bulk: Bulk, convention: Convention, sheets: Sequence[Commitment], amounts: Sequence[int], year: int
) -> None:
    bulk.written(
        [ResumeRow(commitment=sheet, description=bulleted("Aller vers les personnes.")) for sheet in sheets]
    )
    bulk.written(
        [
            SubAction(
                commitment=sheet,
                position=index,
                key=f"{sheet.key}-a{index + 1}",
                action=f"Action {index + 1}",
                progress=bulleted("Deux équipes en place."),
                calendar=bulleted(f"Juin {year}"),
                partners=bulleted("CAF"),
            )
            for sheet in sheets
            for index in range(2)
        ]
    )
    lines = bulk.written(
        [
            BudgetLine(
                commitment=sheet,
                label=f"Montant prévisionnel {year}",
                number=str(sheet.numbers[0]),
                year=year,
                nature="prévisionnel",
            )
            for sheet in sheets
        ]
    )
    bulk.facts(
        [
            BudgetAmount(
                line=line,
                part=part,
                stage=Stage.PLANNED,
                amount=Decimal(amount * times),
                raw=figure(amount * times)["raw"],
                valid_on=dt.date(year, 1, 1),
                lineage=bulk.chance.uuid(),
            )
            for line, amount in zip(lines, amounts, strict=True)
            for part, times in (("total", 2), ("part_etat", 1), ("part_departement", 1))
        ]
    )
    bulk.written(
        [
            PlannedAction(
                convention=convention,
                position=index,
                number=str(index + 1),
                label=sheet.title,
                amount=figure(amount),
                sheet_key=sheet.key,
                sheet_number=str(index + 1),
                codes={"domaine_fonctionnel": {"code": "0304-19-01"}},
            )
            for index, (sheet, amount) in enumerate(zip(sheets, amounts, strict=True))
        ]
    )
    [annex] = bulk.written([Annex(convention=convention, key="annexe-3", label="ANNEXE 3", year=year)])
    headers = ["", "Part Etat", "Part CD", "TOTAL"]
    [table] = bulk.written([AnnexTable(annex=annex, key="annexe", headers=headers)])
    printed = [
        AnnexLine(
            table=table,
            position=index,
            kind=LineKind.SHEET,
            kind_words=LineKind.SHEET,
            label=f"Fiche {index + 1} - {sheet.title}",
            number=str(index + 1),
            figures=shares(amount),
        )
        for index, (sheet, amount) in enumerate(zip(sheets, amounts, strict=True))
    ]
    total = AnnexLine(
        table=table,
        position=len(printed),
        kind=LineKind.TOTAL,
        kind_words=LineKind.TOTAL,
        label="Total",
        figures=shares(sum(amounts)),
    )
    bulk.written([*printed, total])


def matrix(bulk: Bulk, sheets: Sequence[Commitment], indicators: Sequence[Indicator], year: int) -> int:
    """15 rows × 4 columns a sheet: two accounts, the objective of the year, what is done so far."""
    kinds = (
        (ColumnMeasure.ACCOUNT, year - 2),
        (ColumnMeasure.ACCOUNT, year - 1),
        (ColumnMeasure.OBJECTIVE, year),
        (ColumnMeasure.ACTUAL, year),
    )
    columns = bulk.written(
        [
            MatrixColumn(
                commitment=sheet,
                position=index,
                key=f"{measure}_{of}",
                header=f"{measure.label.upper()} {of}",
                year=of,
                measure=measure,
            )
            for sheet in sheets
            for index, (measure, of) in enumerate(kinds)
        ]
    )
    rows = bulk.written(
        [
            MatrixRow(
                commitment=sheet,
                position=index,
                key=f"{sheet.key}-i{index + 1:02}",
                label=indicators[place * ROWS + index].label,
                indicator=indicators[place * ROWS + index],
            )
            for place, sheet in enumerate(sheets)
            for index in range(ROWS)
        ]
    )
    cells = list(filled(bulk, rows, columns))
    bulk.facts(cells)
    return len(cells)


def filled(bulk: Bulk, rows: Sequence[MatrixRow], columns: Sequence[MatrixColumn]) -> Iterator[Cell]:
    draw = bulk.chance
    for place, row in enumerate(rows):
        usual = draw.randint(20, 4000)
        start = place // ROWS * COLUMNS
        for column in columns[start : start + COLUMNS]:
            number = round(usual * draw.uniform(0.85, 1.15))
            missing = draw.random() < 0.04
            yield Cell(
                row=row,
                column=column,
                raw="ND" if missing else str(number),
                kind="nd" if missing else "number",
                number=None if missing else number,
                valid_on=dt.date(column.year or 2022, 12, 31),
                lineage=draw.uuid(),
            )


def figure(euros: int) -> dict[str, Any]:
    return {"raw": f"{euros:,} €".replace(",", " "), "amount": euros}


def shares(state: int) -> dict[str, Any]:
    return {"part_etat": figure(state), "part_cd": figure(state), "total": figure(2 * state)}


def bulleted(words: str) -> dict[str, Any]:
    return {"raw": words, "items": [{"text": words, "level": 0}]}
