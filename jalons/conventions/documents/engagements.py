"""« Tableau des engagements »: by family and axis, what each funder brings to each sheet."""

from collections import Counter
from collections.abc import Collection

from jalons.conventions.documents.annex import (
    Found,
    all_parts,
    family_words,
    lines_of_sheet,
    sheet_amounts,
)
from jalons.conventions.documents.columns import head_of
from jalons.conventions.documents.words import typeset
from jalons.conventions.dossier.additions import Addition, blanks_of
from jalons.conventions.dossier.annex_model import annex_model
from jalons.conventions.dossier.content import TOTAL, Dossier, Sheet
from jalons.conventions.dossier.ledger import amounts_of_line, announced, councils, share_of, share_words
from jalons.conventions.models import AnnexLine
from jalons.core.values import Emptiness, Number, fold, format_euros, join_and
from jalons.core.values.numbers import add
from jalons.exports.acts import ActLine, ActRow, Run, Slot, Text, head, line, ruled, slot
from jalons.exports.document import Heading, Note

NO_PAGE = ActLine((Run("sans page", missing=True),), remark=True)


def engagement_blocks(dossier: Dossier, *, level: int = 1) -> list[object]:
    """A table for each Département when several sign: each numbers its own."""
    if not dossier.mothers:
        return [Text((ActLine((Run("La convention n’a pas encore de fiche.", missing=True),)),))]
    signing = councils(dossier)
    if len(signing) < 2:
        return table_of(dossier, dossier.mothers, whole_convention=True)
    blocks: list[object] = []
    for party in signing:
        mine = [sheet for sheet in dossier.mothers if sheet.owner_party is party]
        if mine:
            blocks += [Heading(party.name, level), *table_of(dossier, mine)]
    common = [sheet for sheet in dossier.mothers if not any(sheet.owner_party is party for party in signing)]
    if common:
        blocks += [Heading("Engagements communs", level), *table_of(dossier, common)]
    return blocks


def table_of(dossier: Dossier, sheets: list[Sheet], *, whole_convention: bool = False) -> list[object]:
    parts = all_parts(dossier)
    heads = head(
        "N°", "Engagement", *[head_of(part, dossier, None) for part in parts], right=range(2, 2 + len(parts))
    )
    rows: list[ActRow] = []
    whole = Addition(parts)
    families: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        families.setdefault(family_words(sheet), []).append(sheet)
    for family, family_sheets in families.items():
        of_family = Addition(parts)
        rows.append(
            ActRow(
                (slot(family[:1].upper() + family[1:], columns=2 + len(parts), tone="section"),),
                with_next=True,
            )
        )
        rows.extend(family_rows(family_sheets, parts, dossier, of_family))
        rows.append(sum_row(f"Total : {family.lower()}", of_family, parts))
        whole.include(of_family)
    if whole_convention:
        rows.extend(missing_rows(parts, dossier, whole))
    rows.append(sum_row("Total général", whole, parts))
    table = ruled((1.1, 7.0, *[2.6] * len(parts)), [heads], rows)
    return [table, *(notes_of(whole, dossier) if whole_convention else [])]


def family_rows(sheets: list[Sheet], parts: list[str], dossier: Dossier, whole: Addition) -> list[ActRow]:
    rows, axis = [], ""
    titles = Counter(fold(mother.commitment.title) for mother in dossier.mothers)
    twins = {title for title, count in titles.items() if count > 1}
    for sheet in sheets:
        named = sheet.commitment.axis_annex or sheet.commitment.axis_theme
        if named and named != axis:
            rows.append(ActRow((slot(typeset(named), columns=2 + len(parts), bold=True),), with_next=True))
        axis = named
        for row in lines_of_sheet(sheet, parts):
            amounts = known_amounts(row, parts, dossier)
            label = label_of(sheet, row, dossier, twins)
            rows.append(line_row(sheet, row, label, amounts, parts))
            whole.add(
                amounts,
                f"fiche {row.number}" if row.number else sheet.commitment.number_words,
                parts_printed_blank(row, parts, dossier),
            )
    return rows


def known_amounts(line: AnnexLine, parts: list[str], dossier: Dossier) -> Found:
    """What its sheet says; what the annex prints for its number when the sheet has no budget."""
    model = annex_model(dossier)
    amounts = sheet_amounts(line, parts, model).amounts
    printed = model.printed_for(line)
    if any(euros is not None for euros in amounts.values()) or len(printed) != 1:
        return amounts
    printed_amounts = amounts_of_line(printed[0], dossier)
    return {part: printed_amounts.get(share_of(part, dossier)) for part in parts}


