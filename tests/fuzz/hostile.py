"""What nobody types by accident, by where it is put. `bytes` are sent as they are, valid UTF-8 or not."""

import base64
import io
import zipfile

Hostile = str | bytes


def zipped(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return held.getvalue()


TEXTS: list[Hostile] = [
    "",
    " ",
    "\t\r\n",
    "a\x00b",
    "a\x1b[31m\u202eb\u200b",
    "é" * 5000,
    "x" * 70_000,
    "\n" * 3000,
    "🏕️ Œuf-en-Ternois",
    "e\u0301" * 300,
    '=HYPERLINK("http://exemple.test")',
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "{{ 7|add:7 }}{% debug %}",
    "%s %(x)s {0} {x}",
    "../../../etc/passwd",
    "\\\\serveur\\partage",
    '{"a": [1, null]}',
    "[]",
    "a\tb\nc\td",
    b"\xff\xfe\xfd",
    b"\xed\xa0\x80",
]
NUMBERS: list[Hostile] = [
    "-1",
    "0",
    "-0",
    "2147483648",
    "-9223372036854775809",
    "9" * 25,
    "9" * 4500,
    "1e400",
    "-1e-400",
    "NaN",
    "Infinity",
    "1_000",
    "٣",
    "½",
    "²",
    "1,5",
    "1.5.5",
    "0x10",
    " 7 ",
    "12 %",
    "1 234,56 €",
    "≥ 680",
    "nd",
]
DATES: list[Hostile] = [
    "31/02/2020",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2020-13-45",
    "29/02/1900",
    "1/1/1",
    "32/1/2020",
    "2020-01-01",
    "2099-12-31",
    "2020-01-01T00:00:00+99:99",
    "mars",
    "s2 2020",
    "été 99999",
    "٠١/٠١/٢٠٢٠",
]
KEYS: list[Hostile] = [
    "None",
    "null",
    "true",
    "undefined",
    "1",
    "999999999",
    "abcdefghjk",
    "00000000-0000-0000-0000-000000000000",
    "id",
    "pk__in",
    "?",
    "&",
    "#",
    "http://[::1",
    "//exemple.test/",
    "javascript:alert(1)",
    "-",
    "1:2:3",
    ":",
    base64.b64encode(b"\x00" * 40).decode(),
]
VALUES = [*TEXTS, *NUMBERS, *DATES, *KEYS]

# Header values are what a server receives: Latin-1, on one line.
HEADERS: dict[str, list[str]] = {
    "HX-Request": ["true", "false", "\xff"],
    "HX-Current-URL": ["http://[::1", "http://testserver/sites/", "%%%", "", "http://testserver:99999/"],
    "HX-Current-URL-URI-AutoEncoded": ["true"],
    "HX-Target": ["body", "\xe9\xff", "x" * 2000],
    "HX-Trigger-Name": ["", "lignes-0-x", "<b>"],
    "HX-Boosted": ["true"],
    "HX-History-Restore-Request": ["true"],
    "HX-Prompt": ["%C3%A9", "\xc3\xa9"],
    "Triggering-Event": ["{", '{"a": 1}', "null"],
    "Referer": [
        "http://[::1",
        "http://testserver/sites/?au=2020-01-01",
        "//",
        "\xff",
        "http://testserver:x/",
    ],
    "Origin": ["null", "http://[", "http://exemple.test"],
    "Accept": ["*/*;q=x", "", "application/json", "x" * 3000],
    "Accept-Language": ["fr-FR,;q=,*", "x" * 600, "zz-" * 200],
    "Accept-Encoding": ["gzip;q=0", "br, \xff"],
    "User-Agent": ["", "\x01", "x" * 9000],
    "Cookie": ["sessionid=; csrftoken", "messages=bad; sessionid=\xff", "a=" + "b" * 4000, ";;;="],
    "X-Forwarded-For": ["1.2.3.4, ::1", "not an address", "x" * 5000],
    "X-Forwarded-Proto": ["https", "x"],
    "X-Forwarded-Host": ["exemple.test", "["],
    "X-Requested-With": ["XMLHttpRequest"],
    "If-Modified-Since": ["hier", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Foo 99999 99:99:99 GMT"],
    "If-None-Match": ['"', "*", 'W/"', "x" * 1000],
    "Range": ["bytes=5-1", "bytes=-", "bytes=0-99999999999999999999", "x"],
    "Content-Length": ["0", "7"],
    "Authorization": ["Basic !!!!", "Bearer \xff"],
    "Host": ["testserver:99999999", "exemple.test", "[::1", "te\xe9st", "localhost:"],
}
METHODS = ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND", "get"]
CONTENT_TYPES = [
    "application/json",
    "text/xml",
    "text/plain; charset=utf-16",
    "application/x-www-form-urlencoded; charset=utf-99",
    "application/x-www-form-urlencoded; charset=utf-7",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\xe9",
    "multipart/form-data; boundary=x",
    "image/png",
    "",
    "x" * 300,
]
FILES: list[tuple[str, bytes, str]] = [
    ("vide.pdf", b"", "application/pdf"),
    ("plan.pdf", b"%PDF-1.7\n" + b"\x00" * 200, "application/pdf"),
    ("../../../etc/passwd", b"root:x:0:0", "text/plain"),
    ("a\x00b.xlsx", b"PK\x03\x04", "application/zip"),
    ("x" * 300 + ".ods", b"PK\x05\x06" + b"\x00" * 18, "application/zip"),
    ("classeur.xlsx", zipped("xl/workbook.xml", "[Content_Types].xml"), "x/y; charset=utf-99"),
    ("classeur.ods", zipped("mimetype", "content.xml"), "application/vnd.oasis.opendocument.spreadsheet"),
    ("image.png", b"\x89PNG\r\n\x1a\n" + b"\xff" * 50, "image/png"),
    ("sans-extension", b"<script>", "text/html"),
    ("a.csv", "é;è\n1;2".encode("utf-16"), "text/csv"),
    ("", b"x", ""),
]
