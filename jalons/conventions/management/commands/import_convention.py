"""`manage.py import_convention FILE`: reads a convention of the exchange format; writes it with `--wet-run`."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files import File as DjangoFile
from django.core.management.base import BaseCommand, CommandError

from jalons.accounts.models import User
from jalons.conventions.alerts.rules import Finding
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.dossier.signatures import signature_to_confirm
from jalons.conventions.enums import AlertLevel
from jalons.conventions.exchange.loading import LARGEST, UnreadableFile
from jalons.conventions.exchange.reading import FileReading, read_file
from jalons.conventions.importing.counting import alerts, counts
from jalons.conventions.importing.merging import ImportConflict, Stored
from jalons.conventions.importing.storing import store_file, transcriber
from jalons.conventions.models import Convention, MatrixRow
from jalons.conventions.workbook.reading import UnreadableWorkbook as WorkbookUnreadable
from jalons.conventions.workbook.reading import read_workbook
from jalons.conventions.workbook.storing import dossier_for, may_fill, write_figures
from jalons.conventions.workbook.verdicts import Judgement, judge
from jalons.core.values import format_long_date, format_number, plural
from jalons.core.values.text import french_spaces
from jalons.history.services import Actor
from jalons.territories.models import Departement

SHOWN = 40
WORKBOOKS = (".xlsx", ".ods")


class Command(BaseCommand):
    help = (
        "Lit une convention au format d’échange jalons-conventions/1, la contrôle et dit ce qu’elle contient ; ou les "
        "chiffres d’un classeur exporté de Jalons et rempli. "
        "Sans --wet-run, rien n’est écrit. Relire deux fois le même fichier ne change rien."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="fichier JSON, ou classeur .xlsx ou .ods rempli")
        parser.add_argument("--wet-run", action="store_true", help="écrire dans la base")
        parser.add_argument("--json", action="store_true", help="réponse en JSON : comptes et alertes")
        parser.add_argument(
            "--departement",
            action="append",
            default=[],
            metavar="CODE",
            help="code d’un Département signataire que le texte ne nomme pas (59, 2A…) ; à répéter pour plusieurs",
        )
        parser.add_argument("--as", dest="email", default="", help="compte au nom duquel écrire (courriel)")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.suffix.lower() in WORKBOOKS:
            self.workbook(path, options)
            return
        try:
            content = self.content(path)
            reading = read_file(content)
        except UnreadableFile as error:
            self.fail([french_spaces(f"{path.name} : {error}")], options)
            return
        if not reading.is_sound:
            log = reading.log  # a file that has to be mended anyway: all that there is to mend in it
            self.fail([str(problem) for problem in (*log.problems, *log.dropped)], options)
            return
        departements = self.departements(options["departement"])
        findings = alerts(reading.file, reading.log)
        stored = None
        if options["wet_run"]:
            try:
                stored = store_file(
                    file=reading.file,
                    by=self.actor(options["email"]),
                    name=path.name,
                    content=content,
                    departements=departements,
                )
            except ImportConflict as error:
                self.fail([str(error)], options)
                return
        self.tell(reading, findings, stored, options)

    def content(self, path: Path) -> bytes:
        """At most one byte more than what may be read: a file of gigabytes is not loaded to be refused."""
        try:
            with path.open("rb") as file:
                return file.read(LARGEST + 1)
        except OSError as error:
            raise UnreadableFile(unread(error)) from None

    def departements(self, codes: list[str]) -> list[Departement]:
        """In the order given. An unknown code is refused before anything is written."""
        known = Departement.objects.in_bulk([code.strip().upper().zfill(2) for code in codes])
        unknown = [code for code in codes if code.strip().upper().zfill(2) not in known]
        if unknown:
            raise CommandError(french_spaces(f"Rien n’a été écrit : aucun Département « {unknown[0]} »."))
        return list(known.values())

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
        listing = "\n".join(f"  {problem}" for problem in problems[:SHOWN])
        more = f"\n  … et {len(problems) - SHOWN} autres" if len(problems) > SHOWN else ""
        raise CommandError(f"Rien n’a été écrit : {count} dans le fichier.\n{listing}{more}")

    def tell(
        self, reading: FileReading, findings: list[Finding], stored: Stored | None, options: dict[str, Any]
    ) -> None:
        held = counts(reading.file)
        if options["json"]:
            document = {**held, "alerts": [finding.to_json() for finding in findings]}
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
            self.stderr.write(said_of(stored))  # beside: the answer stays what the file holds
            return
        for name, words in WORDS.items():
            self.stdout.write(french_spaces(f"{words} : {format_number(held[name])}"))
        kinds = ", ".join(
            f"{name} {format_number(number)}" for name, number in held["values_by_kind"].items()
        )
        self.stdout.write(french_spaces(f"  par nature : {kinds or 'aucune'}"))
        levels = Counter(finding.level for finding in findings)
        level_words = ", ".join(
            f"{format_number(levels[level])} {NAMES[level][levels[level] > 1]}"
            for level in AlertLevel
            if levels[level]
        )
        self.stdout.write(french_spaces(f"Contrôles : {level_words or 'rien à signaler'}."))
        for finding in findings:
            self.stdout.write(
                french_spaces(f"  [{AlertLevel(finding.level).label}] {finding.where} : {finding.message}")
            )
        self.stdout.write(said_of(stored))
        for words in (*signatures_of(stored), *nobody_of(stored)):
            self.stdout.write(french_spaces(words))

    # A workbook ----------------------------------------------------------------------------------------

    def workbook(self, path: Path, options: dict[str, Any]) -> None:
        """The figures that people filled. What is refused, and what somebody else changed since, is left."""
        try:
            with path.open("rb") as file:
                filled = read_workbook(DjangoFile(file), path.name)
        except OSError as error:
            self.fail([f"{path.name} : {unread(error)}"], options)
            return
        except WorkbookUnreadable as error:
            self.fail([french_spaces(f"{path.name} : {error}")], options)
            return
        convention = Convention.objects.filter(slug=filled.slug).first()
        if convention is None:
            unknown = f"aucune convention « {filled.slug} » dans Jalons"
            sentence = f"{path.name} : {unknown}. Importez d’abord son fichier JSON."
            self.fail([french_spaces(sentence)], options)
            return
        by = self.actor(options["email"]) if options["email"] else None
        fills = may_fill(convention, by.user) if by else everything
        dossier = dossier_for(convention, by.user) if by else read_dossier(convention)
        judgement = judge(dossier, filled.changes(), fills, cells=len(filled.typed), notes=filled.notes)
        written = None
        if options["wet_run"]:
            written = write_figures(convention=convention, cells=judgement.writable, by=by or transcriber())
        self.tell_workbook(judgement, written, options)

    def tell_workbook(self, judgement: Judgement, written: int | None, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(judgement.to_json(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(french_spaces(f"Cellules inchangées : {format_number(judgement.unchanged)}"))
            for cell in judgement.cells:
                reason = f" – {cell.reason}" if cell.reason else ""
                place = f"  [{cell.verdict.label}] {cell.where}, {cell.label}, {cell.column}"
                self.stdout.write(french_spaces(f"{place} : {cell.before} → {cell.after}{reason}"))
            for note in judgement.notes:
                self.stdout.write(f"  {note}")
        sentence = "Rien n’a été écrit : ajoutez --wet-run pour reprendre ce classeur."
        if written is not None:
            sentence = f"Écrit : {format_number(written)} {plural(written, 'cellule', 'cellules')}."
        (self.stderr if options["json"] else self.stdout).write(french_spaces(sentence))


def everything(row: MatrixRow) -> bool:
    """Whoever runs a command on the server writes everywhere."""
    return True


def said_of(stored: Stored | None) -> str:
    if stored is None:
        return french_spaces("Rien n’a été écrit : ajoutez --wet-run pour importer.")
    if stored.nothing:
        return french_spaces("La base disait déjà la même chose : rien n’a changé.")
    return french_spaces(
        f"Écrit : {format_number(stored.created)} créés, {format_number(stored.changed)} modifiés, "
        f"{format_number(stored.removed)} retirés."
    )


def signatures_of(stored: Stored | None) -> Iterator[str]:
    """The conventions that come with their signature: their state is proposed, and a person confirms it."""
    for convention in stored.conventions if stored else ():
        on = signature_to_confirm(convention, convention.parties.all())
        if on is not None:
            yield (
                f"{convention.short_title} porte une signature du {format_long_date(on)} : "
                "son état « Signée » est proposé sur sa page, à confirmer."
            )


def nobody_of(stored: Stored | None) -> Iterator[str]:
    """The conventions that nobody who works on them would see."""
    for convention in stored.conventions if stored else ():
        if not convention.departement_codes:
            yield (
                f"{convention.short_title} : aucun Département reconnu parmi les signataires, personne ne la verra. "
                "Relancez avec --departement CODE (59, 2A…), ou choisissez-le sur sa page « Titres et montants »."
            )


def unread(error: OSError) -> str:
    """Why a file cannot be read, in French."""
    reasons: dict[type[OSError], str] = {
        FileNotFoundError: "il n’existe pas",
        IsADirectoryError: "c’est un dossier",
        NotADirectoryError: "le dossier qui le précède n’en est pas un",
        PermissionError: "les droits ne le permettent pas",
    }
    return (
        f"le fichier ne peut pas être lu : {reasons.get(type(error), error.strerror or 'erreur du disque')}."
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
    AlertLevel.ERROR: ("erreur", "erreurs"),
    AlertLevel.WARNING: ("point d’attention", "points d’attention"),
    AlertLevel.INFO: ("information", "informations"),
}
