"""The rules of a convention: each says what it looks at, how serious it is, and finds what does not add up."""

# In the order in which findings are told.
from jalons.conventions.alerts.rules import structure  # isort: skip
from jalons.conventions.alerts.rules import texts, citing, labels  # isort: skip
from jalons.conventions.alerts.rules import money, annex, chain  # isort: skip
from jalons.conventions.alerts.rules import deliberation, accounting  # isort: skip
from jalons.conventions.alerts.rules import dates  # isort: skip
from jalons.conventions.alerts.rules import indicators, cells, tracking, accounts  # isort: skip
from jalons.conventions.alerts.rules import review  # isort: skip
from jalons.conventions.alerts.engine import Finding, Rule, check, rules

__all__ = [
    "Finding",
    "Rule",
    "accounting",
    "accounts",
    "annex",
    "cells",
    "chain",
    "check",
    "citing",
    "dates",
    "deliberation",
    "indicators",
    "labels",
    "money",
    "review",
    "rules",
    "structure",
    "texts",
    "tracking",
]
