"""docs/controles.md is what `manage.py list_alert_rules` writes: nobody edits it, nobody forgets it."""

from pathlib import Path

from jalons.conventions.alerts.rules import rules
from jalons.conventions.management.commands.list_alert_rules import page

ROOT = Path(__file__).parents[3]


def test_the_list_of_rules_is_that_of_this_version() -> None:
    assert (ROOT / "docs/controles.md").read_text("utf-8") == page(), (
        "manage.py list_alert_rules > docs/controles.md"
    )


def test_each_rule_has_its_line() -> None:
    text = page()
    assert [rule.identifier for rule in rules() if f"`{rule.identifier}`" not in text] == []
    assert len(rules()) >= 57
