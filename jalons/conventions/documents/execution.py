"""The execution report: money, results against objectives, budget, completed matrix, global account."""

from collections.abc import Iterator, Sequence
from typing import Any

from jalons.conventions.documents.changed import Updated
from jalons.conventions.documents.matrix import label_lines, landscape, matrix_blocks, silent
from jalons.conventions.documents.words import cell_lines, prose, typeset
from jalons.conventions.dossier.additions import Amounts, shares_without_total, sum_of, sum_words, total_of
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.ledger import amounts_of, share_words, whole_of
from jalons.conventions.dossier.matrix_layout import printed_lines
from jalons.conventions.enums import ColumnMeasure, Stage
from jalons.conventions.models import Cell, MatrixColumn, MatrixGroup, MatrixRow
from jalons.core.values import Emptiness, Number, format_long_date, format_percent
from jalons.core.values.numbers import percentage
from jalons.exports.acts import ActLine, ActRow, NewPage, Ruled, Run, Slot, Text, head, ruled, slot
from jalons.exports.document import Facts, Heading

STAGES = (Stage.PLANNED, Stage.COMMITTED, Stage.EXECUTED)
RATE_DECIMALS = 1


def report_blocks(dossier: Dossier, updated: Updated, report: Any) -> list[object]:
    """`report`: the row whose words are printed; its chapters stay to be written without it."""
    year = f" {dossier.year}" if dossier.year else ""
    blocks: list[object] = [*facts(dossier, report)]
    blocks += [Heading("Bilan financier", 1), *words_of(report, "financial_account")]
    blocks += [Heading("Résultats obtenus et atteinte des objectifs", 1), *words_of(report, "results")]
    for sheet in dossier.sheets:
        table = results_table(sheet, dossier)
        if table is not None:
            blocks += [Heading(sheet.commitment.heading, 2), table]
    blocks += [Heading("Bilan global", 1), *words_of(report, "global_account")]
    blocks += [NewPage(), Heading(f"Annexe 1 – Exécution budgétaire{year}", 1), execution_table(dossier)]
    blocks += landscape(
        [Heading(f"Annexe 2 – Matrice des indicateurs{year}", 1), *matrix_blocks(dossier, updated, level=2)]
    )
    return blocks


def facts(dossier: Dossier, report: Any) -> list[object]:
    rows: list[tuple[str, object]] = []
    if report is not None:
        rows.append(("Étape", report.get_state_display()))
        rows.append(("Attendu le", format_long_date(report.due_on)))
        if report.party is not None:
            rows.append(("Présenté par", report.party.name))
    for content in dossier.deliberations:
        rows.append(("Délibération de la convention", content.deliberation.number))
    return [Facts(rows)] if rows else []


def words_of(report: Any, name: str) -> list[object]:
    written = (getattr(report, name, "") or "").strip() if report is not None else ""
    if not written:
        return [Text((ActLine((Run("À compléter", mark=True),)),))]
    return [Text(tuple(prose(paragraph) for paragraph in written.split("\n") if paragraph.strip()))]


# Results -------------------------------------------------------------------------------------------------


def results_table(sheet: Sheet, dossier: Dossier) -> Ruled | None:
    """For each indicator what was aimed at in the year, what was done, and the share of one in the other."""
    aim, done = (
        column_of(sheet, dossier.year, objective=True),
        column_of(sheet, dossier.year, objective=False),
    )
    if aim is None and done is None:
        return None
    heads = head(
        "Indicateur",
        aim.words if aim else f"Objectif {dossier.year or ''}".strip(),
        done.words if done else f"Réalisé {dossier.year or ''}".strip(),
        "Réalisé / objectif",
        right=(1, 2, 3),
    )
    rows = [
        group_line(entry) if isinstance(entry, MatrixGroup) else result_row(sheet, entry, aim, done)
        for entry in printed_lines(sheet)
        if isinstance(entry, MatrixGroup) or entry.parent is None or not silent(sheet, entry)
    ]
    return ruled((7.0, 3.6, 3.6, 2.6), [heads], rows) if rows else None


def column_of(sheet: Sheet, year: int | None, *, objective: bool) -> MatrixColumn | None:
    """Of the year of the convention; the widest when several were done: a full year before « à date »."""
    columns = [
        column
        for column in sheet.columns
        if column.year == year and column.measure and (column.measure == ColumnMeasure.OBJECTIVE) == objective
    ]
    whole = [column for column in columns if not column.partial]
    return (whole or columns)[-1] if columns else None


