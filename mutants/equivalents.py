"""The mutants that change nothing anyone could see, listed in `equivalents.toml`, and whether that is still true."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mutants.making import made, places_of
from mutants.plan import ENDLESS, KILLED
from mutants.report import Equivalents, Result, is_equivalent

FILE = Path(__file__).parent / "equivalents.toml"


@dataclass(frozen=True, slots=True)
class Equivalent:
    """One mutant of the file: the line, that of the mutant, and why nobody could see the difference."""

    path: str
    before: str
    after: str
    reason: str

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.path, self.before, self.after)


def listed(file: Path = FILE) -> list[Equivalent]:
    tables = tomllib.loads(file.read_text()).get("equivalent", [])
    return [
        Equivalent(one["file"], one["before"], after, one.get("reason", "").strip())
        for one in tables
        for after in ([one["after"]] if isinstance(one["after"], str) else one["after"])
    ]


def equivalents(file: Path = FILE) -> Equivalents:
    """(file, line, line of the mutant) of those that have a reason: the others count as survivors."""
    return frozenset(one.key for one in listed(file) if one.reason)


def no_longer_true(root: Path, results: Iterable[Result], file: Path = FILE) -> list[str]:
    """A sentence for each line of the file to take away or to write again: without reason, that no mutant of the code
    at `root` has any more, or that a test has just seen.
    """
    all_listed = listed(file)
    possible = possible_keys(root, all_listed)
    seen = {
        (one.path, one.before, one.after)
        for one in results
        if one.status in (KILLED, ENDLESS) and is_equivalent(one, equivalents(file))
    }
    sentences = []
    for one in all_listed:
        which = f"{one.path} : {one.before} → {one.after}"
        if not one.reason:
            sentences.append(f"{file.name} : sans raison, compté comme survivant. {which}")
        elif one.key not in possible:
            sentences.append(f"{file.name} : ne désigne plus aucun mutant, à ôter ou à récrire. {which}")
        elif one.key in seen:
            sentences.append(f"{file.name} : dit équivalent, mais un test le voit ; à ôter. {which}")
    return sentences


def possible_keys(root: Path, all_listed: Sequence[Equivalent]) -> set[tuple[str, str, str]]:
    """Which of those lines a mutant still has; only the mutants of lines that look alike are made."""
    keys = set()
    for path in {one.path for one in all_listed if (root / one.path).exists()}:
        befores = [one.before for one in all_listed if one.path == path]
        source = [" ".join(line.split()) for line in (root / path).read_text().splitlines()]
        alike = [
            place
            for place in places_of(root, path)
            if any(source[place.line - 1] in before for before in befores)
        ]
        keys |= {(one.path, one.before, one.after) for one in made(root, alike)}
    return keys & {one.key for one in all_listed}
