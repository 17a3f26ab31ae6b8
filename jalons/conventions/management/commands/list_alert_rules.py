"""`manage.py list_alert_rules`: docs/controles.md, for who reads alerts. See docs/recettes.md."""

from typing import Any

from django.core.management.base import BaseCommand

from jalons.conventions.alerts.engine import rules
from jalons.conventions.enums import AlertScope
from jalons.core.values import french_spaces

HEAD = """# Les contrôles d’une convention

Ce que Jalons vérifie quand une convention est enregistrée, importée, figée ou transmise. Une **erreur** se corrige,
ou se justifie, avant de figer ou de transmettre ; rien n’empêche jamais de saisir. Cette page est écrite par
`manage.py list_alert_rules` : elle dit les contrôles de cette version.
"""


def page() -> str:
    """Markdown: a table a subject, in the order in which findings are told."""
    parts = [HEAD]
    for scope in AlertScope:
        scope_rules = [rule for rule in rules() if rule.scope == scope]
        if scope_rules:
            lines = [
                f"| {french_spaces(rule.label)} | {rule.level.label} | `{rule.identifier}` |"
                for rule in scope_rules
            ]
            parts.append(
                "\n".join(
                    [f"## {scope.label}\n", "| Ce qui est voulu | Niveau | Nom |", "|---|---|---|", *lines]
                )
            )
    return "\n\n".join(part.strip() for part in parts) + "\n"


class Command(BaseCommand):
    help = "Écrit la liste des contrôles d’une convention, en Markdown."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page(), ending="")
