"""What a document would do once opened, whatever the names of its parts."""

import contextlib
import io
import zlib
from typing import Any

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from jalons.documents.checks import check_upload
from jalons.exports.contract import About
from jalons.exports.document import Document as Printed
from jalons.exports.document import Paragraph
from jalons.exports.pdf import to_pdf
from tests.documents.files import GOOD, JPG, MAIN, OFFICE, PDF, PNG, TEXT, archive, opendocument, openxml

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64


def check(name: str, content: bytes) -> Any:
    return check_upload(SimpleUploadedFile("x", content), name=name)


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as error:
        check(name, content)
    return str(error.value.messages[0])


def related(kind: str, target: str = "x.xml", more: str = "", namespace: str = RELATION) -> str:
    return f'<Relationships><Relationship Id="a" Type="{namespace}/{kind}" Target="{target}" {more}/></Relationships>'


def docx(**parts: str | bytes) -> bytes:
    """With the relationships of its document (`rels`), or other parts by name."""
    names = {
        "rels": "word/_rels/document.xml.rels",
        "fields": "word/header1.xml",
        "object": "word/embeddings/a.bin",
    }
    return openxml("docx", parts={names.get(name, name): content for name, content in parts.items()})


def typed(*types: str, padding: int = 0) -> bytes:
    """A .docx whose list of types says more, the last after some room."""
    more = "".join(f'<Override PartName="/x{n}.bin" ContentType="{kind}"/>' for n, kind in enumerate(types))
    content_type, main = MAIN["docx"]
    override = f'<Override PartName="/{main}" ContentType="{content_type}"/>'
    return archive({"[Content_Types].xml": f"<Types>{override}{' ' * padding}{more}</Types>", main: "<x/>"})


OUTSIDE = 'TargetMode="External"'
PIECES = "".join(f"<w:instrText>{piece}</w:instrText>" for piece in ("D", "DE", "AUTO c"))
INSTRUCTION = f"<x xmlns:w='w'>{PIECES}</x>"


@pytest.mark.parametrize(
    ("words", "content"),
    [
        ("macros", typed("application/vnd.ms-office.vbaProject")),
        ("macros", typed("application/vnd.ms-word.document.MACROENABLED.main+xml", padding=1024 * 1024)),
        ("ActiveX", typed("application/vnd.ms-office.activeX+xml")),
        ("OLE", typed(f"{OFFICE}.oleObject")),
        ("macros", docx(rels=related("vbaProject", namespace=MICROSOFT))),
        ("ailleurs", docx(rels=related("attachedTemplate", "https://example.org/a.dotm", OUTSIDE))),
        (
            "ailleurs",
            docx(**{"word/_RELS/settings.xml.RELS": related("attachedTemplate", "file://x", OUTSIDE)}),
        ),
        ("ailleurs", docx(rels=related("image", "https://example.org/a.png", OUTSIDE))),
        ("ailleurs", docx(rels=related("frame", "https://example.org", OUTSIDE))),
        ("ailleurs", docx(rels=related("subDocument", "a.docx", 'TargetMode=" external"'))),
        ("OLE", docx(rels=related("oleObject"))),
        ("OLE", docx(rels=related("aFChunk"))),
        ("ActiveX", docx(rels=related("control"))),
        ("OLE", docx(object=b"\0")),
        ("OLE", docx(**{"word/media/image1.png": COMPOUND})),
        ("programme", docx(**{"word/media/image1.png": b"MZ\x90\0" * 40})),
        ("autre programme", docx(fields=INSTRUCTION)),
        ("autre programme", docx(fields="<x xmlns:w='w'><w:fldSimple w:instr=' dde excel'/></x>")),
        ("OLE", docx(**{"word/embeddings/a.docx": docx(object=b"\0")})),
        ("macros", docx(**{"word/embeddings/a.xlsx": openxml("xlsx", parts={"xl/vbaProject.bin": "x"})})),
        ("n’est pas celui", docx(**{"word/embeddings/a.xlsx": b"PK"})),
        ("n’est pas celui", docx(rels="<Relationships><Relationship")),
    ],
)
def test_word(words: str, content: bytes) -> None:
    assert words in refusal("lettre.docx", content)


def test_excel_and_its_links() -> None:
    link = {
        "xl/externalLinks/_rels/externalLink1.xml.rels": related(
            "externalLinkPath", "file:///b.xlsx", OUTSIDE
        )
    }
    assert check(
        "a.xlsx", openxml("xlsx", parts=link | {"xl/externalLinks/externalLink1.xml": "<externalLink/>"})
    )
    order = "<externalLink><ddeLink ddeService='cmd' ddeTopic='/c calc'/></externalLink>"
    assert "DDE" in refusal("a.xlsx", openxml("xlsx", parts={"xl/externalLinks/externalLink1.xml": order}))


