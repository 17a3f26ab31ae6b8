"""`manage.py backup --output DIR`: base, attachments and keys, read again before they are said to be saved."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jalons.backups.sealing import KeyFileError, new_key, read_key
from jalons.backups.services.taking import Taken, take_backup
from jalons.backups.services.workplace import BackupFailed
from jalons.core.values import format_number, plural


class Command(BaseCommand):
    help = (
        "Sauvegarde la base et les pièces jointes dans une archive, les clés dans un fichier à part, puis relit tout. "
        "Jalons peut servir pendant ce temps."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--output", type=Path, metavar="DOSSIER", help="où écrire la sauvegarde")
        what.add_argument(
            "--new-key", type=Path, metavar="FICHIER", help="crée une clé de chiffrement, et rien d’autre"
        )
        parser.add_argument(
            "--key-file",
            type=Path,
            metavar="FICHIER",
            default=settings.BACKUP_KEY_FILE or None,
            help="chiffre avec cette clé (JALONS_BACKUP_KEY_FILE par défaut)",
        )
        parser.add_argument(
            "--keep", type=int, metavar="N", help="ne garde que les N dernières sauvegardes du dossier"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["new_key"]:
                self.make_key(options["new_key"])
            else:
                self.back_up(options["output"], options["key_file"], options["keep"])
        except (BackupFailed, KeyFileError) as error:
            raise CommandError(str(error)) from error

    def make_key(self, path: Path) -> None:
        key = new_key(path, now=timezone.now())
        self.stdout.write(f"Clé créée dans {path}. Clé publique\u00a0: {key.recipient}")
        self.stdout.write("Copiez ce fichier hors de cette machine\u00a0: sans lui, rien ne se restaure.")

    def back_up(self, folder: Path, key_file: Path | None, keep: int | None) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep attend un nombre à partir de 1.")
        key = read_key(key_file, away_from=[Path(settings.DATA_DIR), folder]) if key_file else None
        taken = take_backup(folder=folder, key=key, keep=keep)
        for line in in_words(taken, sealed=key is not None):
            self.stdout.write(line)


def in_words(taken: Taken, *, sealed: bool) -> list[str]:
    rows, files = sum(taken.manifest.counts.values()), len(taken.manifest.files)
    lines = [
        (
            f"Sauvegarde vérifiée\u00a0: {taken.archive} ({format_number(taken.size)} octets, "
            f"{'chiffrée' if sealed else 'non chiffrée'})."
        ),
        (
            f"{format_number(rows)} lignes dans {len(taken.manifest.counts)} tables, {format_number(files)} "
            f"{plural(files, 'pièce jointe', 'pièces jointes')}. Clés à ranger ailleurs\u00a0: {taken.keys}"
        ),
    ]
    if taken.apart is not None:
        lines.append(f"Clés des ménages, à ranger ailleurs et à effacer après 30 jours\u00a0: {taken.apart}")
    if missing := taken.manifest.missing_files:
        names = ", ".join(missing[:5])
        more = f" et {len(missing) - 5} autres" if len(missing) > 5 else ""
        lines.append(f"Attention, sans leur fichier\u00a0: {names}{more}.")
    if taken.removed:
        lines.append(f"Anciennes sauvegardes effacées\u00a0: {', '.join(taken.removed)}.")
    return lines
