"""What a file is, from its content: it must be what its name says, and nothing else besides."""

import codecs
import hashlib
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError

from jalons.core.values import format_number, join_and
from jalons.documents.enums import DocumentType

CHUNK = 64 * 1024
HEAD = 8192
LONGEST_NAME = 255  # bytes, what file systems take
MOST_MEMBERS = 10_000
# Office files unfold by ten or twenty; beyond this, one was made to fill a disk.
MOST_UNFOLDED = 40
NO_EXTENSION = "Le nom de ce fichier n’a pas d’extension, qui dirait son type"
END_OF_ZIP = b"PK\x05\x06"
SAME = {"jpeg": "jpg", "text": "txt"}
MACROS = re.compile(r"vbaproject|vbadata|/macrosheets/|/dialogsheets/|^(basic|scripts)/", re.I)
PROGRAMS = re.compile(r"\.(exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|jar|lnk|sh)$", re.I)
# Texts that a browser or a shell would take for something else.
NOT_PLAIN = re.compile(
    r"\s*(<\?xml|<!doctype|<html|<svg|<script|<!--|<head|<body|%pdf-|%!ps|\{\\rtf|#!)", re.I
)
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError, ValueError, OSError
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was checked: the only thing that `services.attach_document` takes."""

    file: Any
    name: str
    kind: DocumentType
    size: int
    sha256: str


def accepted_types() -> list[DocumentType]:
    return [kind for kind in DocumentType if kind in settings.DOCUMENT_TYPES]


def accepted_words() -> str:
    """« PDF, PNG, JPG et TXT »."""
    return join_and([kind.value.upper() for kind in accepted_types()])


def size_in_words(size: int) -> str:
    """« 82 octets », « 850 Ko », « 1,2 Mo », as the file managers of most people count them."""
    if size < 1024:
        return f"{format_number(size)}\u00a0octets"
    unit, shown = ("Ko", size / 1024) if size < 1024 * 1024 else ("Mo", size / 1024 / 1024)
    whole = shown >= 10 or shown == int(shown)
    return f"{format_number(shown, 0 if whole else 1)}\u00a0{unit}"


def too_large(size: int | None = None) -> ValidationError:
    limit = size_in_words(settings.DOCUMENT_MAX_BYTES)
    found = f"Ce fichier pèse {size_in_words(size)}" if size else "Ce fichier est trop lourd"
    return refused(
        f"{found}\u00a0: {limit} au plus. Réduisez-le (par exemple en PDF de qualité moyenne), ou coupez-le en "
        "plusieurs fichiers.",
        "too_large",
    )


def refused(message: str, code: str) -> ValidationError:
    return ValidationError(message, code=code)


def check_upload(file: Any, *, name: str) -> Upload:
    """`file` is open for reading, with `size` and `chunks()`. `ValidationError`, in French, says what to do."""
    clean = clean_name(name)
    kind = kind_named(clean)
    if not file.size:
        raise refused("Ce fichier est vide. Ouvrez-le sur votre ordinateur pour le vérifier.", "empty")
    if file.size > settings.DOCUMENT_MAX_BYTES:
        raise too_large(file.size)
    file.seek(0)
    CONTENT_CHECKS[kind](file, kind)
    digest = hashlib.sha256()
    for chunk in file.chunks(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return Upload(file, clean, kind, file.size, digest.hexdigest())


# Names ---------------------------------------------------------------------------------------------------


def visible_text(text: str) -> str:
    """One line without what cannot be seen: control characters, and those that turn the writing round."""
    kept = (c if unicodedata.category(c)[0] != "Z" else " " for c in unicodedata.normalize("NFC", text))
    return " ".join("".join(c for c in kept if unicodedata.category(c)[0] != "C").split())


def clean_name(name: str) -> str:
    """The name under which a file is given back: no folder, nothing hidden, no sign that a system refuses."""
    bare = re.split(r"[/\\]", name)[-1]
    text = re.sub(r'[<>:"|?*]', "_", visible_text(bare)).lstrip(". ").rstrip(". ")
    stem, dot, extension = text.rpartition(".")
    if not dot:
        stem, extension = text, ""
    ending = f"{dot}{extension[:20].strip()}"
    room = LONGEST_NAME - len(ending.encode())
    stem = stem.strip().encode()[:room].decode(errors="ignore").strip() or "document"
    return f"{stem}{ending}"


def kind_named(name: str) -> DocumentType:
    """The type that the end of a name announces, among those accepted."""
    extension = PurePosixPath(name).suffix.lower().removeprefix(".")
    extension = SAME.get(extension, extension)
    if extension in {kind.value for kind in accepted_types()}:
        return DocumentType(extension)
    said = f"Les fichiers «\u00a0.{extension}\u00a0» ne sont pas acceptés" if extension else NO_EXTENSION
    raise refused(f"{said}. Types acceptés\u00a0: {accepted_words()}.", "type")


# Contents ------------------------------------------------------------------------------------------------


def mismatch(kind: DocumentType) -> ValidationError:
    return refused(
        f"Le contenu de ce fichier n’est pas celui d’un fichier «\u00a0.{kind.value}\u00a0», malgré son nom. "
        "Ouvrez-le, puis enregistrez-le de nouveau dans ce format.",
        "mismatch",
    )


def check_binary(file: Any, kind: DocumentType) -> None:
    """PDF and images: the right beginning, and no archive hidden behind it."""
    found = filetype.guess(file.read(HEAD))
    if found is None or found.extension != kind.value:
        raise mismatch(kind)
    if zipfile.is_zipfile(file):
        raise refused(
            "Ce fichier en cache un autre. Enregistrez-le de nouveau avant de le joindre.", "polyglot"
        )
    file.seek(0)


def check_text(file: Any, kind: DocumentType) -> None:
    """CSV and text: UTF-8, UTF-16 with its mark, or Windows; only characters that one can read."""
    head = file.read(HEAD)
    file.seek(0)
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    if not reads_as(file, encoding) and not reads_as(file, "cp1252"):
        raise mismatch(kind)
    start = head.decode(encoding, errors="ignore")
    if NOT_PLAIN.match(start.lstrip("\ufeff")):
        raise mismatch(kind)


def reads_as(file: Any, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while True:
            chunk = file.read(CHUNK)
            text = decoder.decode(chunk, final=not chunk)
            if any(c < " " and c not in "\t\n\r\f" for c in text):
                return False
            if not chunk:
                return True
    except UnicodeError:
        return False
    finally:
        file.seek(0)


def check_office(file: Any, kind: DocumentType) -> None:
    """Word, Excel and LibreOffice files are archives: the right parts, no macro, no program, nothing around."""
    if file.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise refused(
            "Ce fichier est protégé par un mot de passe, ou dans un ancien format. Retirez le mot de passe, ou "
            f"enregistrez-le en «\u00a0.{kind.value}\u00a0».",
            "protected",
        )
    try:
        with zipfile.ZipFile(file) as archive:
            check_archive(archive, file, kind)
            CONTAINERS[kind](archive, kind)
    except BROKEN_ZIP as error:
        raise mismatch(kind) from error
    finally:
        file.seek(0)


def check_archive(archive: zipfile.ZipFile, file: Any, kind: DocumentType) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    unfolded = sum(member.file_size for member in members)
    if len(names) > MOST_MEMBERS or unfolded > MOST_UNFOLDED * settings.DOCUMENT_MAX_BYTES:
        raise refused("Ce fichier se déplie en un contenu démesuré. Allégez-le avant de le joindre.", "bomb")
    if len(set(names)) != len(names) or any(escapes(name) for name in names):
        raise mismatch(kind)
    if any(MACROS.search(name) for name in names):
        raise refused(
            f"Ce fichier contient des macros. Enregistrez-le sans macros («\u00a0.{kind.value}\u00a0» simple), puis "
            "joignez-le.",
            "macros",
        )
    if any(PROGRAMS.search(name) for name in names):
        raise refused("Ce fichier contient un programme. Retirez-le avant de le joindre.", "program")
    if any(member.flag_bits & 0x1 for member in members):
        raise protected()
    if not is_alone(archive, file):
        raise mismatch(kind)


def protected() -> ValidationError:
    return refused(
        "Ce fichier est protégé par un mot de passe. Retirez-le, puis joignez le fichier.", "protected"
    )


def escapes(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or "\0" in name


def is_alone(archive: zipfile.ZipFile, file: Any) -> bool:
    """The archive begins with the file and ends with it: nothing is hidden before or after."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        return False
    length = 22 + len(archive.comment)
    file.seek(-length, 2)
    return file.read(4) == END_OF_ZIP and min(member.header_offset for member in archive.infolist()) == 0