def test_documents_as_people_write_them() -> None:
    """Links one follows, a chart with its figures."""
    hyperlink = related("hyperlink", "https://example.org", OUTSIDE)
    assert check("a.docx", docx(rels=hyperlink))
    assert check("a.docx", docx(**{"word/embeddings/figures.xlsx": openxml("xlsx")}))
    assert check("a.docx", docx(fields="<x xmlns:w='w'><w:instrText> PAGE </w:instrText></x>"))
    buffer = io.BytesIO()
    document = Word()
    document.add_paragraph("Compte rendu")
    document.save(buffer)
    assert check("compte rendu.docx", buffer.getvalue())


def odt(content: str = "", **more: Any) -> bytes:
    names = "xmlns:draw='d' xmlns:xlink='l' xmlns:script='s' xmlns:text='t' xmlns:meta='m' xmlns:table='tb'"
    return opendocument(
        "odt", parts={"content.xml": f"<x {names}>{content}</x>", **more.pop("parts", {})}, **more
    )


@pytest.mark.parametrize(
    ("words", "content"),
    [
        ("macros", odt("<script:event-listener xlink:href='x'/>")),
        ("macros", odt("<text:a xlink:href='vnd.sun.star.script:a.b?language=Basic'/>")),
        ("macros", odt(manifest="<m><e full-path='Basic/Standard/'/></m>")),
        ("macros", odt(parts={"Scripts/python/a.py": "x"})),
        ("OLE", odt("<draw:object-ole xlink:href='./Object 1'/>")),
        ("OLE", odt("<draw:plugin xlink:href='a'/>")),
        ("ailleurs", odt("<draw:image xlink:href='https://example.org/a.png'/>")),
        ("ailleurs", odt("<draw:image xlink:href='../a.png'/>")),
        ("ailleurs", odt("<draw:floating-frame/>")),
        ("ailleurs", odt("<text:section-source xlink:href='a.odt'/>")),
        ("ailleurs", odt("<meta:template xlink:href='https://example.org/a.ott'/>")),
        ("autre programme", odt("<text:dde-connection-decl/>")),
        ("mot de passe", odt(manifest="<m:manifest xmlns:m='m'><m:encryption-data/></m:manifest>")),
        ("n’est pas celui", odt("<a>")),
    ],
)
def test_libreoffice(words: str, content: bytes) -> None:
    assert words in refusal("note.odt", content)


def test_documents_of_libreoffice_as_people_write_them() -> None:
    links = "<text:a xlink:href='https://example.org'/><draw:image xlink:href='Pictures/a.png'/>"
    template = (
        "<meta:template xlink:href='../../modeles/lettre.ott'/><table:table-source xlink:href='../a.ods'/>"
    )
    assert check("note.odt", odt(links + template))


# PDF --------------------------------------------------------------------------------------------------------


def pdf(change: Any = None) -> bytes:
    about = About(perimeter="Nord", author="Essai")
    content = to_pdf(Printed("Compte rendu", [Paragraph("Deux familles relogées, HTML/JavaScript.")], about))
    if change is None:
        return content
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def opening(kind: str) -> Any:
    """An action of this kind, when the document opens."""
    action = {NameObject("/S"): NameObject(kind), NameObject("/F"): TextStringObject("a.exe")}

    def change(writer: Any) -> None:
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)

    return change


SCRIPT, GOES = b"<</S/JavaScript/JS(app.alert\\(1\\))>>", b"<</S/GoTo/D[2 0 R/Fit]>>"


def object_stream(body: bytes, kind: bytes = b"/Type/ObjStm") -> bytes:
    stream = zlib.compress(b"4 0 " + body)
    dictionary = b"<<%s/N 1/First 4/Filter/FlateDecode/Length %d>>" % (kind, len(stream))
    return b"%sstream\n%s\nendstream" % (dictionary, stream)


