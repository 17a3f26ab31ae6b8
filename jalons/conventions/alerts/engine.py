"""Declaring rules and running them. A rule is a function that yields what it finds; it never writes."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.dossier.places import name_owners
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.core.values import Kind, Number, format_euros, format_number, parse_cell
from jalons.core.values.text import french_spaces


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found. `where`: in words, from the sheet to the cell; `sheet`: key of the sheet, if it is one's.

    `expected`, `found`: as printed; `gap`: expected minus found, in the unit of both, None when it is no number.
    `level`: milder than that of its rule, when it is. Two findings of one rule differ by `where` at least.
    """

    where: str
    message: str
    expected: str = ""
    found: str = ""
    gap: Decimal | None = None
    sheet: str = ""
    level: str = ""
    rule: str = ""
    scope: str = ""

    @property
    def fingerprint(self) -> str:
        identity = "\x1f".join((self.rule, self.sheet, self.where, self.expected, self.found))
        return hashlib.sha256(identity.encode()).hexdigest()

    def to_json(self) -> dict[str, object]:
        """`{rule, level, where, expected, found, gap, message}`; amounts and counts are numbers, the rest texts."""
        return {
            "rule": self.rule,
            "level": self.level,
            "where": self.where,
            "expected": machine(self.expected),
            "found": machine(self.found),
            "gap": None if self.gap is None else plain(self.gap),
            "message": self.message,
        }


def plain(number: Decimal | int) -> int | float:
    return int(number) if number == int(number) else float(number)


def machine(words: str) -> int | float | str | None:
    """« 1 288 238 € » as 1288238, for a program; what is not an amount or a count stays a text."""
    value = parse_cell(words)
    if value.kind in (Kind.NUMBER, Kind.AMOUNT) and value.number is not None:
        return plain(value.number)
    return words or None


OnDossier = Callable[[Dossier], Iterable[Finding]]
OnSheet = Callable[[Sheet, Dossier], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`identifier` never changes: acknowledgements bear it. `label`: in French, what the rule wants."""

    identifier: str
    level: AlertLevel
    scope: AlertScope
    label: str
    on_dossier: OnDossier | None = None
    on_sheet: OnSheet | None = None


_rules: dict[str, Rule] = {}


def rule(
    identifier: str, level: AlertLevel, scope: AlertScope, label: str
) -> Callable[[OnDossier], OnDossier]:
    """Declares a rule on the whole convention."""

    def declare(function: OnDossier) -> OnDossier:
        add(Rule(identifier, level, scope, label, on_dossier=function))
        return function

    return declare


def sheet_rule(
    identifier: str, level: AlertLevel, scope: AlertScope, label: str
) -> Callable[[OnSheet], OnSheet]:
    """Declares a rule that looks at one sheet."""

    def declare(function: OnSheet) -> OnSheet:
        add(Rule(identifier, level, scope, label, on_sheet=function))
        return function

    return declare


def add(new: Rule) -> None:
    if new.identifier in _rules:
        raise ValueError(f"two rules are called {new.identifier}")
    _rules[new.identifier] = new


# What else is told of a convention when a subject changes: the first budget of a sheet is also one of its blocks, the
# start of an action decides which accounts are early, what is voted is compared with what the sheets bring.
CONCERNED: dict[AlertScope, frozenset[AlertScope]] = {
    AlertScope.MONEY: frozenset([AlertScope.MONEY, AlertScope.STRUCTURE, AlertScope.DELIBERATION]),
    AlertScope.STRUCTURE: frozenset(AlertScope),
    AlertScope.INDICATORS: frozenset([AlertScope.INDICATORS, AlertScope.STRUCTURE]),
    AlertScope.DATES: frozenset([AlertScope.DATES, AlertScope.INDICATORS, AlertScope.STRUCTURE]),
    AlertScope.DELIBERATION: frozenset([AlertScope.DELIBERATION]),
    AlertScope.FILE: frozenset([AlertScope.FILE]),
}


def concerned(scopes: Iterable[AlertScope]) -> set[AlertScope]:
    """The subjects whose rules may find something else when these changed."""
    return {other for scope in scopes for other in CONCERNED[AlertScope(scope)]}


def rules() -> list[Rule]:
    """In the order in which they are declared."""
    return list(_rules.values())


def check(
    dossier: Dossier, *, sheets: Collection[str] | None = None, scopes: Collection[str] | None = None
) -> list[Finding]:
    """What the rules find: all of them, or those of `scopes`; of sheets, all or those of these keys."""
    name_owners(dossier)
    all_findings: list[Finding] = []
    for rule in rules():
        if scopes is not None and rule.scope not in scopes:
            continue
        all_findings += [marked(finding, rule) for finding in findings(rule, dossier, sheets)]
    return all_findings


def findings(rule: Rule, dossier: Dossier, sheets: Collection[str] | None) -> Iterator[Finding]:
    if rule.on_dossier is not None:
        yield from rule.on_dossier(dossier)
    if rule.on_sheet is not None:
        for sheet in dossier.sheets:
            if sheets is None or sheet.key in sheets:
                for finding in rule.on_sheet(sheet, dossier):
                    yield replace(finding, sheet=finding.sheet or sheet.key)


def marked(finding: Finding, by: Rule) -> Finding:
    """With the name of its rule; a finding may be milder than its rule (1 € of rounding)."""
    return replace(
        finding,
        rule=by.identifier,
        scope=by.scope,
        level=finding.level or by.level,
        message=french_spaces(finding.message),
    )


def euros_gap(
    where: str, expected: Number, number: Number, message: str, *, tolerance: Number = 1, sheet: str = ""
) -> Iterator[Finding]:
    """A finding when two amounts differ: a warning up to `tolerance` euros, an error above."""
    gap = Decimal(expected) - Decimal(number)
    if not gap:
        return
    yield Finding(
        where,
        f"{message} : {format_euros(expected)} attendus, {format_euros(number)} trouvés, "
        f"écart de {format_euros(abs(gap))}.",
        format_euros(expected),
        format_euros(number),
        gap,
        sheet,
        AlertLevel.WARNING if abs(gap) <= tolerance else AlertLevel.ERROR,
    )


def numbers_gap(where: str, expected: Number, number: Number, message: str) -> Iterator[Finding]:
    """A finding when two counts differ."""
    gap = Decimal(expected) - Decimal(number)
    if gap:
        sentence = f"{message} : {format_number(expected)} attendus, {format_number(number)} trouvés."
        yield Finding(where, sentence, format_number(expected), format_number(number), gap)