def missing_rows(parts: list[str], dossier: Dossier, whole: Addition) -> list[ActRow]:
    """Numbers that have no page of their own, with what the annex prints for them."""
    rows = []
    for missing in dossier.missing:
        printed = AnnexLine(number=missing.number)
        amounts = known_amounts(printed, parts, dossier)
        label = (line(typeset(missing.label) if missing.label else ""), NO_PAGE)
        cells = [euros_slot(amounts.get(part), bold=part == TOTAL) for part in parts]
        rows.append(ActRow((slot(missing.number or "–", centre=True), slot(label), *cells)))
        whole.add(
            amounts,
            f"fiche {missing.number}" if missing.number else f"« {missing.label} »",
            parts_printed_blank(printed, parts, dossier),
        )
    if rows:
        rows.insert(
            0,
            ActRow(
                (slot("Autres lignes de l’annexe financière", columns=2 + len(parts), tone="section"),),
                with_next=True,
            ),
        )
    return rows


def parts_printed_blank(line: AnnexLine, parts: list[str], dossier: Dossier) -> set[str]:
    """The parts for which the annex prints a dash or « / » on the only line of a number."""
    printed = annex_model(dossier).printed_for(line)
    shares = {share_of(part, dossier) for part in blanks_of(printed[0])} if len(printed) == 1 else set()
    return {part for part in parts if share_of(part, dossier) in shares}


def notes_of(whole: Addition, dossier: Dossier) -> list[object]:
    """Gaps with what the convention announces are told, never corrected; so is what a sum lacks."""
    announced_amounts = announced(dossier)
    blocks: list[object] = []
    lacks = dict.fromkeys(name for names in whole.lacks.values() for name in names)
    if lacks:
        blocks.append(
            Note(f"Sans montant connu, donc hors des totaux : {join_and(list(lacks))}.", warning=True)
        )
    for part in whole.amounts:
        euros = whole.complete(part)
        share = share_of(part, dossier)
        expected = announced_amounts.get(share)
        if euros is not None and expected is not None and euros != expected:
            words = share_words(share, dossier)
            gap = add(euros, -expected)
            sign = "+" if gap > 0 else ""
            blocks.append(
                Note(
                    f"{words[:1].upper()}{words[1:]} : la convention annonce {format_euros(expected)}, "
                    f"ses fiches font {format_euros(euros)} (écart : {sign}{format_euros(gap)}).",
                    warning=True,
                )
            )
    return blocks


def label_of(sheet: Sheet, row: AnnexLine, dossier: Dossier, twins: Collection[str]) -> object:
    """The title of the sheet; that of the annex where it has none, and beside it where two sheets are called alike."""
    title = typeset(sheet.commitment.title)
    printed = [row.number] if row.number else [str(number) for number in sheet.commitment.numbers]
    model = annex_model(dossier)
    named = [line.label for number in printed for line in model.lines_of(sheet, number) if line.label]
    annex = typeset(" ; ".join(dict.fromkeys(named)))
    if not title:
        return annex or Emptiness.EMPTY
    if fold(title) in twins and annex:
        return (line(title), line(annex))
    return title


def line_row(sheet: Sheet, row: AnnexLine, label: object, amounts: Found, parts: list[str]) -> ActRow:
    number = row.number or ", ".join(str(number) for number in sheet.commitment.numbers) or "–"
    return ActRow(
        (
            slot(number, centre=True),
            slot(label),
            *(euros_slot(amounts.get(part), bold=part == TOTAL) for part in parts),
        )
    )


def sum_row(label: str, sums: Addition, parts: list[str]) -> ActRow:
    """A sum that lacks an amount says « ≥ »."""
    cells = [
        slot(sums.least_words(part) or Emptiness.EMPTY, right=True, tone="sum")
        if sums.lacks[part]
        else euros_slot(sums.amounts[part], tone="sum")
        for part in parts
    ]
    return ActRow((slot(label, columns=2, tone="sum"), *cells))


def euros_slot(euros: Number | None, *, bold: bool = False, tone: str = "") -> Slot:
    return slot(
        format_euros(euros) if euros is not None else Emptiness.EMPTY, right=True, bold=bold, tone=tone
    )
