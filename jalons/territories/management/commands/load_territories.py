"""Régions, départements, intercommunalités et communes, depuis les fichiers publiés."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jalons.territories.reference import MissingReference
from jalons.territories.services import Loaded, load_reference


class Command(BaseCommand):
    help = "Charge ou met à jour les territoires ; sans effet si cette édition est déjà chargée."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--source",
            type=Path,
            default=settings.NODE_MODULES,
            help="dossier des paquets npm (par défaut : node_modules)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_reference(node_modules=options["source"])
        except MissingReference as error:
            raise CommandError(str(error)) from error
        self.stdout.write(summary(loaded))


def summary(loaded: Loaded) -> str:
    """« Territoires chargés : 26 régions, … »."""
    parts = [
        counted(loaded.regions, "région", "régions"),
        counted(loaded.departements, "département", "départements"),
        counted(loaded.epcis, "intercommunalité", "intercommunalités"),
        counted(loaded.communes, "commune", "communes"),
    ]
    if loaded.ended:
        parts.append(counted(loaded.ended, "commune disparue gardée", "communes disparues gardées"))
    state = "chargés" if loaded.changed else "déjà à jour"
    return f"Territoires {state}\N{NO-BREAK SPACE}: {', '.join(parts)}."


def counted(number: int, text: str, many: str) -> str:
    grouped = f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{grouped} {text if number < 2 else many}"
