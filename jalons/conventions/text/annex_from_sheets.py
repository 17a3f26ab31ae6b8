"""The financial annex as its sheets would have it: lines proposed to a person, never written by themselves. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.conventions.dossier import ledger
from jalons.conventions.dossier.content import TOTAL, Dossier, Sheet, TableContent
from jalons.conventions.dossier.ledger import Addition
from jalons.conventions.enums import Family, LineKind
from jalons.conventions.models import AnnexLine
from jalons.core.values import Number, Value, fold, format_euros, french_spaces, join_and

USUAL_PARTS = ("part_etat", "part_departement", TOTAL)
Amounts = dict[str, Number | None]


@dataclass
class Proposal:
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
    found = dict.fromkeys(part for line in lines for part in line.figures)
    if not found:
        found = dict.fromkeys(part for sheet in dossier.mothers for row in sheet.budget for part in row.parts)
    parts = [part for part in found if part != TOTAL] or [part for part in USUAL_PARTS if part != TOTAL]
    return [*parts, TOTAL]


def proposed(table: TableContent, dossier: Dossier) -> list[Proposal]:
    """The lines of a table with the amounts of the sheets, and its sums computed again."""
    parts = parts_of(table, dossier)
    found: list[Proposal] = []
    since, whole, families = Addition(parts), Addition(parts), Addition(parts)
    has_families = False
    for line in table.lines:
        amounts = {part: line.euros(part) for part in parts}
        sums: Addition | None = None
        if line.kind == LineKind.SECTION:
            since = Addition(parts)
        elif line.kind == LineKind.SHEET or (line.kind == LineKind.OTHER and line.number):
            amounts = of_sheet_line(line, parts, dossier) or amounts
            for running in (since, whole):
                running.add(amounts, name_of(line.number, line.label), ledger.blanks_of(line))
        elif line.kind == LineKind.SUBTOTAL:
            sums, since = since, Addition(parts)
        elif line.kind == LineKind.TOTAL:
            found += missing_here(table, dossier, parts, whole)
            sums = whole
        elif line.kind == LineKind.FAMILY_TOTAL:
            sums, has_families = of_family(line, parts, dossier), True
            if sums is None:
                families.add(amounts, name_of(line.number, line.label), ledger.blanks_of(line))
            else:
                families.include(sums)
        elif line.kind == LineKind.GRAND_TOTAL:
            sums = families if has_families else whole
        if sums is not None:
            amounts = {part: amounts[part] if sums.lacks[part] else sums.amounts[part] for part in parts}
        found.append(Proposal(line, line.kind, line.number, line.label, amounts, sums))
    return found


def name_of(number: str, label: str) -> str:
    return f"fiche {number}" if number else f"« {label} »"


def missing_here(
    table: TableContent, dossier: Dossier, parts: Sequence[str], whole: Addition
) -> Iterator[Proposal]:
    """The sheets that no line of any annex names, in the table of their family."""
    named = {line.number for line in ledger.annex_lines(dossier)}
    families = {
        sheet.commitment.family
        for line in table.lines
        if line.number and (sheet := ledger.sheet_of_number(line.number, dossier)) is not None
    }
    for sheet in dossier.mothers:
        for number in map(str, sheet.commitment.numbers):
            if number not in named and sheet.commitment.family in families:
                line = new_line(sheet, number, parts, dossier)
                whole.add(line.amounts, name_of(number, line.label))
                yield line


def of_sheet_line(line: AnnexLine, parts: Sequence[str], dossier: Dossier) -> Amounts | None:
    sheet = ledger.sheet_of_number(line.number, dossier) if line.number else None
    if sheet is None or not ledger.amounts_of(sheet, dossier, line.number):
        return None
    return in_parts(sheet, line.number, parts, dossier)


def in_parts(sheet: Sheet, number: str, parts: Sequence[str], dossier: Dossier) -> Amounts:
    """What a sheet brings, by the keys of the annex. A dash brings 0 beside a known total."""
    told = ledger.amounts_of(sheet, dossier, number)
    found: Amounts = {}
    for part in parts:
        share = ledger.share_of(part, dossier, sheet)
        amount = told.get(share)
        found[part] = 0 if amount is None and share in told and told.get(TOTAL) is not None else amount
    shares = [found[part] for part in parts if part != TOTAL]
    computed = ledger.total_of(shares)
    if computed is not None:
        found[TOTAL] = computed
    return found


def of_family(line: AnnexLine, parts: Sequence[str], dossier: Dossier) -> Addition | None:
    """The lines of the annexes of which the sheet is of this family; None when the words do not say which."""
    words = fold(line.label)
    family = Family.SOCLE if "socle" in words else Family.INITIATIVE if "initiative" in words else None
    if family is None:
        return None
    sums = Addition(parts)
    for each in ledger.annex_lines(dossier):
        sheet = ledger.sheet_of_number(each.number, dossier)
        if sheet is not None and sheet.commitment.family == family:
            amounts = of_sheet_line(each, parts, dossier) or {part: each.euros(part) for part in parts}
            sums.add(amounts, name_of(each.number, each.label), ledger.blanks_of(each))
    return None if all(amount is None for amount in sums.amounts.values()) else sums


def new_line(sheet: Sheet, number: str, parts: Sequence[str], dossier: Dossier) -> Proposal:
    amounts = in_parts(sheet, number, parts, dossier)
    return Proposal(None, LineKind.SHEET, number, label_of(sheet, number), amounts)


def label_of(sheet: Sheet, number: str) -> str:
    title = sheet.commitment.title
    return f"Fiche {number} - {title}" if title else f"Fiche {number}"


def changed(proposals: Sequence[Proposal], parts: Sequence[tuple[str, str]]) -> list[Changed]:
    """What differs from what is printed, and the sums that cannot be made again: « ≥ 12 000 € (sans montant :
    fiche 2) ».
    """
    found = []
    for each in proposals:
        label = each.label or LineKind(each.kind).label
        for part, words in parts:
            before = each.line.euros(part) if each.line is not None else None
            after = each.amounts.get(part)
            lacks = each.sums.lacks.get(part) if each.sums is not None else None
            if each.sums is not None and lacks:
                least = each.sums.least_words(part) or "inconnu"
                names = join_and(list(dict.fromkeys(lacks)))
                found.append(
                    Changed(label, words, said(before), french_spaces(f"{least} (sans montant : {names})"))
                )
            elif before != after:
                found.append(Changed(label, words, said(before), said(after)))
    return found


def said(amount: Number | None) -> str:
    return "" if amount is None else format_euros(amount)


def new_tables(dossier: Dossier) -> list[tuple[str, list[Proposal]]]:
    """A whole annex for a convention that has none: the recapitulation, then a table a family."""
    parts = parts_of(None, dossier)
    tables: list[tuple[str, list[Proposal]]] = []
    recap: list[Proposal] = []
    grand = Addition(parts)
    for family in Family:
        lines = [
            Proposal(
                None,
                LineKind.SHEET,
                str(number),
                label_of(sheet, str(number)),
                in_parts(sheet, str(number), parts, dossier),
            )
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


def total_line(kind: LineKind, label: str, sums: Addition) -> Proposal:
    """A sum of a new annex: left blank where it lacks an amount."""
    return Proposal(None, kind, "", label, {part: sums.complete(part) for part in sums.amounts}, sums)


def row_initial(each: Proposal, place: int) -> dict[str, Any]:
    """What the form of the line is opened with."""
    return {
        "kind": each.kind,
        "mark": each.number,
        "label": each.label,
        "piece": each.line.pk if each.line is not None else None,
        "seen": each.line.version if each.line is not None else None,
        "order": place,
        **{
            part: Value.empty() if told is None else Value.amount(told) for part, told in each.amounts.items()
        },
    }
