"""The financial annex as its sheets would have it: lines proposed to a person, never written by themselves. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.conventions.dossier import additions, ledger
from jalons.conventions.dossier.additions import Addition
from jalons.conventions.dossier.annex_model import SUMS, AnnexModel, annex_model, is_of_sheet
from jalons.conventions.dossier.content import TOTAL, Dossier, Sheet, TableContent
from jalons.conventions.enums import Family, LineKind
from jalons.conventions.models import AnnexLine
from jalons.core.values import Number, Value, format_euros, french_spaces, join_and

USUAL_PARTS = ("part_etat", "part_departement", TOTAL)
Amounts = dict[str, Number | None]


@dataclass
class AnnexProposal:
    """A line of a table as it would be. `line` None: it does not exist yet. `amounts` by part.

    `sums`: of a sum, with what it lacks; a part that lacks an amount is not made again.
    """

    line: AnnexLine | None
    kind: str
    number: str
    label: str
    amounts: Amounts
    sums: Addition | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """An amount that the proposal changes, in words."""

    label: str
    part: str
    before: str
    after: str


def parts_of(table: TableContent | None, dossier: Dossier) -> list[str]:
    """The shares of a table, in the printed order; those of the sheets for a new one, the total last."""
    lines = table.lines if table else []
    known_parts = dict.fromkeys(part for line in lines for part in line.figures)
    if not known_parts:
        known_parts = dict.fromkeys(
            part for sheet in dossier.mothers for row in sheet.budget for part in row.parts
        )
    parts = [part for part in known_parts if part != TOTAL] or [part for part in USUAL_PARTS if part != TOTAL]
    return [*parts, TOTAL]


def proposed(table: TableContent, dossier: Dossier) -> list[AnnexProposal]:
    """The lines of a table with the amounts of the sheets, and its sums computed again."""
    parts, model = parts_of(table, dossier), annex_model(dossier)
    annex = next(annex for annex in dossier.annexes if any(own is table for own in annex.tables))
    amounts = {id(line): amounts_of_line(line, parts, model) for line in annex.lines}
    proposals: list[AnnexProposal] = []
    added: list[AnnexProposal] = []
    for line in table.lines:
        if line.kind == LineKind.TOTAL:
            added = list(missing_here(table, parts, model))
            proposals += added
        sums = sum_of(line, parts, model.terms(line, table, annex), amounts)
        if sums is not None and line.kind in (LineKind.TOTAL, LineKind.GRAND_TOTAL):
            for proposal in added:
                sums.add(proposal.amounts, name_of(proposal.number, proposal.label))
        proposals.append(
            AnnexProposal(line, line.kind, line.number, line.label, remade(line, parts, amounts, sums), sums)
        )
    return proposals


def amounts_of_line(line: AnnexLine, parts: Sequence[str], model: AnnexModel) -> Amounts:
    """What the sheet of a line brings; what is printed where no sheet says anything. « 0 € », a dash and a blank all
    bring nothing: none takes the place of another.
    """
    brought = (model.brought(line, parts) if is_of_sheet(line) else None) or {}
    amounts: Amounts = {}
    for part in parts:
        amount, printed = brought.get(part), line.euros(part)
        amounts[part] = printed if amount is None or (amount == 0 and not printed) else amount
    return amounts


def sum_of(
    line: AnnexLine, parts: Sequence[str], terms: Sequence[AnnexLine], amounts: Mapping[int, Amounts]
) -> Addition | None:
    """A printed sum computed again; None for another line, or when nothing says what it adds up."""
    if line.kind not in SUMS or not terms:
        return None
    sums = Addition(parts)
    for term in terms:
        sums.add(amounts[id(term)], name_of(term.number, term.label), additions.blanks_of(term))
    return sums


def remade(
    line: AnnexLine, parts: Sequence[str], amounts: Mapping[int, Amounts], sums: Addition | None
) -> Amounts:
    """The amounts of a line: a sum that lacks one, or that adds up nothing, stays as printed."""
    if sums is None:
        return amounts[id(line)]
    remade_amounts: Amounts = {}
    for part, amount in sums.amounts.items():
        printed = line.euros(part)
        remade_amounts[part] = printed if sums.lacks[part] or not (amount or printed) else amount
    return remade_amounts


def name_of(number: str, label: str) -> str:
    return f"fiche {number}" if number else f"« {label} »"


def missing_here(table: TableContent, parts: Sequence[str], model: AnnexModel) -> Iterator[AnnexProposal]:
    """The sheets that no line of any annex names, in the table of their family."""
    families = {
        sheet.commitment.family for line in table.lines if (sheet := model.sheet_of(line)) is not None
    }
    for pair in model.known:
        sheet = pair.sheet
        if sheet is None or not pair.number or sheet.commitment.family not in families:
            continue
        if not pair.lines and not model.may_name(pair):
            yield new_line(sheet, pair.number, parts, model)


def in_parts(sheet: Sheet, number: str, parts: Sequence[str], model: AnnexModel) -> Amounts:
    """What a sheet brings, by the keys of the annex."""
    amounts = ledger.amounts_of(sheet, model.dossier, number)
    return {part: model.under(part, parts, amounts) for part in parts}


def new_line(sheet: Sheet, number: str, parts: Sequence[str], model: AnnexModel) -> AnnexProposal:
    amounts = in_parts(sheet, number, parts, model)
    return AnnexProposal(None, LineKind.SHEET, number, label_of(sheet, number), amounts)


def label_of(sheet: Sheet, number: str) -> str:
    title = sheet.commitment.title
    return f"Fiche {number} - {title}" if title else f"Fiche {number}"


def changed(proposals: Sequence[AnnexProposal], parts: Sequence[tuple[str, str]]) -> list[Changed]:
    """What differs from what is printed, and the sums that cannot be made again: « ≥ 12 000 € (sans montant :
    fiche 2) ».
    """
    rows = []
    for proposal in proposals:
        label = proposal.label or LineKind(proposal.kind).label
        for part, words in parts:
            before = proposal.line.euros(part) if proposal.line is not None else None
            after = proposal.amounts.get(part)
            lacks = proposal.sums.lacks.get(part) if proposal.sums is not None else None
            if proposal.sums is not None and lacks:
                least = proposal.sums.least_words(part) or "inconnu"
                names = join_and(list(dict.fromkeys(lacks)))
                rows.append(
                    Changed(
                        label, words, euros_words(before), french_spaces(f"{least} (sans montant : {names})")
                    )
                )
            elif before != after:
                rows.append(Changed(label, words, euros_words(before), euros_words(after)))
    return rows


def euros_words(amount: Number | None) -> str:
    return "" if amount is None else format_euros(amount)


def new_tables(dossier: Dossier) -> list[tuple[str, list[AnnexProposal]]]:
    """A whole annex for a convention that has none: the recapitulation, then a table a family."""
    parts, model = parts_of(None, dossier), annex_model(dossier)
    tables: list[tuple[str, list[AnnexProposal]]] = []
    recap: list[AnnexProposal] = []
    grand = Addition(parts)
    for family in Family:
        lines = [
            new_line(sheet, str(number), parts, model)
            for sheet in dossier.mothers
            if sheet.commitment.family == family
            for number in sheet.commitment.numbers
        ]
        if lines:
            sums = Addition(parts)
            for line in lines:
                sums.add(line.amounts, name_of(line.number, line.label))
            grand.include(sums)
            tables.append((family.label, [*lines, total_line(LineKind.TOTAL, "Total", sums)]))
            recap.append(total_line(LineKind.FAMILY_TOTAL, f"Total {family.label.lower()}", sums))
    if not recap:
        return []
    recap.append(total_line(LineKind.GRAND_TOTAL, "Total", grand))
    return [("Récapitulatif", recap), *tables]


def total_line(kind: LineKind, label: str, sums: Addition) -> AnnexProposal:
    """A sum of a new annex: left blank where it lacks an amount."""
    return AnnexProposal(None, kind, "", label, {part: sums.complete(part) for part in sums.amounts}, sums)


def row_initial(annex_proposal: AnnexProposal, place: int) -> dict[str, Any]:
    """What the form of the line is opened with."""
    return {
        "kind": annex_proposal.kind,
        "mark": annex_proposal.number,
        "label": annex_proposal.label,
        "seen": annex_proposal.line.pk if annex_proposal.line is not None else None,
        "version": annex_proposal.line.version if annex_proposal.line is not None else None,
        "rank": place,
        **{
            part: Value.empty() if amount is None else Value.amount(amount)
            for part, amount in annex_proposal.amounts.items()
        },
    }
