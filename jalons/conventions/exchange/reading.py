"""A file of the exchange format → dossiers in memory, with everything that is wrong in it. Nothing is written."""

from dataclasses import dataclass
from typing import Any

from jalons.conventions.dossier.content import File
from jalons.conventions.dossier.owners import give_owners
from jalons.conventions.exchange.beside_reading import BesideReader
from jalons.conventions.exchange.codec import EMPTY, Log
from jalons.conventions.exchange.items import ItemReader
from jalons.conventions.exchange.loading import load, strange
from jalons.conventions.exchange.sheet_reading import FileSheetReader
from jalons.conventions.exchange.text_reading import TextReader

SCHEMA = "jalons-conventions/1"
MOST_CONVENTIONS, MOST_SHEETS = 200, 5_000
TOP = frozenset(
    [
        "meta",
        "deliberation",
        "conventions",
        "fiches",
        "annexes_financieres",
        "fiches_without_sheet",
        "territory_codes",
    ]
)


@dataclass
class FileReading:
    """What a file says (`file`), what is wrong in it and what is not known of it (`log`)."""

    file: File
    log: Log

    @property
    def is_sound(self) -> bool:
        return not self.log.problems


def read_file(content: bytes) -> FileReading:
    """Raises `Unreadable`; what is readable and wrong is in `log.problems`."""
    return read(load(content))


def read(value: Any) -> FileReading:
    """The same for what was already loaded (a frozen edition)."""
    log = Log()
    if not isinstance(value, dict):
        log.wrong("", "un objet JSON", value)
        return FileReading(File(), log)
    if strange(value, log):
        return FileReading(File(), log)
    meta = value.get("meta")
    if not isinstance(meta, dict) or meta.get("schema") != SCHEMA:
        schema = meta.get("schema") if isinstance(meta, dict) else meta
        log.wrong("meta.schema", f"« {SCHEMA} »", schema)
        return FileReading(File(), log)
    reader = FileReader(log)
    return FileReading(reader.file(value), log)


class FileReader(ItemReader):
    """Reads the objects of one file, noting in `log` what does not fit."""

    def file(self, node: dict[str, Any]) -> File:
        file = File(kept={name: value for name, value in node.items() if name not in CONVENTION_PARTS})
        for name in node:
            if name not in TOP:
                self.log.unheard("", name)
        for name in CONVENTION_PARTS:
            if name in node and node[name] in EMPTY:
                file.kept[name] = node[name]
        for name, most in (("conventions", MOST_CONVENTIONS), ("fiches", MOST_SHEETS)):
            if isinstance(node.get(name), list) and len(node[name]) > most:
                self.log.wrong(name, f"une liste de {most} au plus", node[name])
                return file
        text, beside = TextReader(self.log), BesideReader(self.log)
        for path, item in self.items(node, "conventions"):
            file.dossiers.append(text.convention(item, path, len(file.dossiers)))
        self.unique(
            [(f"conventions[{n}].id", dossier.convention.slug) for n, dossier in enumerate(file.dossiers)]
        )
        if not file.dossiers:
            self.log.wrong("conventions", "au moins une convention", node.get("conventions"))
            return file
        FileSheetReader(self.log).sheets(node, file)
        beside.missing(node, file)
        beside.annexes(node, file)
        beside.deliberations(node, file)
        for dossier in file.dossiers:
            give_owners(dossier)
        return file


CONVENTION_PARTS = ("deliberation", "conventions", "fiches", "annexes_financieres", "fiches_without_sheet")