def check_openxml(archive: zipfile.ZipFile, kind: DocumentType) -> None:
    types = part(archive, "[Content_Types].xml").decode("utf-8", errors="replace")
    main = {DocumentType.DOCX: "word/document.xml", DocumentType.XLSX: "xl/workbook.xml"}[kind]
    if "macroenabled" in types.lower():
        raise refused(
            "Ce fichier contient des macros. Enregistrez-le sans macros, puis joignez-le.", "macros"
        )
    if f"{kind.media_type}.main+xml" not in types or main not in archive.namelist():
        raise mismatch(kind)


def check_opendocument(archive: zipfile.ZipFile, kind: DocumentType) -> None:
    if part(archive, "mimetype").decode("ascii").strip() != kind.media_type:
        raise mismatch(kind)
    if "encryption-data" in part(archive, "META-INF/manifest.xml").decode("utf-8", errors="replace"):
        raise protected()
    if "content.xml" not in archive.namelist():
        raise mismatch(kind)


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part, no longer than it has any reason to be; `ValueError` when it is absent."""
    if name not in archive.namelist():
        raise ValueError(name)
    with archive.open(name) as opened:
        return opened.read(1024 * 1024)


CONTAINERS = {
    DocumentType.DOCX: check_openxml,
    DocumentType.XLSX: check_openxml,
    DocumentType.ODT: check_opendocument,
    DocumentType.ODS: check_opendocument,
}
CONTENT_CHECKS = {
    **dict.fromkeys((DocumentType.PDF, DocumentType.PNG, DocumentType.JPG), check_binary),
    **dict.fromkeys(CONTAINERS, check_office),
    **dict.fromkeys((DocumentType.CSV, DocumentType.TXT), check_text),
}