def in_object_stream(
    body: bytes, kind: bytes = b"/Type/ObjStm", table: bytes = b"/Type/XRef", beside: bytes = b""
) -> bytes:
    """A PDF whose object 4 is only in a compressed stream of objects. `beside`: an object that no table names."""
    content = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, text in (
        (1, b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>"),
        (2, b"<</Type/Pages/Kids[]/Count 0>>"),
        (3, object_stream(body, kind)),
    ):
        places[number] = len(content)
        content += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    start = len(content)
    rows = (
        b"\0\0\0\0" + b"".join(b"\1" + places[n].to_bytes(2, "big") + b"\0" for n in (1, 2, 3)) + b"\2\0\3\0"
    )
    rows += b"\1" + start.to_bytes(2, "big") + b"\0"
    content += b"5 0 obj\n<<%s/Size 6/Root 1 0 R/W[1 2 1]/Length %d>>stream\n%s\nendstream\nendobj\n" % (
        table,
        len(rows),
        rows,
    )
    return bytes(content + beside + b"startxref\n%d\n%%%%EOF\n" % start)


def plain(text: bytes) -> bytes:
    return PDF.replace(b"/Type /Catalog", b"/Type /Catalog " + text)


@pytest.mark.parametrize(
    ("words", "content"),
    [
        ("JavaScript", pdf(opening("/JavaScript"))),
        ("ouvre un autre fichier", pdf(opening("/Launch"))),
        ("en cache un autre", pdf(lambda writer: writer.add_attachment("a.txt", b"x"))),
        ("JavaScript", plain(b"/OpenAction<</S/JavaScript/JS(1)>>")),
        ("JavaScript", plain(b"/OpenAction<</#53/J#61vaScript/JS(1)>>")),
        ("JavaScript", plain(b"/Names<</Dests 5 0 R/JavaScript 6 0 R>>")),
        ("JavaScript", plain(b"/AcroForm<</XFA[1 0 R]>>")),
        ("ouvre un autre fichier", plain(b"/OpenAction<</S %x\n/Launch/F(a)>>")),
        ("en cache un autre", plain(b"/Names<</EmbeddedFiles<<>>>>")),
        ("JavaScript", in_object_stream(SCRIPT)),
        # A reader looks in the streams that the table names, whatever they say they are; mending, in the others too.
        ("JavaScript", in_object_stream(SCRIPT, kind=b"")),
        ("lu en entier", in_object_stream(SCRIPT, kind=b"", table=b"")),
        ("JavaScript", in_object_stream(GOES, beside=b"9 0 obj " + object_stream(SCRIPT) + b" endobj\n")),
        ("ouvre un autre fichier", in_object_stream(b"<</S/L#61unch/F(a.exe)>>")),
        ("lu en entier", PDF + b"3 0 obj <</Type/Ob#6aStm>> stream\nx\nendstream endobj"),
    ],
)
def test_pdf(words: str, content: bytes) -> None:
    assert words in refusal("plan.pdf", content)


def test_honest_pdf() -> None:
    """A text that speaks of JavaScript, an action that only goes to a page, objects compressed together."""
    assert check("plan.pdf", pdf())
    assert check("plan.pdf", plain(b"/Title(HTML/JavaScript)"))
    assert check("plan.pdf", in_object_stream(GOES))
    assert check("plan.pdf", in_object_stream(GOES, beside=b"9 0 obj " + object_stream(GOES) + b" endobj\n"))
    widths = b"5 0 obj <</Type/Font/Subtype/CIDFontType2/W[0[500]]>> endobj\n"
    assert check("plan.pdf", PDF.replace(b"trailer", widths + b"trailer"))


def test_a_pdf_that_nobody_opens_without_a_password() -> None:
    def lock(writer: Any) -> None:
        writer.encrypt("secret", algorithm="RC4-128")

    assert "mot de passe" in refusal("plan.pdf", pdf(lock))
    assert check("plan.pdf", pdf(lambda writer: writer.encrypt("", owner_password="x", algorithm="RC4-128")))


# Images -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("photo.jpg", PNG, "photo.png"),
        ("Photo.JPEG", PNG, "Photo.png"),
        ("photo.png", JPG, "photo.jpg"),
        ("a.png", PNG, "a.png"),
    ],
)
def test_a_misnamed_photo_is_taken_for_what_it_is(name: str, content: bytes, kept: str) -> None:
    upload = check(name, content)
    assert (upload.name, upload.kind) == (kept, kept.rpartition(".")[2])


def test_only_into_a_type_that_is_accepted(settings: Any) -> None:
    settings.DOCUMENT_TYPES = ["jpg", "docx"]
    assert "n’est pas celui" in refusal("photo.jpg", PNG)
    assert "Types acceptés" in refusal("tableau.xls", PNG)


# Nothing but verdicts ---------------------------------------------------------------------------------------

SAMPLES = {**GOOD, "vrai.pdf": pdf(), "texte.csv": TEXT.encode()}


@example("tableau.xlsx", [(8, b"\x0e")])  # LZMA in a local header
@example(
    "plan.pdf", [(-40, b"PK\x06\x07\xff\xff\xff\xffPK\x05\x06")]
)  # the end of an archive in several volumes
@example("vrai.pdf", [(-12, b"9999")])
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(
        st.tuples(st.integers(-5_000, 20_000), st.binary(min_size=1, max_size=8)), min_size=1, max_size=4
    ),
)
@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_file_is_taken_or_refused(name: str, edits: list[tuple[int, bytes]]) -> None:
    changed = bytearray(SAMPLES[name])
    for place, noise in edits:
        at = place % len(changed)
        changed[at : at + len(noise)] = noise
    with contextlib.suppress(ValidationError):
        check(name, bytes(changed))