def result_row(sheet: Sheet, row: MatrixRow, aim: MatrixColumn | None, done: MatrixColumn | None) -> ActRow:
    aimed = sheet.cell(row, aim) if aim else None
    made = sheet.cell(row, done) if done else None
    return ActRow(
        (
            Slot(tuple(label_lines(sheet, row))),
            Slot(cell_lines(aimed), centre=True),
            Slot(cell_lines(made), centre=True),
            slot(attainment(aimed, made, partial=bool(done and done.partial)), right=True),
        )
    )


def group_line(group: MatrixGroup) -> ActRow:
    return ActRow((slot(group.label or "–", columns=4, tone="section"),), with_next=True)


def attainment(aimed: Cell | None, made: Cell | None, *, partial: bool) -> object:
    """No share when one is missing, when they do not count the same thing, or over an incomplete year."""
    if aimed is None or made is None or aimed.figure is None or made.figure is None:
        return Emptiness.EMPTY
    if not aimed.figure:
        return Emptiness.NA
    alike = (aimed.unit, aimed.qualifier) == (made.unit, made.qualifier) or not (
        aimed.qualifier and made.qualifier
    )
    if not alike or aimed.unit != made.unit or aimed.value.kind != made.value.kind:
        return "non comparable"
    share = format_percent(percentage(made.figure, aimed.figure), RATE_DECIMALS)
    return f"{share} (année incomplète)" if partial else share


# Money ---------------------------------------------------------------------------------------------------


def execution_table(dossier: Dossier) -> Ruled:
    """Planned, committed, executed by sheet and by funder, then for the whole convention."""
    heads = head("Fiche et part", "Prévu", "Engagé", "Exécuté", "Taux d’exécution", right=(1, 2, 3, 4))
    rows: list[ActRow] = []
    amounts_by_stage: list[dict[Stage, Amounts]] = []
    for sheet in dossier.mothers:
        amounts_by_stage.append({stage: amounts_of(sheet, dossier, stage=stage) for stage in STAGES})
        rows.extend(money_rows(sheet.commitment.heading, [amounts_by_stage[-1]], dossier))
    rows.extend(money_rows("Ensemble de la convention", amounts_by_stage, dossier, tone="sum"))
    return ruled((6.6, 2.8, 2.8, 2.8, 2.0), [heads], rows)


def money_rows(
    label: str, sheets: Sequence[dict[Stage, Amounts]], dossier: Dossier, tone: str = "section"
) -> Iterator[ActRow]:
    """What these sheets bring, then each share of it. A sum that lacks the amount of a sheet says so."""
    whole = [tuple(whole_of(sheet[stage]) for stage in STAGES) for sheet in sheets]
    yield ActRow((slot(typeset(label), tone=tone), *figures(whole, tone)))
    shares = dict.fromkeys(
        share for sheet in sheets for stage in STAGES for share in shares_without_total(sheet[stage])
    )
    for share in shares:
        words = share_words(share, dossier)
        mine = [sheet for sheet in sheets if brings(sheet, share)]
        amounts = [tuple(sheet[stage].get(share) for stage in STAGES) for sheet in mine]
        yield ActRow(
            (Slot((ActLine((Run(words[:1].upper() + words[1:]),), level=1),)), *figures(amounts, ""))
        )


def brings(sheet: dict[Stage, Amounts], share: str) -> bool:
    """A sheet that has a budget and no such share is not asked for it; one without any budget is unknown."""
    return any(share in sheet[stage] for stage in STAGES) or not any(sheet.values())


def figures(sheets: Sequence[tuple[Number | None, ...]], tone: str) -> Iterator[Slot]:
    """Planned, committed, executed, and the rate of the sheets of which both its amounts are known."""
    for index in range(len(STAGES)):
        amounts = sum_of(sheet[index] for sheet in sheets)
        yield slot(sum_words(amounts) or Emptiness.EMPTY, right=True, tone=tone)
    known = [(sheet[0], sheet[2]) for sheet in sheets if sheet[0] is not None and sheet[2] is not None]
    planned, executed = (total_of(pair[index] for pair in known) for index in (0, 1))
    if executed is None or not planned:
        yield slot(Emptiness.NA if executed is not None else Emptiness.EMPTY, right=True, tone=tone)
        return
    yield slot(format_percent(percentage(executed, planned), RATE_DECIMALS), right=True, tone=tone)
