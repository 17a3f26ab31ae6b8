"""What the pages of a batch show."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Case, Count, QuerySet, When

from jalons.accounts.models import Organisation
from jalons.accounts.permissions import membership_territory
from jalons.core.values import format_number, french_spaces, join_and, plural
from jalons.history.services import Actor
from jalons.imports.choices import HOME, LEAVE, SUGGEST, UNKNOWN, ChosenTable
from jalons.imports.enums import CellVerdict, TargetKind
from jalons.imports.judging.dispositifs import filled_by
from jalons.imports.judging.returned import EXPORTED_ROW
from jalons.imports.models import ImportBatch, ImportLine
from jalons.imports.permissions import WRITES
from jalons.imports.targets.mapping import ColumnGuess

LOOKS = {
    CellVerdict.NEW: "good",
    CellVerdict.CHANGED: "due",
    CellVerdict.SAME: "unknown",
    CellVerdict.DOUBTFUL: "due",
    CellVerdict.REFUSED: "late",
}
MOST_BUTTONS = 5
RULES = ((SUGGEST, "prendre ce qui est proposé"), (UNKNOWN, "écrire ND"), (LEAVE, "laisser de côté"))


def organisation_for(user: Any) -> tuple[Organisation, bool]:
    """In whose name a table is read, and whether it may be written: the one chosen, else the first that may write."""
    writing = [
        membership.organisation
        for membership in user.active_memberships
        if any(membership_territory(membership, right) for right in WRITES)
    ]
    for organisation in writing:
        if organisation.pk == user.acting_for:
            return organisation, True
    if writing:
        return writing[0], True
    return user.active_memberships[0].organisation, False


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column on the page: the field of the form (None: refused), why, and what stands in it."""

    guess: ColumnGuess
    bound: Any
    samples: str

    @property
    def words(self) -> str:
        return self.guess.refused or self.guess.why


def column_rows(chosen: ChosenTable, form: Any) -> list[ColumnRow]:
    return [
        ColumnRow(
            guess,
            None if guess.refused else form[f"colonne-{guess.column}"],
            "" if guess.refused else join_and(chosen.table.samples(guess.column)),
        )
        for guess in chosen.columns
    ]


def filled_choices(by: Actor, chosen: ChosenTable, *, rehearsal: bool) -> list[tuple[str, str]]:
    """What a table of follow-up may be about, for this person; nothing for another table."""
    if chosen.target.kind is not TargetKind.INDICATORS:
        return []
    return [(key, one.label) for key, one in filled_by(by, rehearsal=rehearsal).items()]


def counts_of(batch: ImportBatch) -> dict[str, int]:
    """Rows by verdict, those to write, those that moved."""
    lines = dict(batch.lines.values_list("verdict").annotate(number=Count("pk")))
    counts = {verdict.value: lines.get(verdict.value, 0) for verdict in CellVerdict}
    return {
        **counts,
        "all": sum(lines.values()),
        "written": batch.lines.filter(is_written=True).count(),
        "moved": batch.lines.filter(moved=True).count(),
    }


def lines_of(batch: ImportBatch, verdict: str) -> QuerySet[ImportLine]:
    """Of a table that left from here, first those that somebody changed."""
    lines = batch.lines.order_by("line")
    if batch.choices.get("trip") == HOME:
        is_same = Case(When(verdict=CellVerdict.SAME, then=1), default=0)
        lines = batch.lines.order_by(is_same, "line")
    if verdict == "moved":
        return lines.filter(moved=True)
    return lines.filter(verdict=verdict) if verdict in CellVerdict.values else lines


