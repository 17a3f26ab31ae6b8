"""The rules of a convention: each says what it looks at, how serious it is, and finds what does not add up."""

from jalons.conventions.checks import deliberation, indicators, money, review, structure
from jalons.conventions.checks.engine import Finding, Rule, check, rules

__all__ = ["Finding", "Rule", "check", "deliberation", "indicators", "money", "review", "rules", "structure"]
