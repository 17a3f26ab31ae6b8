"""PDF: names that make a reader run, open or carry something, in the file and inside its compressed objects.

The whole file is searched, so that nothing depends on how a broken file is mended. Objects may also be compressed
together (« object streams »): pypdf unfolds them, whatever their filters. One that it cannot read is an objection.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, PyPdfError

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
ENCRYPTED = re.compile(b"/" + pattern(b"Encrypt") + rb"(?![A-Za-z0-9])")


def inspect(file: BinaryIO) -> Iterator[Any]:
    content = file.read()
    try:
        check_names(content)
        compressed = OBJECT_STREAM.search(content) is not None
        if compressed or ENCRYPTED.search(content):
            check_object_streams(file, compressed=compressed)
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


def check_object_streams(file: BinaryIO, *, compressed: bool) -> None:
    file.seek(0)
    try:
        for content in object_streams(PdfReader(file, strict=False)):
            check_names(content)
    except DependencyError:
        # Names stay in clear in an encrypted file, but for those of compressed objects.
        if compressed:
            raise Objection("protected") from None
    except PyPdfError:
        raise Objection("unread") from None


def object_streams(reader: PdfReader) -> Iterator[bytes]:
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise Objection("protected")
    streams = {stream for stream, _ in reader.xref_objStm.values()}
    if not streams and not reader.is_encrypted:
        raise Objection("unread")  # the file has some, which its table does not know
    unfolded = 0
    for number in streams:
        content = reader.get_object(number).get_data()  # type: ignore[union-attr]  # a stream, or an error
        unfolded += len(content)
        if unfolded > MOST_UNFOLDED:
            raise OversizedFile
        yield content
