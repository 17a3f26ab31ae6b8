"""What a file holds, in numbers, and what its rules find."""

from collections import Counter
from typing import Any

from jalons.conventions.alerts.rules import Finding, check
from jalons.conventions.dossier.content import Dossier, File, with_sheet, without_sheet
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.exchange.codec import Log
from jalons.core.values import plural


def counts(file: File) -> dict[str, Any]:
    """A value is a cell of the matrix with a kind; what a detail says in the cell of its row is not counted twice."""
    sheets = [sheet for dossier in file.dossiers for sheet in dossier.sheets]
    kinds = Counter(cell.kind for sheet in sheets for cell in sheet.cells.values() if cell.kind)
    return {
        "conventions": len(file.dossiers),
        "deliberations": len(file.deliberations),
        "sheets": len(sheets),
        "numbers": sum(len(numbers_of(dossier)) for dossier in file.dossiers),
        "numbers_without_sheet": sum(len(without_sheet(dossier)) for dossier in file.dossiers),
        "sub_actions": sum(len(sheet.sub_actions) for sheet in sheets),
        "budget_rows": sum(len(sheet.budget) for sheet in sheets),
        "sub_budgets": sum(
            1 for sheet in sheets for sub_budget in sheet.sub_budgets if sub_budget.parent is None
        ),
        "indicator_rows": sum(len(sheet.rows) for sheet in sheets),
        "values": sum(kinds.values()),
        "values_by_kind": dict(kinds.most_common()),
        "tracking_rows": sum(len(tracking.rows) for sheet in sheets for tracking in sheet.tracking),
        "annex_rows": sum(
            len(table.lines)
            for dossier in file.dossiers
            for annex in dossier.annexes
            for table in annex.tables
        ),
    }


def numbers_of(dossier: Dossier) -> set[str]:
    return with_sheet(dossier) | without_sheet(dossier)


def unheard(log: Log) -> list[Finding]:
    """The keys that this version of Jalons does not know: kept, exported again, said once each."""
    return [
        Finding(
            path,
            f"La clé « {path} » n’est pas connue de Jalons ({times} {plural(times, 'fois', 'fois')}) : elle est gardée "
            "telle quelle et ressortira dans l’export.",
            level=AlertLevel.INFO,
            rule="unknown_key",
            scope=AlertScope.FILE,
        )
        for path, times in log.unknown.items()
    ] + untold(log)


def untold(log: Log) -> list[Finding]:
    if not log.untold:
        return []
    message = f"{log.untold} autres clés inconnues de Jalons sont gardées telles quelles."
    return [Finding("le fichier", message, level=AlertLevel.INFO, rule="unknown_key", scope=AlertScope.FILE)]


def dropped(log: Log) -> list[Finding]:
    """What did not fit and was left out: the rest of the file was read without it."""
    findings = [
        Finding(
            problem.path,
            f"Cette valeur n’a pas été reprise : {problem.expected} était attendu (trouvé : {problem.found}).",
            problem.expected,
            problem.found,
            level=AlertLevel.WARNING,
            rule="dropped_value",
            scope=AlertScope.FILE,
        )
        for problem in log.dropped
    ]
    if log.undropped:
        message = f"{log.undropped} autres valeurs n’ont pas été reprises."
        findings.append(
            Finding(
                "le fichier", message, level=AlertLevel.WARNING, rule="dropped_value", scope=AlertScope.FILE
            )
        )
    return findings


def alerts(file: File, log: Log) -> list[Finding]:
    """Everything there is to say of a sound file."""
    return dropped(log) + unheard(log) + [finding for dossier in file.dossiers for finding in check(dossier)]
