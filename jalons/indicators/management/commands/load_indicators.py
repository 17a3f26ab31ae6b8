"""« manage.py load_indicators » : le socle national, depuis le fichier livré. Peut être relancée sans risque."""

from typing import Any

from django.core.management.base import BaseCommand

from jalons.indicators.services import load_socle


class Command(BaseCommand):
    help = "Charge ou met à jour les indicateurs du socle national"

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_socle()
        self.stdout.write(
            f"Socle national\u00a0: {loaded.created} indicateur(s) ajouté(s), {loaded.revised} nouvelle(s) "
            f"version(s), {loaded.updated} mis à jour, {loaded.retired} abandonné(s)."
        )
