"""PDF: names that make a reader run, open or carry something, in the file and inside its compressed objects.

The whole file is searched, so that nothing depends on how a broken file is mended. Objects may also be compressed
together (« object streams »): pypdf unfolds them, whatever their filters. One that it cannot read is an objection.

Readers find an object stream by the table of the file, whatever the stream says it is, or by what it says it is when
they mend the table: both are looked into.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import StreamObject, read_object

from jalons.core.archives import OversizedFile
from jalons.documents.inspection import Objection

NAMES = {
    b"JavaScript": "script",
    b"XFA": "script",
    b"Rendition": "script",
    b"Launch": "launch",
    b"ImportData": "launch",
    b"RichMedia": "attached",
    b"EmbeddedFile": "attached",
    b"EmbeddedFiles": "attached",
    b"FileAttachment": "attached",
}
# « HTML/JavaScript » in a text is no name; « 5 0 R/JavaScript » is one.
BEFORE = re.compile(rb"[A-Za-z]+\Z")
WORDS_OF_PDF = {b"R", b"true", b"false", b"null", b"obj", b"endobj"}
MOST_UNFOLDED = 64 * 1024 * 1024  # bytes of all object streams


def pattern(name: bytes) -> bytes:
    """A name, each of its letters as it is or by its code (« #4a »)."""
    return b"".join(b"(?:%c|#%s)" % (letter, spelt(letter)) for letter in name)


def spelt(letter: int) -> bytes:
    return b"".join(b"[%c%c]" % (ord(sign.lower()), ord(sign.upper())) for sign in f"{letter:02x}")


ACTIVE = re.compile(
    b"/(?:"
    + b"|".join(b"(?P<n%d>%s)" % pair for pair in enumerate(map(pattern, NAMES)))
    + rb")(?![A-Za-z0-9])"
)
OBJECT_STREAM = re.compile(b"/" + pattern(b"ObjStm") + rb"(?![A-Za-z0-9])")
HEADER_OR_STREAM = re.compile(rb"(?P<header>\d{1,10}+[\0\s]++\d{1,5}+[\0\s]++obj)|" + OBJECT_STREAM.pattern)
TABLE_IN_STREAM = re.compile(b"/" + pattern(b"XRef") + rb"(?:Stm)?(?![A-Za-z0-9])")
TABLE_PLACE = re.compile(rb"startxref[\0\s]++(\d{1,12})")
HEADER = re.compile(rb"[\0\s]*+\d{1,10}+[\0\s]++\d{1,5}+[\0\s]++obj")
ENCRYPTED = re.compile(b"/" + pattern(b"Encrypt") + rb"(?![A-Za-z0-9])")


def inspect(file: BinaryIO) -> Iterator[Any]:
    content = file.read()
    try:
        check_names(content)
        signs = (OBJECT_STREAM, TABLE_IN_STREAM, ENCRYPTED)
        if any(sign.search(content) for sign in signs) or table_is_an_object(content):
            check_object_streams(file, content)
    except Objection as objection:
        yield {"objection": objection.code}
    else:
        yield {"objection": ""}


def check_names(content: bytes) -> None:
    codes = list(NAMES.values())
    for match in ACTIVE.finditer(content):
        word = BEFORE.search(content, max(0, match.start() - 40), match.start())
        before = word[0] if word else b""
        starts_name = word is not None and content[word.start() - 1 : word.start()] in (b"/", b"#")
        if not before or starts_name or before in WORDS_OF_PDF or not is_text(content, word):
            [place] = [int(group[1:]) for group, text in match.groupdict().items() if text is not None]
            raise Objection(codes[place])


def is_text(content: bytes, word: re.Match[bytes] | None) -> bool:
    """The letters just before stand at the beginning of a text or after a space, not inside another name."""
    return word is not None and (word.start() == 0 or content[word.start() - 1] in b"( \t\r\n-/.,;:")


def table_is_an_object(content: bytes) -> bool:
    """A table that is a stream may name objects inside others, whatever it says it is."""
    places = (int(match[1]) for match in TABLE_PLACE.finditer(content))
    return any(HEADER.match(content, place) for place in places)


def check_object_streams(file: BinaryIO, content: bytes) -> None:
    file.seek(0)
    try:
        reader = PdfReader(file, strict=False)
        if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            raise Objection("protected")
        unfolded = 0
        for stream in object_streams(reader, content):
            unfolded += len(stream)
            if unfolded > MOST_UNFOLDED:
                raise OversizedFile
            check_names(stream)
    except DependencyError:
        # Names stay in clear in an encrypted file, but for those of compressed objects.
        if OBJECT_STREAM.search(content) or TABLE_IN_STREAM.search(content):
            raise Objection("protected") from None
    except PyPdfError:
        raise Objection("unread") from None


def object_streams(reader: PdfReader, content: bytes) -> Iterator[bytes]:
    """What they unfold to: those that the table names, then those that only say what they are."""
    places = reader.xref.get(0, {})
    named = sorted({stream for stream, _ in reader.xref_objStm.values()})
    for number in named:
        yield reader.get_object(number).get_data()  # type: ignore[union-attr]  # a stream, or an error
    known = {places[number] for number in named if number in places}
    for place in streams_in(content):
        if place not in known:
            yield stream_at(reader, place)


def streams_in(content: bytes) -> Iterator[int]:
    """Where the objects begin that say to be object streams, whatever the table."""
    place = None
    for match in HEADER_OR_STREAM.finditer(content):
        if match["header"]:
            place = match.start()
        elif place is not None:
            yield place
            place = None


def stream_at(reader: PdfReader, place: int) -> bytes:
    reader.stream.seek(place)
    number, generation = reader.read_object_header(reader.stream)
    stream: Any = read_object(reader.stream, reader)
    if reader._encryption is not None:
        stream = reader._encryption.decrypt_object(stream, number, generation, strict=False)
    if not isinstance(stream, StreamObject):
        raise Objection("unread")
    return stream.get_data()
