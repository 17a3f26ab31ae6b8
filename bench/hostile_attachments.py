"""Attachments made to harm whoever inspects them, as `hostile_files` for workbooks."""

import zlib
from collections.abc import Callable

from bench.hostile_files import OFFICE, archive, pieces

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEGABYTE = 1024 * 1024
DOCX: dict[str, bytes | str] = {
    "[Content_Types].xml": f'<Types><Override PartName="/word/document.xml" ContentType="{WORD}.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships><Relationship Id="a" Type="{OFFICE}/officeDocument" '
    'Target="word/document.xml"/></Relationships>',
    "word/document.xml": "<x/>",
}


def docx(piece: bytes, times: int, beginning: bytes = b"<x>", end: bytes = b"</x>") -> bytes:
    return pieces(beginning, piece, times, end, DOCX, "word/document.xml")


def deflated(piece: bytes, times: int) -> bytes:
    packing = zlib.compressobj(9)
    return b"".join([*(packing.compress(piece) for _ in range(times)), packing.flush()])


def pdf(objects: list[bytes], *, streams: int = 0) -> bytes:
    """A table in a stream names the objects; the last `streams` of them hold one compressed object each."""
    content, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, count = len(content), len(objects)
    rows = b"\0" * 7 + b"".join(b"\1" + place.to_bytes(4, "big") + b"\0\0" for place in places)
    rows += b"".join(
        b"\2" + (number + 1).to_bytes(4, "big") + b"\0\0" for number in range(count - streams, count)
    )
    table = zlib.compress(rows)
    head = b"<</Type/XRef/Size %d/Root 1 0 R/W[1 4 2]/Filter/FlateDecode/Length %d>>" % (
        1 + count + streams,
        len(table),
    )
    content += b"%d 0 obj\n%bstream\n%b\nendstream\nendobj\n" % (count + streams + 1, head, table)
    return bytes(content) + b"startxref\n%d\n%%%%EOF\n" % start


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[]/Count 0>>"


def object_stream(piece: bytes, times: int) -> bytes:
    content = deflated(piece, times)
    head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>" % len(content)
    return b"%bstream\n%b\nendstream" % (head, content)


def streams_of(megabytes: int, count: int = 1) -> bytes:
    return pdf([CATALOG, PAGES, *[object_stream(b" " * MEGABYTE, megabytes)] * count], streams=count)


def twice_deflated(megabytes: int) -> bytes:
    content = zlib.compress(deflated(b" " * MEGABYTE, megabytes), 9)
    head = b"<</Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]/Length %d>>" % len(content)
    return pdf([CATALOG, PAGES, b"%bstream\n%b\nendstream" % (head, content)], streams=1)


def table_that_turns() -> bytes:
    """Its table says that the one before is itself."""
    body = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/W 1>>\nendobj\n"
    start = len(body)
    return (
        body
        + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 2/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            start,
            start,
        )
    )


def widest_table() -> bytes:
    """A table of one row that announces four billion."""
    table = zlib.compress(b"\0" * 7)
    head = b"<</Type/XRef/Size 4294967295/Root 1 0 R/W[1 4 2]/Filter/FlateDecode/Length %d>>" % len(table)
    body = b"%%PDF-1.7\n1 0 obj\n%b\nendobj\n" % CATALOG
    return body + b"2 0 obj\n%bstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        head,
        table,
        len(body),
    )


def deepest(sign: bytes, times: int) -> bytes:
    return pdf([CATALOG, PAGES, b"<</Type/ObjStm/N 1/First " + sign * times + b">>stream\nx\nendstream"])


# By what they do: the extension, and what makes the file.
ATTACHMENTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "un .docx dont une partie se déplie en 1 Go": ("docx", lambda: docx(b"a" * MEGABYTE, 1024)),
    "un .docx de 10 millions de balises": ("docx", lambda: docx(b"<a/>" * 100_000, 100)),
    "un .docx de 20 000 parties": (
        "docx",
        lambda: archive(DOCX | {f"word/{number}.xml": "<x/>" for number in range(20_000)}),
    ),
    "un .docx de 100 000 balises l’une dans l’autre": ("docx", lambda: docx(b"<a>" * 1000, 100)),
    "un PDF dont un flux d’objets se déplie en 1 Go": ("pdf", lambda: streams_of(1024)),
    "un PDF de 60 flux de 60 Mo": ("pdf", lambda: streams_of(60, 60)),
    "un PDF dont un flux est comprimé deux fois, 1 Go": ("pdf", lambda: twice_deflated(1024)),
    "un PDF de 100 000 listes l’une dans l’autre": ("pdf", lambda: deepest(b"[", 100_000)),
    "un PDF dont la table se dit précédée d’elle-même": ("pdf", table_that_turns),
    "un PDF qui annonce quatre milliards d’objets": ("pdf", widest_table),
    "un PDF de 9 Mo de nombres et d’espaces": (
        "pdf",
        lambda: b"%PDF-1.4\n/W " + (b"1234567890" + b" " * 90) * 90_000,
    ),
    "un PDF de 9 Mo de débuts de noms": ("pdf", lambda: b"%PDF-1.4\n/W " + b"/JavaScrip" * 900_000),
}
