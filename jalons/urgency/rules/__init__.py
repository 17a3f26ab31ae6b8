"""The rules of alert of sites. A file of this folder that declares `RULE` is one more: nothing else names it."""

from importlib import import_module
from pkgutil import iter_modules

from jalons.urgency.rule import AlertRule


def declared() -> dict[str, AlertRule]:
    """By code, what weighs most first."""
    names = [module.name for module in iter_modules(__path__)]
    rules: list[AlertRule] = [import_module(f"{__name__}.{name}").RULE for name in names]
    codes = [rule.code for rule in rules]
    if len(set(codes)) != len(codes):
        raise ValueError(f"two rules bear one code: {sorted(codes)}")
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: (-rule.weight, rule.sentence))}


RULES = declared()
