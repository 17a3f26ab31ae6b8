"""Tables of money: budgets, annex."""

from collections.abc import Iterator

from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.ledger import share_of, share_words
from jalons.conventions.enums import LineKind, Stage
from jalons.conventions.models import AnnexLine
from jalons.conventions.models.printed import euros
from jalons.conventions.workbook import layout
from jalons.conventions.workbook.row_tables import (
    EUROS,
    TEXT,
    VALUE,
    Heads,
    Names,
    Row,
    capital,
    numbers_of,
    plain_table,
    rank,
    years,
)
from jalons.core.values import Value
from jalons.exports.contract import About, Table

# The money --------------------------------------------------------------------------------------------------

BUDGETS: Heads = [
    (layout.SHEET, TEXT),
    ("Numéros", TEXT),
    ("Intitulé de la fiche", TEXT),
    ("Ligne de budget", TEXT),
    ("Numéro", TEXT),
    ("Année", TEXT),
    ("Part", TEXT),
    ("Stade", TEXT),
    ("Montant", EUROS),
    ("Tel qu’imprimé", TEXT),
    ("Notes", TEXT),
    ("Dit par", TEXT),
]


def budgets(dossier: Dossier, about: About, names: Names) -> Table:
    def rows() -> Iterator[Row]:
        for sheet in dossier.sheets:
            for budget in sheet.budget:
                for (part, stage), amount in budget.amounts.items():
                    yield (
                        sheet.key,
                        numbers_of(sheet),
                        sheet.commitment.title,
                        budget.line.label,
                        budget.line.number,
                        years(budget.line.year),
                        share_words(share_of(part, dossier, sheet), dossier),
                        Stage(stage).label,
                        amount.euros,
                        amount.raw,
                        budget.line.notes,
                        names.get(amount.organisation_id or 0, ""),
                    )

    return plain_table("Budgets", BUDGETS, rows, about)


def annex(dossier: Dossier, about: About) -> Table:
    """Every printed line, whatever its sums; a column for each share that some line has."""
    lines = [
        (content.annex, table.table, line)
        for content in dossier.annexes
        for table in content.tables
        for line in table.lines
    ]
    # PostgreSQL keeps no order of keys: the State, the others, the total.
    parts = sorted({part for _, _, line in lines for part in line.figures}, key=rank)
    heads: Heads = [
        ("Annexe", TEXT),
        ("Tableau", TEXT),
        ("Type de ligne", TEXT),
        ("Numéro", TEXT),
        ("Action", TEXT),
        ("Axe", TEXT),
        ("Intitulé", TEXT),
        *((f"{capital(share_words(share_of(part, dossier), dossier))} [{part}]", VALUE) for part in parts),
        ("Rappel", TEXT),
    ]

    def rows() -> Iterator[Row]:
        for of, table, line in lines:
            yield (
                of.label or of.title,
                table.title or table.key,
                LineKind(line.kind).label,
                line.number,
                line.action_number,
                line.axis,
                line.label,
                *(printed_amount(line, part) for part in parts),
                line.recall,
            )

    return plain_table("Annexe financière", heads, rows, about)


def printed_amount(line: AnnexLine, part: str) -> object:
    """Euros, or what is printed where there is no amount."""
    figure = line.figures.get(part)
    amount = euros(figure)
    if amount is not None:
        return Value.amount(amount)
    return (figure or {}).get("raw") or ""
