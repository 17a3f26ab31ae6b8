"""`manage.py check_convention SLUG`: what the rules find now in a convention."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jalons.conventions.alerts.rules import check
from jalons.conventions.dossier.from_base import file_of
from jalons.conventions.enums import AlertLevel
from jalons.conventions.importing.counting import counts
from jalons.core.values.text import french_spaces


class Command(BaseCommand):
    help = "Contrôle une convention et dit ce qui ne s’accorde pas. N’écrit rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="identifiant de la convention")
        parser.add_argument("--json", action="store_true", help="réponse en JSON : comptes et alertes")

    def handle(self, *args: Any, **options: Any) -> None:
        file = file_of(options["slug"])
        if file is None:
            raise CommandError(f"Aucune convention « {options['slug']} » dans Jalons.")
        findings = check(file.dossiers[0])
        if options["json"]:
            document = {**counts(file), "alerts": [finding.to_json() for finding in findings]}
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
            return
        for finding in findings:
            self.stdout.write(
                french_spaces(f"[{AlertLevel(finding.level).label}] {finding.where} : {finding.message}")
            )
        if not findings:
            self.stdout.write("Rien à signaler.")
