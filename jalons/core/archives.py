"""Zip archives and XML parts sent by a person, read with running budgets and in one way only.

A guard is worth nothing if the library behind it reads the same bytes otherwise. What two readers could understand in
two ways is refused here: two parts under one name, a local header that differs from the directory, parts that overlap,
bytes before or after the archive, compressions other than stored and deflate, declarations of entities.

No Django here: this runs in the confined child too.
"""

import codecs
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, Any, BinaryIO
from xml.parsers import expat

CHUNK = 64 * 1024
MOST_MEMBERS = 10_000
LARGEST_DIRECTORY = 4 * 1024 * 1024  # bytes; read whole by the library before a single name can be counted
DEEPEST = 256  # elements inside one another
END, END_64, LOCAL = b"PK\x05\x06", b"PK\x06\x07", b"PK\x03\x04"
END_SIZE, LOCAL_SIZE = 22, 30
ENCRYPTED = 0x1
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]


class DamagedFile(Exception):
    """Not what its type says, or what two programs could read in two ways."""


class OversizedFile(Exception):
    """It unfolds to more than Jalons accepts to read."""


class EncryptedFile(Exception):
    """A password is needed."""


@dataclass
class Budget:
    """What one file may still cost, all its parts together."""

    unfolded: int  # bytes
    elements: int  # of XML

    def spend(self, *, unfolded: int = 0, elements: int = 0) -> None:
        self.unfolded -= unfolded
        self.elements -= elements
        if self.unfolded < 0 or self.elements < 0:
            raise OversizedFile


@dataclass
class Archive:
    """The parts of an archive by their exact names. No two names differ only by case or by slash."""

    reader: zipfile.ZipFile
    budget: Budget
    members: dict[str, zipfile.ZipInfo]
    by_folded_name: dict[str, str] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def named(self, name: str) -> str | None:
        """The exact name of a part, asked for as Office does: whatever the case."""
        return self.by_folded_name.get(folded(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        with self.reader.open(self.members[name]) as part:
            while chunk := part.read(CHUNK):
                self.budget.spend(unfolded=len(chunk))
                yield chunk

    def chunks_into(self, name: str, target: IO[bytes]) -> Iterator[bytes]:
        """The same, each written to `target` before it is given: what is read and what is copied cannot differ."""
        for chunk in self.chunks(name):
            target.write(chunk)
            yield chunk

    def content(self, name: str, most: int) -> bytes:
        """A whole part, never its beginning only. Raises `OversizedFile` beyond `most` bytes."""
        if self.members[name].file_size > most:
            raise OversizedFile
        return b"".join(self.chunks(name))

    def beginning(self, name: str, length: int) -> bytes:
        with self.reader.open(self.members[name]) as part:
            return part.read(length)

    def parse(self, name: str, start: Start, **handlers: Any) -> None:
        parse_xml(self.chunks(name), self.budget, start, **handlers)


def folded(name: str) -> str:
    return name.replace("\\", "/").lower()


def open_archive(file: BinaryIO, budget: Budget) -> Archive:
    """Raises `DamagedFile`, `OversizedFile`, `EncryptedFile`; nothing is unfolded yet."""
    check_ends(file)
    file.seek(0)
    reader = zipfile.ZipFile(file)
    members = reader.infolist()
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > budget.unfolded:
        raise OversizedFile
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise EncryptedFile
    names = {folded(member.filename): member.filename for member in members}
    if len(names) != len(members) or any(escapes(name) for name in names):
        raise DamagedFile
    check_places(file, members, reader.start_dir)
    return Archive(reader, budget, {member.filename: member for member in members}, names)


def check_ends(file: BinaryIO) -> None:
    """The archive begins and ends with the file, and its directory is short enough to be read whole."""
    file.seek(0)
    beginning = file.read(4)
    size = file.seek(0, 2)
    if beginning != LOCAL or size < END_SIZE:
        raise DamagedFile
    file.seek(max(0, size - END_SIZE - 20))
    tail = file.read()
    end = tail[-END_SIZE:]
    if not end.startswith(END) or tail.startswith(END_64):
        raise DamagedFile
    disk, first_disk, here, total, length, offset, comment = struct.unpack("<4H2LH", end[4:])
    if disk or first_disk or here != total or comment or offset + length != size - END_SIZE:
        raise DamagedFile
    if length > LARGEST_DIRECTORY:
        raise OversizedFile


def check_places(file: BinaryIO, members: list[zipfile.ZipInfo], directory: int) -> None:
    """Each part stands alone, under the name, method and size that the directory gives."""
    free_from = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < free_from or (free_from == 0 and member.header_offset):
            raise DamagedFile
        file.seek(member.header_offset)
        header = file.read(LOCAL_SIZE)
        if len(header) < LOCAL_SIZE or not header.startswith(LOCAL):
            raise DamagedFile
        flags, method = struct.unpack("<2H", header[6:10])
        name_length, extra_length = struct.unpack("<2H", header[26:30])
        if file.read(name_length) != raw_name(member) or method != member.compress_type:
            raise DamagedFile
        if method not in METHODS or flags & ENCRYPTED:
            raise DamagedFile
        free_from = member.header_offset + LOCAL_SIZE + name_length + extra_length + member.compress_size
        if free_from > directory:
            raise DamagedFile


def raw_name(member: zipfile.ZipInfo) -> bytes:
    return member.orig_filename.encode("utf-8" if member.flag_bits & 0x800 else "cp437")


def escapes(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/") or "\0" in name


# XML --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def local(name: str) -> str:
    """The name without its prefix or its namespace."""
    return name.rpartition(":")[2]


def refuse(*declaration: Any) -> None:
    raise DamagedFile("a document type is declared")


def only_utf8(version: str, encoding: str | None, standalone: int) -> None:
    if (encoding or "utf-8").lower() not in ("utf-8", "us-ascii"):
        raise DamagedFile("an encoding")


def parse_xml(
    chunks: Iterator[bytes], budget: Budget, start: Start, *, utf8: bool = False, **handlers: Any
) -> None:
    """Read one part. Names come as they are written, prefix included: the library matches them so.

    `utf8`: for a library that reads nothing else; a part that announces another encoding is refused.
    `handlers`: `end` and `text`, called after each element and with its text.
    """
    parser = expat.ParserCreate("utf-8" if utf8 else None)
    parser.buffer_text = True
    if utf8:
        parser.XmlDeclHandler = only_utf8
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    depth, left = 0, budget.elements
    after = handlers.get("end")

    # Called for each of millions of elements: nothing is looked up that a local name can hold.
    def begin(name: str, attributes: Attributes) -> None:
        nonlocal depth, left
        depth += 1
        left -= 1
        if depth > DEEPEST:
            raise DamagedFile("too deep")
        if left < 0:
            raise OversizedFile
        start(name, attributes)

    def finish(name: str) -> None:
        nonlocal depth
        depth -= 1
        if after:
            after(name)

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    if text := handlers.get("text"):
        parser.CharacterDataHandler = text
    try:
        for number, chunk in enumerate(chunks):
            if utf8 and number == 0 and (chunk.startswith(WIDE_MARKS) or b"\0" in chunk[:4]):
                raise DamagedFile("an encoding")
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DamagedFile("not XML") from error
    finally:
        budget.elements = left
