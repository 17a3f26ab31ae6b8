"""Money: sheets, annexes, the article on payment, the heading and the vote must tell the same amounts."""

from collections.abc import Iterator

from jalons.conventions.checks.engine import Finding, euros_gap, sheet_rule
from jalons.conventions.dossier import TOTAL, Dossier, Sheet
from jalons.conventions.enums import AlertScope, Level
from jalons.core.values.numbers import add


@sheet_rule(
    "budget_total", Level.ERROR, AlertScope.MONEY, "Le total d’une ligne de budget est la somme des parts."
)
def budget_total(sheet: Sheet, dossier: Dossier) -> Iterator[Finding]:
    for row in sheet.budget:
        printed = row.euros(TOTAL)
        parts = [row.euros(part) for part in row.parts]
        known = [part for part in parts if part is not None]
        if printed is None or not known:
            continue
        whole = known[0]
        for part in known[1:]:
            whole = add(whole, part)
        yield from euros_gap(
            f"{sheet.commitment.number_words}, {row.line.label}",
            whole,
            printed,
            "Le total imprimé n’est pas la somme des parts",
            tolerance=max(1, len(known) - 1),
        )
