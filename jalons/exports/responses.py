"""Answers that carry a file: its name, its trace, nothing left behind."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.text import slugify

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.core.values.dates import local_day
from jalons.exports.contract import About, Book, Export, Params
from jalons.exports.enums import Format
from jalons.exports.models import Download
from jalons.exports.preparing import LONG, signed
from jalons.exports.services import complete_download, record_download
from jalons.exports.writers import csv_chunks, write_ods, write_xlsx

CONTENT_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    Format.PNG: "image/png",
    Format.SVG: "image/svg+xml",
    Format.GEOJSON: "application/geo+json",
}
LONGEST_PERIMETER = 60  # characters of a file name


def respond(export: Export, user: User, params: Params, fmt: str, maker: str = "") -> HttpResponseBase:
    """The file asked for, traced. 404 for a format that the export does not have, 403 without its right.

    `maker`: where the worker finds the export again (see `preparing.export_named`). With it, what is long to write is
    not written here: the answer leads to the page that asks the worker.
    """
    if fmt not in export.formats:
        raise Http404(f"format: {fmt}")
    chosen = Format(fmt)
    export.check(user)
    book = export.build(user, params)
    if maker and book.milliseconds() > LONG:
        return redirect(
            f"{reverse('exports:prepare')}?{urlencode({'demande': signed(user, maker, params, chosen)})}"
        )
    if chosen is Format.CSV:
        download = trace(book, params, chosen, None)
        body: HttpResponseBase = StreamingHttpResponse(counted(book, download))
    else:
        file = written(book, params, chosen)
        trace(book, params, chosen, book.written)
        body = FileResponse(file)
    return named(body, file_name(export.name, book.about, chosen), chosen)


def send(
    content: bytes,
    *,
    user: User,
    right: Right,
    name: str,
    label: str,
    about: About,
    fmt: Format,
    params: Params,
) -> HttpResponse:
    """A document already made (pdf, docx, png), traced in the same list. The caller has checked `right`."""
    record_download(
        user=user,
        right=right,
        export=name,
        label=f"{label}\u00a0: {about.perimeter}",
        fmt=fmt,
        params=params,
        rows=1,
    )
    return named(HttpResponse(content), file_name(name, about, fmt), fmt)


def written(book: Book, params: Params, fmt: Format) -> IO[bytes]:
    """A file without a name: the system forgets it as soon as the answer has been sent."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by the answer
    try:
        write(book, fmt, file)
    except BaseException:
        file.close()
        trace(book, params, fmt, None)
        raise
    file.seek(0)
    return file


def write(book: Book, fmt: Format, file: IO[bytes]) -> None:
    if fmt is Format.CSV:
        file.writelines(csv_chunks(book))
    else:
        (write_xlsx if fmt is Format.XLSX else write_ods)(book, file)


def counted(book: Book, download: Download) -> Iterator[bytes]:
    yield from csv_chunks(book)
    complete_download(download=download, rows=book.written)


def trace(book: Book, params: Params, fmt: Format, rows: int | None) -> Download:
    return record_download(
        user=book.reader,
        right=book.export.right,
        export=book.export.name,
        label=f"{book.export.label}\u00a0: {book.about.perimeter}",
        fmt=fmt,
        params=params,
        rows=rows,
    )


def file_name(name: str, about: About, fmt: Format) -> str:
    """« sites-nord-au-2026-11-21.xlsx », with « -connu-le-2026-12-01 » for what was known then."""
    day: dt.date = about.as_of or local_day(about.made_at)
    place = slugify(about.perimeter)[:LONGEST_PERIMETER].strip("-")
    parts = [slugify(name), place, f"au-{day.isoformat()}"]
    if about.known_on:
        parts.append(f"connu-le-{about.known_on.isoformat()}")
    return f"{'-'.join(filter(None, parts))}.{fmt}"


def named(body: Any, name: str, fmt: Format) -> Any:
    """Headers of a private file to save: its name (RFC 5987), its type, no copy on the way."""
    body["Content-Type"] = CONTENT_TYPES[fmt]
    body["Content-Disposition"] = content_disposition_header(True, name)
    body["Cache-Control"] = "private, no-store"
    body["X-Content-Type-Options"] = "nosniff"
    return body
