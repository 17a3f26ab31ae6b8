"""Files made here, good and bad."""

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89IEND"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
TEXT = "Compte rendu : réunion du 3 mars, 12 h 30.\nDeux familles relogées.\n"
OFFICE = "application/vnd.openxmlformats-officedocument"
OASIS = "application/vnd.oasis.opendocument"
MAIN = {
    "docx": (f"{OFFICE}.wordprocessingml.document.main+xml", "word/document.xml"),
    "xlsx": (f"{OFFICE}.spreadsheetml.sheet.main+xml", "xl/workbook.xml"),
}


def archive(parts: dict[str, bytes | str], *, comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
        zipped.comment = comment
    return buffer.getvalue()


def openxml(kind: str, **more: Any) -> bytes:
    content_type, main = MAIN[kind]
    types = f'<Types><Override PartName="/{main}" ContentType="{more.pop("content_type", content_type)}"/></Types>'
    return archive({"[Content_Types].xml": types, main: "<x/>", **more.pop("parts", {})}, **more)


def opendocument(kind: str, *, manifest: str = "<manifest/>", parts: dict[str, Any] | None = None) -> bytes:
    family = {"odt": "text", "ods": "spreadsheet"}[kind]
    whole = {"mimetype": f"{OASIS}.{family}", "content.xml": "<x/>", "META-INF/manifest.xml": manifest}
    return archive({**whole, **(parts or {})})


def encrypted(content: bytes) -> bytes:
    """The same archive, whose members say that they need a password."""
    changed = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(signature)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(signature, at + 4)
    return bytes(changed)


GOOD: dict[str, bytes] = {
    "plan.pdf": PDF,
    "Photo du site.JPEG": JPG,
    "photo.jpg": JPG,
    "schéma.png": PNG,
    "compte rendu.docx": openxml("docx"),
    "tableau.xlsx": openxml("xlsx"),
    "note.odt": opendocument("odt"),
    "suivi.ods": opendocument("ods"),
    "utf8.txt": TEXT.encode(),
    "marque.csv": TEXT.encode("utf-8-sig"),
    "windows.csv": TEXT.encode("cp1252"),
    "utf16.txt": TEXT.encode("utf-16"),
    "svg-dans-word.docx": openxml("docx", parts={"word/media/image1.svg": "<svg/>"}),
}
# name: (content, what the message says)
BAD: dict[str, tuple[bytes, str]] = {
    "vide.pdf": (b"", "est vide"),
    "page.html": (b"<html></html>", "«\u00a0.html\u00a0» ne sont pas acceptés"),
    "dessin.svg": (b"<svg/>", "ne sont pas acceptés"),
    "outil.exe": (b"MZ\x90\x00", "ne sont pas acceptés"),
    "plan.pdf.exe": (PDF, "ne sont pas acceptés"),
    "macros.docm": (openxml("docx"), "ne sont pas acceptés"),
    "sans-extension": (PDF, "n’a pas d’extension"),
    ".pdf": (PDF, "n’a pas d’extension"),
    "outil.pdf": (b"MZ\x90\x00" * 40, "n’est pas celui d’un fichier"),
    "photo.png": (b"GIF89a" + b"\0" * 40, "n’est pas celui d’un fichier"),
    "lettre.doc": (b"\xd0\xcf\x11\xe0", "prenez le type «\u00a0.docx\u00a0»"),
    "tableau.XLS": (b"\xd0\xcf\x11\xe0", "prenez le type «\u00a0.xlsx\u00a0»"),
    "tableau.xlsb": (b"PK\x03\x04", "prenez le type «\u00a0.xlsx\u00a0»"),
    "diaporama.pptx": (b"PK\x03\x04", "prenez le type «\u00a0.pdf\u00a0»"),
    "photo.heic": (b"\0" * 40, "prenez le type «\u00a0.jpg\u00a0»"),
    "decale.pdf": (b"<script>1</script>" + PDF, "n’est pas celui d’un fichier"),
    "polyglotte.pdf": (PDF + archive({"a.js": "1"}), "en cache un autre"),
    "polyglotte.jpg": (JPG + archive({"a.js": "1"}), "en cache un autre"),
    "html.txt": (b"  \n<!DOCTYPE html><script>alert(1)</script>", "n’est pas celui d’un fichier"),
    "svg.csv": ("\ufeff<svg onload='1'/>".encode(), "n’est pas celui d’un fichier"),
    "programme.txt": (b"MZ\x90\x00\x03" * 40, "n’est pas celui d’un fichier"),
    "nul.csv": (b"a;b\nc;\x00d\n", "n’est pas celui d’un fichier"),
    "script.txt": (b"#!/bin/sh\nrm\n", "n’est pas celui d’un fichier"),
    "archive.docx": (archive({"a.txt": "x"}), "n’est pas celui d’un fichier"),
    "tableur.docx": (openxml("xlsx"), "n’est pas celui d’un fichier"),
    "word.xlsx": (openxml("docx"), "n’est pas celui d’un fichier"),
    "tableur.odt": (opendocument("ods"), "n’est pas celui d’un fichier"),
    "tronque.docx": (openxml("docx")[:-40], "n’est pas celui d’un fichier"),
    "prefixe.docx": (b"PK\x03\x04<html>" + openxml("docx"), "n’est pas celui d’un fichier"),
    "suffixe.docx": (openxml("docx") + b"<script>1</script>", "n’est pas celui d’un fichier"),
    "evade.docx": (openxml("docx", parts={"../../etc/x": "1"}), "n’est pas celui d’un fichier"),
    "cache.docx": (openxml("docx", parts={"word/vbaProject.bin": "x"}), "contient des macros"),
    "cache.xlsx": (openxml("xlsx", parts={"xl/macrosheets/sheet1.xml": "x"}), "contient des macros"),
    "type.docx": (
        openxml("docx", content_type="application/vnd.ms-word.document.macroEnabled.main+xml"),
        "contient des macros",
    ),
    "macro.ods": (opendocument("ods", parts={"Basic/Standard/Module1.xml": "x"}), "contient des macros"),
    "programme.docx": (openxml("docx", parts={"word/embeddings/facture.exe": "x"}), "contient un programme"),
    "secret.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "protégé par un mot de passe"),
    "secret.xlsx": (encrypted(openxml("xlsx")), "protégé par un mot de passe"),
    "secret.odt": (opendocument("odt", manifest="<x><encryption-data/></x>"), "protégé par un mot de passe"),
}


class Sent(SimpleUploadedFile):
    """A file that a test client may send several times."""

    def read(self, *args: Any) -> bytes:
        if not args:
            self.seek(0)
        return super().read(*args)


def sent(name: str = "plan.pdf", content: bytes = PDF) -> Sent:
    return Sent(name, content)
