"""A table that left, was changed elsewhere and comes back: what moved in the file, here since, or on both sides.

The one comparison of every workbook that comes back: it knows nothing of what the cells are about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from jalons.core.values import Number
from jalons.spreadsheets.typed import Typed, plain

EMPTY_WORDS = "non renseigné"
TWICE = "cette ligne est deux fois dans le classeur"

Key = TypeVar("Key")


class Movement(StrEnum):
    """What became of one cell between the day when it left and now."""

    NONE = "none"  # the file says what it said: what stands here stays, whoever wrote it since
    ALREADY = "already"  # changed in the file, and what stands here says the same
    FILE = "file"  # changed in the file only: to be written
    BOTH = "both"  # changed in the file, otherwise here: a person chooses


def movement(*, in_file: bool, here: bool, agree: bool) -> Movement:
    """`in_file`, `here`: is it another than when it left? `agree`: do the file and Jalons say the same now?"""
    if not in_file:
        return Movement.NONE
    if agree:
        return Movement.ALREADY
    return Movement.BOTH if here else Movement.FILE


def compare(*, exported: Typed, typed: Typed, now: Typed) -> Movement:
    """The same of three contents: when the file left, in the file, in Jalons now."""
    return movement(in_file=not same(typed, exported), here=not same(now, exported), agree=same(typed, now))


def same(typed: Typed, other: Typed) -> bool:
    """A text and a number that it writes are the same: a spreadsheet may have changed one into the other."""
    if typed.refused or other.refused:
        return typed == other
    return plain(typed.told) == plain(other.told)


@dataclass(frozen=True, slots=True)
class ExportedCell:
    """What a cell said when the file left. `elsewhere`: what it said in sheets that show it in other words, by title.
    `mark`: a digest of the whole content, where more stands behind a cell than it shows.
    """

    shown: Typed
    mark: str = ""
    elsewhere: Mapping[str, Typed] = field(default_factory=dict)

    def in_sheet(self, title: str) -> Typed:
        return self.elsewhere.get(title, self.shown)


@dataclass(frozen=True, slots=True)
class FileChange(Generic[Key]):
    """A cell that somebody changed in the file. `mark`: what it said when the file left; `place`: its sheet."""

    address: Key
    told: Number | str
    mark: str
    place: str = ""
    refused: str = ""


@dataclass
class ReturnedCells(Generic[Key]):
    """What left and what came back, by address. `typed`: each with the sheet where it was read."""

    exported: dict[Key, ExportedCell] = field(default_factory=dict)
    typed: dict[Key, list[tuple[str, Typed]]] = field(default_factory=dict)

    def read(self, address: Key, title: str, typed: Typed) -> bool:
        """Notes what stands at an address; False for one that did not leave."""
        if address not in self.exported:
            return False
        self.typed.setdefault(address, []).append((title, typed))
        return True

    def changed(self) -> Iterator[tuple[Key, str, Typed]]:
        """What is not what it was when the file left, sheet by sheet."""
        for address, places in self.typed.items():
            before = self.exported[address]
            for title, typed in places:
                if not same(typed, before.in_sheet(title)):
                    yield address, title, typed

    def changes(self) -> list[FileChange[Key]]:
        """One change for each cell that was changed, wherever it was; two that differ cancel each other."""
        by_address: dict[Key, list[tuple[str, Typed]]] = {}
        for address, title, typed in self.changed():
            by_address.setdefault(address, []).append((title, typed))
        return [self.change(address, places) for address, places in by_address.items()]

    def change(self, address: Key, places: list[tuple[str, Typed]]) -> FileChange[Key]:
        title, typed = places[0]
        before = self.exported[address]
        refused = typed.refused
        sheets = [where for where, _ in self.typed[address]]
        if any(not same(typed, other) for _, other in places[1:]):
            words = " et ".join(
                f"« {other.words or EMPTY_WORDS} » dans « {where} »" for where, other in places[:2]
            )
            refused = f"le classeur dit deux choses : {words}"
        elif title not in before.elsewhere and len(sheets) > len(set(sheets)):
            refused = TWICE
        return FileChange(address, typed.told, before.mark, title, refused)

    def missing(self, *, outside: frozenset[str] = frozenset()) -> Iterator[Key]:
        """What left and stands on no sheet any more, those of `outside` aside."""
        for address in self.exported:
            if not {title for title, _ in self.typed.get(address, ())} - outside:
                yield address
