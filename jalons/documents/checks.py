"""What a file is, from its content: it must be what its name says, and nothing else besides."""

import codecs
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError

from jalons.core.confined import Reason, UnreadFile, read_confined
from jalons.core.values import format_number, join_and
from jalons.documents.enums import DocumentType

CHUNK = 64 * 1024
HEAD = 8192
LONGEST_NAME = 255  # bytes, what file systems take
# Office files unfold by ten or twenty; beyond this, one was made to fill a disk.
MOST_UNFOLDED = 40
NO_EXTENSION = "Le nom de ce fichier n’a pas d’extension, qui dirait son type"
END_OF_ZIP = b"PK\x05\x06"
LONGEST_END = 66 * 1024  # where a program looks for the end of an archive
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
IMAGES = (DocumentType.PNG, DocumentType.JPG)
# Extensions of old formats, of those with macros, and the one to save in.
SAVE_AS = {
    **dict.fromkeys(("doc", "docm", "dot", "dotx", "dotm", "rtf", "wps", "pages"), "docx"),
    **dict.fromkeys(("xls", "xlsm", "xlsb", "xlt", "xltx", "xltm", "numbers"), "xlsx"),
    **dict.fromkeys(("ppt", "pptx", "pps", "ppsx", "odp"), "pdf"),
    "sxw": "odt", "ott": "odt", "sxc": "ods", "ots": "ods",
    **dict.fromkeys(("heic", "heif", "webp", "gif", "bmp", "tif", "tiff"), "jpg"),
}  # fmt: skip
SAME = {"jpeg": "jpg", "text": "txt"}
# Texts that a browser or a shell would take for something else.
NOT_PLAIN = re.compile(
    r"\s*(<\?xml|<!doctype|<html|<svg|<script|<!--|<head|<body|%pdf-|%!ps|\{\\rtf|#!)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was checked: the only thing that `services.stored` takes."""

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
    unit, figure = ("Ko", size / 1024) if size < 1024 * 1024 else ("Mo", size / 1024 / 1024)
    whole = figure >= 10 or figure == int(figure)
    return f"{format_number(figure, 0 if whole else 1)}\u00a0{unit}"


def too_large(size: int | None = None) -> ValidationError:
    limit = size_in_words(settings.DOCUMENT_MAX_BYTES)
    sentence = f"Ce fichier pèse {size_in_words(size)}" if size else "Ce fichier est trop lourd"
    return refused(
        f"{sentence}\u00a0: {limit} au plus. Réduisez-le (par exemple en PDF de qualité moyenne), ou coupez-le en "
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
    kind = image_in(file, kind)
    if kind is not kind_named(clean):
        clean = clean_name(f"{clean.rpartition('.')[0]}.{kind.value}")
    CONTENT_CHECKS[kind](file, kind)
    digest = hashlib.sha256()
    for chunk in file.chunks(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return Upload(file, clean, kind, file.size, digest.hexdigest())


# Names ---------------------------------------------------------------------------------------------------


def visible_text(text: str) -> str:
    """One line without what cannot be seen: control characters, and those that turn the writing round."""
    characters = (c if unicodedata.category(c)[0] != "Z" else " " for c in unicodedata.normalize("NFC", text))
    return " ".join("".join(c for c in characters if unicodedata.category(c)[0] != "C").split())


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
    save_as = SAVE_AS.get(extension, "")
    if save_as in {kind.value for kind in accepted_types()}:
        raise refused(
            f"Les fichiers «\u00a0.{extension}\u00a0» ne sont pas acceptés. Ouvrez-le, choisissez «\u00a0Enregistrer "
            f"sous\u00a0», prenez le type «\u00a0.{save_as}\u00a0», puis joignez ce nouveau fichier.",
            "type",
        )
    sentence = f"Les fichiers «\u00a0.{extension}\u00a0» ne sont pas acceptés" if extension else NO_EXTENSION
    raise refused(f"{sentence}. Types acceptés\u00a0: {accepted_words()}.", "type")


# Contents ------------------------------------------------------------------------------------------------


def mismatch(kind: DocumentType) -> ValidationError:
    return refused(
        f"Le contenu de ce fichier n’est pas celui d’un fichier «\u00a0.{kind.value}\u00a0», malgré son nom. "
        "Ouvrez-le, puis enregistrez-le de nouveau dans ce format.",
        "mismatch",
    )


def image_in(file: Any, kind: DocumentType) -> DocumentType:
    """A photo that a telephone or a site misnamed is taken for what it is, and given back under the right name."""
    if kind not in IMAGES:
        return kind
    guess = filetype.guess(file.read(HEAD))
    file.seek(0)
    images = {image.value: image for image in IMAGES if image in accepted_types()}
    return images.get(guess.extension, kind) if guess else kind


def check_binary(file: Any, kind: DocumentType) -> None:
    """PDF and images: the right beginning, and no archive hidden behind it."""
    guess = filetype.guess(file.read(HEAD))
    if guess is None or guess.extension != kind.value:
        raise mismatch(kind)
    file.seek(max(0, file.size - LONGEST_END))
    if END_OF_ZIP in file.read():
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
    """Word, Excel and LibreOffice files: the right parts, nothing that runs or loads something, nothing around."""
    if file.read(8) == COMPOUND:
        raise refused(
            "Ce fichier est protégé par un mot de passe, ou dans un ancien format. Retirez le mot de passe, ou "
            f"enregistrez-le en «\u00a0.{kind.value}\u00a0».",
            "protected",
        )
    options = {
        "kind": kind.value,
        "media_type": kind.media_type,
        "unfolded": MOST_UNFOLDED * settings.DOCUMENT_MAX_BYTES,
    }
    inspect("jalons.documents.inspection.office:inspect", file, kind, options)


def check_pdf(file: Any, kind: DocumentType) -> None:
    check_binary(file, kind)
    inspect("jalons.documents.inspection.pdf:inspect", file, kind, {})


def inspect(task: str, file: Any, kind: DocumentType, options: dict[str, Any]) -> None:
    """What a document would do once opened, seen by a child process. `ValidationError` says what is wrong."""
    try:
        [answer] = read_confined(task, file, **options)
        objection = answer["objection"]
    except UnreadFile as error:
        raise (
            mismatch(kind) if error.reason is Reason.DAMAGED else refused(str(error), error.reason)
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise mismatch(kind) from error
    finally:
        file.seek(0)
    if objection in OBJECTIONS:
        raise refused(OBJECTIONS[objection].format(kind=kind.value), objection)
    if objection:
        raise mismatch(kind)


PRINT = (
    "Imprimez-le en PDF («\u00a0Imprimer\u00a0», puis «\u00a0Enregistrer au format PDF\u00a0»), et joignez ce nouveau "
    "fichier."
)
OBJECTIONS = {
    "macros": "Ce fichier contient des macros. Enregistrez-le sans macros («\u00a0.{kind}\u00a0» simple), puis "
    "joignez-le.",
    "program": "Ce fichier contient un programme. Retirez-le avant de le joindre.",
    "object": "Ce fichier contient un autre document incorporé (objet OLE). Supprimez cet objet, ou remplacez-le par "
    "une image, puis joignez le fichier.",
    "activex": "Ce fichier contient des contrôles ActiveX (boutons, listes). Supprimez-les, puis joignez le fichier.",
    "outside": "Ce fichier va chercher ailleurs une partie de son contenu (modèle, image ou cadre liés). Rompez ces "
    "liaisons, ou enregistrez-le en PDF, puis joignez-le.",
    "exchange": "Ce fichier appelle un autre programme (liaison DDE). Supprimez cette liaison, puis joignez-le.",
    "protected": "Ce fichier est protégé par un mot de passe. Retirez-le, puis joignez le fichier.",
    "script": f"Ce PDF contient un programme (JavaScript ou formulaire dynamique). {PRINT}",
    "launch": f"Ce PDF ouvre un autre fichier ou un programme. {PRINT}",
    "attached": f"Ce PDF en cache un autre\u00a0: un fichier ou un média y est joint. {PRINT}",
    "unread": f"Ce PDF est abîmé\u00a0: il ne peut pas être lu en entier. {PRINT}",
}
OFFICE = (DocumentType.DOCX, DocumentType.XLSX, DocumentType.ODT, DocumentType.ODS)
CONTENT_CHECKS = {
    DocumentType.PDF: check_pdf,
    **dict.fromkeys(IMAGES, check_binary),
    **dict.fromkeys(OFFICE, check_office),
    **dict.fromkeys((DocumentType.CSV, DocumentType.TXT), check_text),
}
