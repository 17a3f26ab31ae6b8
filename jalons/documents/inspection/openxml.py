"""Word and Excel: every content type and every relationship of the package, each list read to its end."""

import posixpath
import re

from jalons.core.archives import Archive, Attributes, DamagedFile, local
from jalons.documents.inspection import Objection

OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
}
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
BY_MEDIA_TYPE = {media_type: MAIN[kind] for kind, media_type in MEDIA_TYPES.items()}
TYPES = "[Content_Types].xml"
ROOT = "_rels/.rels"
# Parts of a content type, folded → the objection.
FORBIDDEN_TYPES = {
    "macroenabled": "macros",
    "vbaproject": "macros",
    "vbadata": "macros",
    "macrosheet": "macros",
    "dialogsheet": "macros",
    "activex": "activex",
    "oleobject": "object",
    "webextension": "outside",
}
# Last words of the type of a relationship, folded → the objection.
FORBIDDEN_RELATIONS = {
    "vbaproject": "macros",
    "wordvbadata": "macros",
    "xlmacrosheet": "macros",
    "xlintlmacrosheet": "macros",
    "dialogsheet": "macros",
    "oleobject": "object",
    "afchunk": "object",
    "control": "activex",
    "activexcontrolbinary": "activex",
    "attachedtemplate": "outside",
    "webextensiontaskpanes": "outside",
    "webextension": "outside",
}
# What may lead outside: links that one follows, other workbooks that Excel asks about before reading them.
MAY_LEAD_OUTSIDE = {"hyperlink", "externallinkpath", "xlpathmissing", "xlstartup", "xllibrary"}
DYNAMIC_EXCHANGE = re.compile(r"\s*\"?\s*DDE(AUTO)?\b", re.IGNORECASE)


def check(archive: Archive, media_type: str) -> None:
    check_types(archive, media_type)
    for name in archive.members:
        folded = name.lower()
        if folded.endswith(".rels"):
            check_relations(archive, name)
        elif "externallink" in folded and folded.endswith(".xml"):
            check_external_link(archive, name)
        elif folded.startswith("word/") and folded.endswith(".xml") and folded.count("/") == 1:
            check_fields(archive, name)


def check_types(archive: Archive, media_type: str) -> None:
    by_part: dict[str, str] = {}
    by_extension: dict[str, str] = {}

    def start(name: str, attributes: Attributes) -> None:
        tag, kind = local(name), attributes.get("ContentType", "").strip().lower()
        if tag == "Override":
            by_part[attributes["PartName"].lstrip("/").lower()] = kind
        elif tag == "Default":
            by_extension[attributes["Extension"].lower()] = kind
        for words, objection in FORBIDDEN_TYPES.items():
            if words in kind:
                raise Objection(objection)

    if TYPES not in archive:
        raise Objection("mismatch")
    archive.parse(TYPES, start)
    main = main_part(archive, media_type)
    kind = by_part.get(main, by_extension.get(main.rpartition(".")[2], ""))
    if archive.named(main) is None or kind != f"{media_type}.main+xml".lower():
        raise Objection("mismatch")


def main_part(archive: Archive, media_type: str) -> str:
    """Where the package says that its document is; without a word, where it usually is."""
    targets: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        if local(name) == "Relationship" and last_word(attributes["Type"]) == "officedocument":
            targets.append(posixpath.normpath(attributes["Target"].lstrip("/")).lower())

    if ROOT in archive:
        archive.parse(ROOT, start)
    if len(targets) > 1:
        raise DamagedFile("two documents in one")
    return targets[0] if targets else BY_MEDIA_TYPE[media_type]


def last_word(kind: str) -> str:
    return kind.strip().rstrip("/").rpartition("/")[2].lower()


def check_relations(archive: Archive, path: str) -> None:
    def start(name: str, attributes: Attributes) -> None:
        if local(name) != "Relationship":
            return
        kind = last_word(attributes.get("Type", ""))
        if objection := FORBIDDEN_RELATIONS.get(kind):
            raise Objection(objection)
        outside = attributes.get("TargetMode", "Internal").strip().lower() != "internal"
        if outside and kind not in MAY_LEAD_OUTSIDE:
            raise Objection("outside")

    archive.parse(path, start)


def check_external_link(archive: Archive, path: str) -> None:
    """A link to another workbook is only a link; one to a program is an order."""

    def start(name: str, attributes: Attributes) -> None:
        if local(name) in ("ddeLink", "oleLink"):
            raise Objection("exchange")

    archive.parse(path, start)


def check_fields(archive: Archive, path: str) -> None:
    """A field of Word that calls another program, even written in several pieces."""
    pieces: list[str] = []
    inside = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        tag = local(name)
        if tag == "fldChar":
            pieces.clear()
        inside = tag == "instrText"
        if tag == "fldSimple" and any(DYNAMIC_EXCHANGE.match(value) for value in attributes.values()):
            raise Objection("exchange")

    def text(words: str) -> None:
        if inside:
            pieces.append(words)
            if DYNAMIC_EXCHANGE.match("".join(pieces[:64])):
                raise Objection("exchange")

    def end(name: str) -> None:
        nonlocal inside
        inside = False

    archive.parse(path, start, text=text, end=end)


def embedded(archive: Archive) -> dict[str, str]:
    """Documents inside this one: their names, their kinds. Raises `Objection` for any other kind."""
    documents = {}
    for name in archive.members:
        folded = name.lower()
        if "/embeddings/" in folded:
            kind = folded.rpartition(".")[2]
            if kind not in MAIN:
                raise Objection("object")
            documents[name] = kind
    return documents