@dataclass(frozen=True, slots=True)
class ShownCell:
    """`name`: of the box where it may be typed again."""

    cell: dict[str, Any]
    look: str
    verdict: str
    name: str
    typed: str

    @property
    def is_open(self) -> bool:
        return self.cell["verdict"] in (CellVerdict.DOUBTFUL, CellVerdict.REFUSED) or bool(self.typed)


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """What a row may speak of. `sign`, `away`, degrees: of a site alone (`judging.candidates`)."""

    key: str
    name: str
    where: str = ""
    closed: str = ""
    sign: str = ""
    away: str = ""
    latitude: str = ""
    longitude: str = ""

    @property
    def details(self) -> str:
        return ", ".join(part for part in (self.where, self.closed, self.away) if part)


@dataclass(frozen=True, slots=True)
class ShownLine:
    line: ImportLine
    look: str
    cells: Sequence[ShownCell]
    same: int

    @property
    def chooses(self) -> bool:
        """A row that left from here says itself what it speaks of."""
        is_doubtful = self.line.verdict == CellVerdict.DOUBTFUL and self.line.why != EXPORTED_ROW
        return bool(self.line.candidates or self.line.decision or is_doubtful)

    @property
    def is_long(self) -> bool:
        """Too many candidates for a button each."""
        return len(self.line.candidates) > MOST_BUTTONS

    @property
    def candidates(self) -> list[ShownCandidate]:
        names = {field.name for field in fields(ShownCandidate)}
        return [
            ShownCandidate(**{name: words for name, words in candidate.items() if name in names})
            for candidate in self.line.candidates
        ]

    @property
    def has_map(self) -> bool:
        """Are there two points to look at: of candidates, or of one and of the row?"""
        placed = sum(bool(candidate.sign) for candidate in self.candidates)
        return bool(placed) and placed + bool(self.line.point) > 1

    @property
    def choices_id(self) -> str:
        return f"choix-{self.line.line}"

    @property
    def asks(self) -> bool:
        """Something on it may be answered."""
        return self.chooses or any(cell.is_open for cell in self.cells)

    @property
    def map_label(self) -> str:
        return f"Les sites possibles : {self.line}"

    @property
    def point(self) -> tuple[float | None, float | None]:
        """What the row writes: latitude, longitude."""
        latitude, longitude = self.line.point or (None, None)
        return latitude, longitude

    @property
    def unchanged_words(self) -> str:
        sentence = f"{format_number(self.same)} {plural(self.same, 'valeur inchangée', 'valeurs inchangées')}"
        return french_spaces(sentence) if self.same else ""


def field_name(line: int, key: str) -> str:
    """« valeur-5-planned.2024 »: a key may say a year or a date, after a space that no name of a field holds."""
    return f"valeur-{line}-{key.replace(' ', '.')}"


def key_of(name: str) -> str:
    return name.replace(".", " ")


def shown_lines(lines: Sequence[ImportLine]) -> list[ShownLine]:
    return [shown_line(line) for line in lines]


def shown_line(line: ImportLine) -> ShownLine:
    cells = [
        ShownCell(
            cell,
            LOOKS[CellVerdict(cell["verdict"])],
            CellVerdict(cell["verdict"]).label,
            field_name(line.line, cell["key"]),
            line.fixes.get(cell["key"], ""),
        )
        for cell in line.cells
        if cell["verdict"] != CellVerdict.SAME or cell.get("differs") or line.fixes.get(cell["key"])
    ]
    return ShownLine(line, LOOKS[CellVerdict(line.verdict)], cells, len(line.cells) - len(cells))


def columns_to_decide(batch: ImportBatch) -> list[tuple[str, str, int]]:
    """(name of its field, label, how many) of the columns where something is to be decided."""
    found: dict[str, list[Any]] = {}
    for cells in batch.lines.filter(verdict=CellVerdict.DOUBTFUL).values_list("cells", flat=True):
        for cell in cells:
            if cell["verdict"] == CellVerdict.DOUBTFUL and not cell["options"]:
                told = found.setdefault(cell["key"], [cell["label"], 0])
                told[1] += 1
    return [(key.replace(" ", "."), label, number) for key, (label, number) in found.items()]
