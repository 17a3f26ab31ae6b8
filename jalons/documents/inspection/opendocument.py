"""LibreOffice documents: the manifest, and every part that could load or run something, each read to its end."""

import re

from jalons.core.archives import Archive, Attributes, local
from jalons.documents.inspection import Objection

MIMETYPE, MANIFEST, CONTENT = "mimetype", "META-INF/manifest.xml", "content.xml"
LONGEST_TYPE = 200
READ = ("content.xml", "styles.xml", "settings.xml", "meta.xml")
# A folder of macros, wherever the manifest or the archive names it.
MACROS = re.compile(r"(^|/)(basic|scripts)/|basic-(library|script)|x-starbasic", re.IGNORECASE)
ACTIVE = {
    "event-listener": "macros",
    "library-embedded": "macros",
    "object-ole": "object",
    "plugin": "object",
    "applet": "object",
    "floating-frame": "outside",
    "section-source": "outside",
    "dde-source": "exchange",
    "dde-connection-decl": "exchange",
    "dde-link": "exchange",
}
# Elements whose address is only followed when somebody asks for it.
LINKS = {
    "a",
    "bibliography-mark",
    "index-source",
    "table-source",
    "cell-range-source",
    "form",
    "button",
    "hyperlink",
}
LEADS_OUTSIDE = re.compile(r"\s*([a-z][a-z0-9+.-]*:|[/\\]|\.\./)", re.IGNORECASE)
FAR_AWAY = re.compile(r"\s*((?!file:)[a-z][a-z0-9+.-]+:|//|\\\\|file:/*[^/]+\.[^/]+/)", re.IGNORECASE)


def check(archive: Archive, media_type: str) -> None:
    for part in (MIMETYPE, MANIFEST, CONTENT):
        if part not in archive:
            raise Objection("mismatch")
    if archive.content(MIMETYPE, LONGEST_TYPE).decode("ascii", "replace").strip() != media_type:
        raise Objection("mismatch")
    check_manifest(archive)
    for name in archive.members:
        if name.lower().rpartition("/")[2] in READ:
            check_part(archive, name)


def check_manifest(archive: Archive) -> None:
    def start(name: str, attributes: Attributes) -> None:
        if local(name) == "encryption-data":
            raise Objection("protected")
        if any(MACROS.search(value) for value in attributes.values()):
            raise Objection("macros")

    archive.parse(MANIFEST, start)


def check_part(archive: Archive, path: str) -> None:
    def start(name: str, attributes: Attributes) -> None:
        tag = local(name)
        if objection := ACTIVE.get(tag):
            raise Objection(objection)
        for key, value in attributes.items():
            if local(key) != "href":
                continue
            if "script:" in value.lower() or value.lower().lstrip().startswith("macro:"):
                raise Objection("macros")
            # A template stands beside the documents of its author: nothing is read there unless it is far away.
            outside = FAR_AWAY if tag == "template" else LEADS_OUTSIDE
            if tag not in LINKS and outside.match(value):
                raise Objection("outside")

    archive.parse(path, start)
