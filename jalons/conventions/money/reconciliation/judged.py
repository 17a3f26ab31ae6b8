"""The verdict on each link is that of the rules: what they find is what the chain shows, with their level. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from jalons.conventions.alerts.engine import Finding, machine
from jalons.conventions.alerts.rules import check
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.money.reconciliation.links import ChainStep, MoneyLink, MoneyLinkState
from jalons.core.values import Number, exact

# Which rules judge each step.
JUDGES = {
    "sheets": ("budget_total", "sub_budgets", "themes_budget"),
    "annex_lines": ("sheet_annex", "sheet_without_budget"),
    "annex_sums": ("annex_line_total", "annex_subtotals"),
    "announced": ("annex_announced",),
    "actions": ("action_annex", "action_missing"),
    "heading": ("actions_total", "heading_amount"),
    "vote": ("authorised_amount",),
    "accounts": ("accounting_total", "accounting_line"),
}
OF_A_VOTE = (*JUDGES["vote"], *JUDGES["accounts"])
STATES = {AlertLevel.ERROR: MoneyLinkState.GAP, AlertLevel.WARNING: MoneyLinkState.WARNING}
WRONG = (MoneyLinkState.GAP, MoneyLinkState.WARNING)
ADMITTED = "Les deux montants diffèrent, et les contrôles l’admettent."


def money_findings(dossier: Dossier) -> list[Finding]:
    """What the rules on money and on the vote find."""
    return check(dossier, scopes=[AlertScope.MONEY, AlertScope.DELIBERATION])


def judged(step: ChainStep, findings: Iterable[Finding]) -> ChainStep:
    """The step with what its rules find; its own links say what is right, and what nobody can compare."""
    rules = JUDGES.get(step.key)
    if rules is None:
        return step
    mine = [finding for finding in findings if finding.rule in rules]
    links = [link_of(finding) for finding in mine]
    for link in step.links:
        if link.state == MoneyLinkState.RIGHT:
            links.append(link)
        elif not any(speaks_of(finding, link) for finding in mine):
            links.append(admitted(link) if link.state in WRONG else link)
    return replace(step, links=links)


def link_of(finding: Finding) -> MoneyLink:
    return MoneyLink(
        finding.where,
        expected=amount(finding.expected),
        found=amount(finding.found),
        sheet=finding.sheet,
        note=finding.message,
        forced=STATES.get(AlertLevel(finding.level), MoneyLinkState.WARNING),
    )


def admitted(link: MoneyLink) -> MoneyLink:
    return replace(link, note=link.note or ADMITTED, forced=MoneyLinkState.RIGHT)


def speaks_of(finding: Finding, link: MoneyLink) -> bool:
    """Do they speak of the same amounts?"""
    if finding.sheet and link.sheet and finding.sheet != link.sheet:
        return False
    if link.state == MoneyLinkState.UNKNOWN:
        return bool(link.sheet) and finding.sheet == link.sheet and link.found in amounts(finding)
    same_gap = link.gap is not None and finding.gap is not None and abs(link.gap) == abs(finding.gap)
    return same_gap or bool({link.expected, link.found} & amounts(finding))


def amounts(finding: Finding) -> set[Number | None]:
    return {amount(finding.expected), amount(finding.found)} - {None}


def amount(words: str) -> Number | None:
    value: object = machine(words)
    return exact(value) if isinstance(value, int | float) else None


def seen_of(findings: Iterable[Finding], dossier: Dossier) -> list[Finding]:
    """Those of the sheets and of the votes of a part of the convention, and those of no sheet."""
    votes = {f"Délibération {content.deliberation.number}" for content in dossier.deliberations}
    return [
        finding
        for finding in findings
        if (not finding.sheet or finding.sheet in dossier.by_key)
        and (finding.rule not in OF_A_VOTE or finding.where.partition(", ")[0] in votes)
    ]
