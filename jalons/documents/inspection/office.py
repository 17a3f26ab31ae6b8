"""Word, Excel and LibreOffice documents, by the types and relationships of their parts rather than by their names."""

import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from jalons.core.archives import Archive, Budget, open_archive
from jalons.documents.inspection import Objection, opendocument, openxml

ELEMENTS = 8_000_000  # of XML, in all the parts that are read
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # macro projects and OLE objects, whatever their names
PROGRAMS = (b"MZ", b"\x7fELF")
MACRO_NAMES = re.compile(r"vbaproject|vbadata|/macrosheets/|/dialogsheets/|^(basic|scripts)/", re.IGNORECASE)
PROGRAM_NAMES = re.compile(
    r"\.(exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|jar|lnk|sh)$", re.IGNORECASE
)
FAMILIES = {
    "docx": openxml.check,
    "xlsx": openxml.check,
    "odt": opendocument.check,
    "ods": opendocument.check,
}


def inspect(file: BinaryIO, kind: str, media_type: str, unfolded: int) -> Iterator[Any]:
    try:
        check_document(file, kind, media_type, Budget(unfolded=unfolded, elements=ELEMENTS))
    except Objection as objection:
        yield {"objection": objection.code}
    else:
        yield {"objection": ""}


def check_document(file: BinaryIO, kind: str, media_type: str, budget: Budget) -> None:
    archive = open_archive(file, budget)
    check_parts(archive)
    FAMILIES[kind](archive, media_type)
    for name, inner in openxml.embedded(archive).items() if kind in openxml.MAIN else ():
        # A chart of Word carries its figures as a workbook: looked into in the same way, and once only.
        content = io.BytesIO(b"".join(archive.chunks(name)))
        nested = open_archive(content, budget)
        check_parts(nested)
        FAMILIES[inner](nested, openxml.MEDIA_TYPES[inner])
        if openxml.embedded(nested):
            raise Objection("object")


def check_parts(archive: Archive) -> None:
    """By names first: an honest file gets the plainer answer."""
    for name in archive.members:
        if MACRO_NAMES.search(name):
            raise Objection("macros")
        if PROGRAM_NAMES.search(name):
            raise Objection("program")
    for name in archive.members:
        beginning = archive.beginning(name, 8)
        if beginning == COMPOUND:
            raise Objection("object")
        if beginning.startswith(PROGRAMS) and not name.lower().endswith((".txt", ".xml")):
            raise Objection("program")
