"""`manage.py restore ARCHIVE`: loads a backup into an empty base, or tries it with `--drill`."""

import datetime as dt
import json
from argparse import SUPPRESS, ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jalons.backups.sealing import KeyFileError, read_key
from jalons.backups.services.restoring import Restored, apart_beside, drill, keys_beside, restore
from jalons.backups.services.workplace import BackupFailed
from jalons.core.values import format_moment, format_number, plural


class Command(BaseCommand):
    help = (
        "Remet une sauvegarde dans une base vide, services arrêtés. Avec --drill, l’essaie dans une base jetable, sans "
        "toucher à celle-ci."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path, help="fichier .jalons")
        parser.add_argument(
            "--key-file",
            type=Path,
            metavar="FICHIER",
            default=settings.BACKUP_KEY_FILE or None,
            help="clé de chiffrement (JALONS_BACKUP_KEY_FILE par défaut)",
        )
        parser.add_argument(
            "--keys", type=Path, metavar="FICHIER", help="fichier .cles\u00a0; à côté de l’archive par défaut"
        )
        parser.add_argument(
            "--families",
            type=Path,
            metavar="FICHIER",
            help="fichier .familles\u00a0; à côté de l’archive par défaut",
        )
        parser.add_argument("--drill", action="store_true", help="essaie dans une base jetable")
        parser.add_argument("--trial", action="store_true", help=SUPPRESS)  # inside a drill

    def handle(self, *args: Any, **options: Any) -> None:
        archive, key_file = options["archive"].resolve(), options["key_file"]
        keys_file = options["keys"] or keys_beside(archive)
        apart_file = options["families"] or apart_beside(archive)
        try:
            # Read in any case: a wrong path is said at once, by the process that was asked.
            key = (
                read_key(key_file, away_from=[Path(settings.DATA_DIR), archive.parent]) if key_file else None
            )
            if not archive.is_file():
                raise CommandError(f"{archive} n’existe pas.")
            if options["drill"]:
                drilled = drill(
                    archive=archive, key_file=key_file, keys_file=keys_file, apart_file=apart_file
                )
                self.tell(drilled.restored, gone=len(drilled.gone))
                return
            restored = restore(
                archive=archive,
                key=key,
                keys_file=keys_file,
                apart_file=apart_file,
                trial=options["trial"],
            )
        except (BackupFailed, KeyFileError) as error:
            raise CommandError(str(error)) from error
        if options["trial"]:
            self.stdout.write(json.dumps(asdict(restored)))
        else:
            self.tell(restored)

    def tell(self, restored: Restored, *, gone: int | None = None) -> None:
        for line in in_words(restored, gone=gone):
            self.stdout.write(line)


def moment(text: str) -> str:
    return format_moment(dt.datetime.fromisoformat(text))


def in_words(restored: Restored, *, gone: int | None) -> list[str]:
    """`gone`: how many e-mails left since, known only by a drill."""
    files, held = restored.files, len(restored.held)
    verb = "Restaurée" if gone is None else "Essai réussi"
    lines = [
        f"{verb}\u00a0: sauvegarde du {moment(restored.taken_at)}, Jalons {restored.version}.",
        (
            f"{format_number(restored.rows)} lignes dans {restored.tables} tables, comptées\u00a0; "
            f"{format_number(files)} {plural(files, 'pièce jointe', 'pièces jointes')}, empreintes justes."
        ),
        f"{restored.migrated} {plural(restored.migrated, 'migration faite', 'migrations faites')}.",
        restored.keys,
    ]
    if restored.missing_files:
        lines.append(
            f"Sans leur fichier, déjà dans la sauvegarde\u00a0: {', '.join(restored.missing_files[:5])}."
        )
    waiting = f"{held} {plural(held, 'courriel attendait', 'courriels attendaient')}"
    if gone is not None:
        left = plural(gone, "est parti", "sont partis")
        return [
            *lines,
            f"{waiting}, dont {gone} {left} depuis\u00a0: une restauration les garderait « à confirmer ».",
        ]
    if held:
        lines.append(f"{waiting}\u00a0: gardés « à confirmer ».")
    lines.append("Aucun courriel de rappel ne part avant manage.py held_mails --resume.")
    lines.append("Toutes les sessions sont fermées\u00a0: chacun se reconnecte.")
    return lines
