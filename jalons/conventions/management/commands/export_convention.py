"""`manage.py export_convention SLUG --format …`: a convention as a file."""

import contextlib
import io
import json
import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jalons.conventions.documents.make import make
from jalons.conventions.dossier.content import File
from jalons.conventions.dossier.from_base import file_of
from jalons.conventions.exchange.writing import write_file
from jalons.conventions.workbook.books import ExportPart, operator_book
from jalons.core.values.text import french_spaces
from jalons.exports.writers import csv_chunks, write_ods, write_xlsx

TEXTS = ("json", "csv")
FORMATS = ("json", "xlsx", "ods", "docx", "pdf", "csv")
PARTS = [part.value for part in ExportPart]
STANDARD_OUTPUT = "-"


class Command(BaseCommand):
    help = "Écrit une convention dans un fichier : format d’échange, classeur, document ou texte."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="identifiant de la convention")
        parser.add_argument("--format", required=True, choices=FORMATS)
        parser.add_argument(
            "--part",
            default=ExportPart.ALL.value,
            choices=[part.value for part in ExportPart],
            help="complet par défaut",
        )
        parser.add_argument(
            "--output", required=True, help="fichier à écrire ; « - » : la sortie (json et csv)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file = file_of(options["slug"])
        if file is None:
            raise CommandError(french_spaces(f"Aucune convention « {options['slug']} » dans Jalons."))
        fmt, output = options["format"], options["output"]
        if output == STANDARD_OUTPUT and fmt not in TEXTS:
            sentence = f"Un fichier {fmt} ne s’écrit pas sur la sortie : donnez un fichier après --output."
            raise CommandError(french_spaces(sentence))
        if output != STANDARD_OUTPUT:
            check_path(Path(output))
        content = content_of(file, ExportPart(options["part"]), fmt)
        if output == STANDARD_OUTPUT:
            self.stdout.write(content.decode("utf-8-sig"), ending="")
            return
        write_whole(Path(output), content)
        self.stderr.write(french_spaces(f"Écrit : {output}"))


def content_of(file: File, part: ExportPart, fmt: str) -> bytes:
    dossier = file.dossiers[0]
    if fmt == "json":
        return (json.dumps(write_file(file), ensure_ascii=False, indent=1) + "\n").encode()
    if fmt in ("docx", "pdf"):
        return make(dossier, part.value, fmt)
    book = operator_book(dossier, part, fmt)
    if fmt == "csv":
        return b"".join(csv_chunks(book))
    buffer = io.BytesIO()
    (write_xlsx if fmt == "xlsx" else write_ods)(book, buffer)
    return buffer.getvalue()


def check_path(path: Path) -> None:
    """Said before anything is made: making a document takes seconds."""
    if path.is_dir():
        raise CommandError(french_spaces(f"« {path} » est un dossier : donnez le nom d’un fichier."))
    if not path.parent.is_dir():
        raise CommandError(french_spaces(f"Le dossier « {path.parent} » n’existe pas."))
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise CommandError(french_spaces(f"« {path} » ne peut pas être écrit : vérifiez les droits."))


def write_whole(path: Path, content: bytes) -> None:
    """All of it or nothing: the former file stays until the new one is whole."""
    path = path.resolve()
    draft = None
    try:
        if path.exists() and not path.is_file():  # a device, a pipe
            path.write_bytes(content)
            return
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".jalons-", delete=False) as file:
            draft = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask())
        draft.replace(path)
    except OSError as error:
        if draft is not None:
            with contextlib.suppress(OSError):
                draft.unlink()
        sentence = f"« {path} » ne peut pas être écrit ({error.strerror})."
        raise CommandError(french_spaces(sentence)) from None


def umask() -> int:
    """The only way to read it is to set it."""
    current = os.umask(0o077)
    os.umask(current)
    return current
