"""What reading any object of the exchange format shares: its lists, its names, its place."""

from collections.abc import Iterator
from typing import Any

from jalons.conventions.dossier.content import Dossier, File
from jalons.conventions.exchange.codec import EMPTY, GENERATED, Log, Shape
from jalons.conventions.models.printed import as_dict

LONGEST_NAME = 60  # of a clause, of a part


class ItemReader:
    """What reading any object of a file shares: its lists, its names, its place."""

    def __init__(self, log: Log) -> None:
        self.log = log

    def items(self, node: dict[str, Any], name: str, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
        """The objects of a list, with their paths. What is none is dropped, unless a whole part of the file is."""
        here = f"{path}.{name}" if path else name
        listed = node.get(name)
        say = self.log.drop if path else self.log.misfit
        if listed is None:
            return
        if not isinstance(listed, list):
            say(here, "une liste", listed)
            return
        for index, item in enumerate(listed):
            if isinstance(item, dict):
                yield f"{here}[{index}]", item
            else:
                say(f"{here}[{index}]", "un objet", item)

    def object_in(
        self, node: dict[str, Any], name: str, path: str, expected: str = "un objet"
    ) -> dict[str, Any]:
        """The object that stands there, empty when there is none; anything else is dropped."""
        value = node.get(name)
        if value not in EMPTY and not isinstance(value, dict):
            self.log.drop(f"{path}.{name}", expected, value)
        return as_dict(value)

    def pieces(
        self, shape: Shape, node: dict[str, Any], name: str, path: str, among: list[Any], **relations: Any
    ) -> None:
        """The objects of a list, read and put in `among` in their order, each with its `relations`."""
        for here, item in self.items(node, name, path):
            piece = shape.read(item, here, self.log)
            for relation, value in relations.items():
                setattr(piece, relation, value)
            among.append(self.placed(piece, among))

    def unique(self, named: list[tuple[str, str]]) -> None:
        seen: dict[str, str] = {}
        for path, name in named:
            if name and name in seen:
                self.log.wrong(path, f"un identifiant qui n’est pas déjà celui de {seen[name]}", name)
            seen.setdefault(name, path)

    def named(self, record: Any, column: str, key: str, node: dict[str, Any], fallback: str) -> None:
        """Gives a name to what the file did not name."""
        if not getattr(record, column):
            setattr(record, column, fallback)
            if node.get(key) in EMPTY:
                record.kept = {**record.kept, GENERATED: {key: fallback}}

    def dossier_of(self, node: dict[str, Any], path: str, file: File) -> Dossier | None:
        """The convention that an object names; the only one when it names none."""
        name = node.get("convention")
        if name in EMPTY and len(file.dossiers) == 1:
            if name is not None:
                self.log.drop(f"{path}.convention", "le nom d’une convention", name)
            return file.dossiers[0]
        dossier = file.dossier(name) if isinstance(name, str) else None
        if dossier is None:
            known = ", ".join(dossier.convention.slug for dossier in file.dossiers)
            self.log.wrong(f"{path}.convention", f"une convention du fichier ({known})", name)
        return dossier

    def placed(self, record: Any, among: list[Any], convention: Any = None) -> Any:
        record.position = len(among)
        if convention is not None:
            record.convention = convention
        return record
