"""`manage.py import_convention FILE`: reads a convention of the exchange format; writes it with `--wet-run`."""

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jalons.accounts.models import User
from jalons.conventions.checks import Finding
from jalons.conventions.enums import Level
from jalons.conventions.exchange.counting import alerts, counts
from jalons.conventions.exchange.reading import LARGEST, Reading, Unreadable, read_file
from jalons.conventions.exchange.storing import Conflict, Stored, store_file, transcriber
from jalons.core.values import format_number, plural
from jalons.core.values.text import french_spaces
from jalons.history.services import Actor

SHOWN = 40


class Command(BaseCommand):
    help = (
        "Lit une convention au format d’échange jalons-conventions/1, la contrôle et dit ce qu’elle contient. "
        "Sans --wet-run, rien n’est écrit. Relire deux fois le même fichier ne change rien."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="fichier JSON")
        parser.add_argument("--wet-run", action="store_true", help="écrire dans la base")
        parser.add_argument("--json", action="store_true", help="réponse en JSON : comptes et alertes")
        parser.add_argument("--as", dest="email", default="", help="compte au nom duquel écrire (courriel)")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = self.content(path)
            reading = read_file(content)
        except Unreadable as error:
            self.fail([french_spaces(f"{path.name} : {error}")], options)
            return
        if not reading.is_sound:
            self.fail([str(problem) for problem in reading.log.problems], options)
            return
        found = alerts(reading.file, reading.log)
        stored = None
        if options["wet_run"]:
            try:
                stored = store_file(
                    file=reading.file, by=self.actor(options["email"]), name=path.name, content=content
                )
            except Conflict as error:
                self.fail([str(error)], options)
        self.tell(reading, found, stored, options)

    def content(self, path: Path) -> bytes:
        """At most one byte more than what may be read: a file of gigabytes is not loaded to be refused."""
        try:
            with path.open("rb") as file:
                return file.read(LARGEST + 1)
        except OSError as error:
            raise Unreadable(f"le fichier ne peut pas être lu ({error.strerror}).") from None

    def actor(self, email: str) -> Actor:
        if not email:
            return transcriber()
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        memberships = user.memberships.active().select_related("organisation") if user else ()
        membership = next(iter(memberships), None)
        if user is None or membership is None:
            raise CommandError(f"Aucun compte actif et rattaché à une structure pour « {email} ».")
        return Actor(user, membership.organisation)

    def fail(self, problems: list[str], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"problems": problems}, ensure_ascii=False, indent=2))
        count = f"{len(problems)} {plural(len(problems), 'erreur', 'erreurs')}"
        said = "\n".join(f"  {problem}" for problem in problems[:SHOWN])
        more = f"\n  … et {len(problems) - SHOWN} autres" if len(problems) > SHOWN else ""
        raise CommandError(f"Rien n’a été écrit : {count} dans le fichier.\n{said}{more}")

    def tell(
        self, reading: Reading, found: list[Finding], stored: Stored | None, options: dict[str, Any]
    ) -> None:
        held = counts(reading.file)
        if options["json"]:
            told = {**held, "alerts": [finding.to_json() for finding in found], "written": stored is not None}
            if stored is not None:
                told["changes"] = {
                    "created": stored.created,
                    "changed": stored.changed,
                    "removed": stored.removed,
                }
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for name, words in WORDS.items():
            self.stdout.write(french_spaces(f"{words} : {format_number(held[name])}"))
        kinds = ", ".join(
            f"{name} {format_number(number)}" for name, number in held["values_by_kind"].items()
        )
        self.stdout.write(french_spaces(f"  par nature : {kinds or 'aucune'}"))
        levels = Counter(finding.level for finding in found)
        said = ", ".join(
            f"{format_number(levels[level])} {NAMES[level][levels[level] > 1]}"
            for level in Level
            if levels[level]
        )
        self.stdout.write(french_spaces(f"Contrôles : {said or 'rien à signaler'}."))
        for finding in found:
            self.stdout.write(
                french_spaces(f"  [{Level(finding.level).label}] {finding.where} : {finding.message}")
            )
        if stored is None:
            self.stdout.write("Rien n’a été écrit : ajoutez --wet-run pour importer.")
        elif stored.nothing:
            self.stdout.write("La base disait déjà la même chose : rien n’a changé.")
        else:
            self.stdout.write(
                f"Écrit : {format_number(stored.created)} créés, {format_number(stored.changed)} modifiés, "
                f"{format_number(stored.removed)} retirés."
            )


WORDS = {
    "conventions": "Conventions",
    "deliberations": "Délibérations",
    "sheets": "Fiches",
    "numbers": "Numéros de fiche",
    "numbers_without_sheet": "  dont sans page",
    "sub_actions": "Actions mises en place",
    "budget_rows": "Lignes de budget",
    "sub_budgets": "Sous-budgets",
    "indicator_rows": "Lignes d’indicateurs",
    "tracking_rows": "Lignes de suivi",
    "annex_rows": "Lignes d’annexe financière",
    "values": "Valeurs",
}
NAMES = {
    Level.ERROR: ("erreur", "erreurs"),
    Level.WARNING: ("point d’attention", "points d’attention"),
    Level.INFO: ("information", "informations"),
}
