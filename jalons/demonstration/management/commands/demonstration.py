"""Un monde inventé mais vraisemblable, pour essayer Jalons."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jalons.core import clock
from jalons.core.values import format_number, plural
from jalons.core.values.text import NBSP
from jalons.demonstration import world
from jalons.demonstration.open_figures import publish_figures
from jalons.demonstration.people import PASSWORD, accounts_table
from jalons.demonstration.register import REGISTER_CODE, fill_register

USUAL = 80  # sites; a smaller world is for those who try the command


class Command(BaseCommand):
    help = "Remplit la base d’un monde inventé, toujours le même, daté par rapport à aujourd’hui."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="ne rien faire s’il y a déjà un compte")
        parser.add_argument(
            "--rebuild", action="store_true", help="tout effacer, puis refaire la démonstration"
        )
        parser.add_argument(
            "--force", action="store_true", help="avec --rebuild : effacer aussi les autres comptes"
        )
        parser.add_argument(
            "--accounts", action="store_true", help="afficher seulement les comptes à essayer"
        )
        parser.add_argument(
            "--sites",
            type=int,
            default=USUAL,
            help="nombre de sites (80), sans ceux de deux départements voisins",
        )
        parser.add_argument("--surveys", type=int, default=30, help="recensements par site, en moyenne (30)")
        parser.add_argument("--actions", type=int, default=40, help="nombre de dispositifs (40)")
        parser.add_argument(
            "--follow-ups",
            type=int,
            default=24,
            help="points de suivi par dispositif, quand le rythme est mensuel (24)",
        )

        parser.add_argument(
            "--conventions", type=int, default=0, help="conventions inventées, en plus de la CALPAE (0)"
        )
        parser.add_argument(
            "--convention-years", type=int, default=10, help="années de chaque convention inventée (10)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self.show_accounts()
            return
        if not settings.DEMONSTRATION_ALLOWED:
            raise CommandError(
                "La démonstration est interdite ici : cette base est en production. Pour une instance d’essai, "
                "réglez JALONS_ALLOW_DEMONSTRATION=true."
            )
        if any(options[name] < 1 for name in ("sites", "surveys", "actions", "follow_ups")):
            raise CommandError(
                "--sites, --surveys, --actions et --follow-ups sont des nombres à partir de 1."
            )
        if world.is_empty() or self.make_room(options):
            self.build(options)

    def make_room(self, options: dict[str, Any]) -> bool:
        """Whether a base that holds accounts may be built over."""
        if options["if_empty"]:
            return False
        if not options["rebuild"]:
            raise CommandError(
                "La base contient déjà des comptes. Pour tout effacer et recommencer : --rebuild."
            )
        strangers = world.strangers()
        if strangers and not options["force"]:
            raise CommandError(
                f"La base contient {format_number(strangers)} compte(s) hors démonstration : rien n’a été effacé. "
                "Pour les effacer avec tout le reste, ajoutez --force."
            )
        world.erase()
        return True

    def build(self, options: dict[str, Any]) -> None:
        start = time.monotonic()
        try:
            built = world.build(
                today=clock.today(),
                sites=options["sites"],
                surveys_a_site=options["surveys"],
                actions=options["actions"],
                follow_ups=options["follow_ups"],
                conventions=options["conventions"],
                convention_years=options["convention_years"],
                elsewhere=options["sites"] >= USUAL,
            )
        except world.Unready as error:
            raise CommandError(str(error)) from error
        publish_figures(clock.today())
        families = fill_register(clock.today())
        seconds = format_number(round(time.monotonic() - start, 1))
        counts = (
            f"{format_number(built.sites)} sites, {format_number(built.surveys)} recensements",
            f"{format_number(built.actions)} dispositifs, {format_number(built.follow_ups)} points de suivi",
            f"{format_number(built.measurements)} relevés, {format_number(built.others)} autres observations",
            f"{format_number(built.conventions)} {plural(built.conventions, 'convention', 'conventions')}",
            f"{format_number(families)} ménages inventés dans un registre",
        )
        self.stdout.write(f"Démonstration prête{NBSP}: {', '.join(counts)}, en {seconds}{NBSP}s.")

    def show_accounts(self) -> None:
        lines = accounts_table()
        if not lines:
            self.stdout.write("Cette base n’a pas de compte de démonstration.")
            return
        self.stdout.write(
            f"Comptes de démonstration, tous avec le mot de passe «{NBSP}{PASSWORD}{NBSP}»{NBSP}:\n"
        )
        for line in lines:
            self.stdout.write(f"  {line}")
        self.stdout.write(
            f"Le registre des familles d’operateur-a s’ouvre avec le code «{NBSP}{REGISTER_CODE}{NBSP}»."
        )
