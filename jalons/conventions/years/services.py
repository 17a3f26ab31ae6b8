"""« Ouvrir l’année N+1 »: what moves, and moving it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.copies import twin
from jalons.conventions.dossier.dates import cell_day
from jalons.conventions.dossier.from_base import read_dossier
from jalons.conventions.enums import EditionKind
from jalons.conventions.importing.identity import stripped
from jalons.conventions.models import Cell, Convention, Edition, Seat
from jalons.conventions.versions.editions import EditionSnapshot, freeze, snapshot_of
from jalons.conventions.years.copying import Copy, SheetCopy, ToRead, next_dossier
from jalons.editing.refusals import Refused
from jalons.history.models import Record
from jalons.history.services import Actor, create_records, enter_all

REASON = "Ouverture de l’année suivante"
LONGEST_SLUG = 80


@dataclass(frozen=True, slots=True)
class YearPlan:
    """What opening the year after a dossier does. `sheets` in the printed order; nothing of it is saved."""

    copy: Copy
    year: int
    slug: str

    @property
    def convention(self) -> Convention:
        return self.copy.dossier.convention

    @property
    def year_words(self) -> str:
        return str(self.year)

    @property
    def sheets(self) -> Sequence[SheetCopy]:
        return self.copy.sheets

    @property
    def changed(self) -> Sequence[ToRead]:
        """Texts of which the year was certain."""
        return self.copy.changed

    @property
    def to_read(self) -> Sequence[ToRead]:
        """Texts that a person must read again."""
        return self.copy.to_read


def next_slug(convention: Convention) -> str:
    """« calpae-2022 » → « calpae-2023 »; the year is added to a name that has none."""
    year = convention.year
    if year is None:
        return convention.slug
    before, printed_year, after = convention.slug.rpartition(str(year))
    if printed_year:
        return f"{before}{year + 1}{after}"
    return f"{convention.slug[: LONGEST_SLUG - 5]}-{year + 1}"


def plan_next_year(dossier: Dossier, slug: str = "") -> YearPlan:
    """What moves, and how. Pure. Raises `Refused` when the convention does not say its year."""
    year = dossier.year
    if year is None:
        raise Refused("Cette convention ne dit pas son année : indiquez-la d’abord dans son identité.")
    slug = slug or next_slug(dossier.convention)
    return YearPlan(next_dossier(dossier, slug), year + 1, slug)


def opened_year(convention: Convention) -> Convention | None:
    """The convention of the year after, when it is already there: opened from this one, or imported."""
    if convention.year is None:
        return None
    following = convention.year + 1
    opened = Convention.objects.filter(previous=convention, year=following).first()
    if opened is not None or convention.departement_id is None:
        return opened
    same = Convention.objects.filter(
        departement=convention.departement_id, year=following, previous__isnull=True
    )
    return next(
        (
            candidate
            for candidate in same
            if stripped(candidate.short_title) == stripped(convention.short_title)
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening a year writes, read with nobody waiting for us: `snapshot` when no version was frozen yet."""

    dossier: Dossier
    plan: YearPlan
    snapshot: EditionSnapshot | None


def prepare_opening(convention: Convention, slug: str = "") -> Opening:
    """Raises `Refused` when the convention does not say its year."""
    is_frozen = Edition.objects.filter(convention=convention).exists()
    snapshot = None if is_frozen else snapshot_of(convention)
    # What is read now says the same as what is frozen, or has another revision.
    stored = Convention.objects.select_related("departement", "previous").get(pk=convention.pk)
    dossier = read_dossier(stored)
    return Opening(dossier, plan_next_year(dossier, slug), snapshot)


@transaction.atomic
def open_next_year(
    *, convention: Convention, by: Actor, slug: str = "", opening: Opening | None = None
) -> Convention:
    """The convention of the year after, written from this one, which stays as it is (and is frozen once).

    Answers the one that is already there, if any. Raises `Refused` when the year is unknown or the name taken.
    `opening`: read before the transaction; it is read anew, here, when somebody wrote since.
    """
    # The row is locked: of two people who open the year at once, the second finds it opened.
    locked = Convention.objects.select_for_update().get(pk=convention.pk)
    known = opened_year(convention)
    if known is not None:
        return known
    if opening is None or opening.dossier.convention.revision != locked.revision:
        opening = prepare_opening(locked, slug)
    dossier, plan = opening.dossier, opening.plan
    if Convention.objects.filter(slug=plan.slug).exists():
        raise Refused(
            f"Une autre convention porte déjà l’identifiant « {plan.slug} » : renommez-la, ou choisissez-en un autre."
        )
    if not Edition.objects.filter(convention=convention).exists():
        title = f"Version à l’ouverture de {plan.year}"
        freeze(convention=locked, kind=EditionKind.VOTE, title=title, by=by, snapshot=opening.snapshot)
    YearWriter(by).write(plan.copy)
    copy_seats(old=dossier, new=plan.copy, by=by)
    touched(convention=plan.convention)
    return plan.convention


class YearWriter:
    """Saves a dossier of which nothing is saved, each kind at once, what others point to first."""

    def __init__(self, by: Actor) -> None:
        self.by = by

    def write(self, copy: Copy) -> None:
        new = copy.dossier
        self.create([new.convention])
        for pieces in (new.parties, new.references, new.articles, new.clauses, new.actions, new.missing):
            self.create(pieces)
        self.levels([sheet.commitment for sheet in new.sheets], lambda record: record.parent)
        for name in ("resume", "sub_actions", "columns", "groups"):
            self.create([piece for sheet in new.sheets for piece in getattr(sheet, name)])
        self.levels(
            [sub_budget for sheet in new.sheets for sub_budget in sheet.sub_budgets],
            lambda record: record.parent,
        )
        self.create([row.line for sheet in new.sheets for row in sheet.budget])
        self.levels([row for sheet in new.sheets for row in sheet.rows], lambda record: record.parent)
        tables = [tracking for sheet in new.sheets for tracking in sheet.tracking]
        self.create([table.table for table in tables])
        self.create([row for table in tables for row in table.rows])
        self.create([content.annex for content in new.annexes])
        self.create([table.table for content in new.annexes for table in content.tables])
        self.create([line for content in new.annexes for line in content.lines])
        self.facts(new)

    def create(self, records: Sequence[Record]) -> None:
        for record in records:
            saved_relations(record)
        create_records(records=list(records), by=self.by, reason=REASON)

    def levels(self, records: Sequence[Any], above: Callable[[Any], Any]) -> None:
        """Those that stand under none, then those under them, and so on."""
        left = list(records)
        while left:
            ready = [record for record in left if above(record) is None or above(record).pk is not None]
            self.create(ready)
            left = [record for record in left if record.pk is None]

    def facts(self, new: Dossier) -> None:
        cells: list[Cell] = [cell for sheet in new.sheets for cell in sheet.cells.values()]
        for cell in cells:
            saved_relations(cell)
            cell.valid_on = cell_day(cell.column, otherwise=new.year)
        enter_all(facts=cells, by=self.by)


def saved_relations(record: Any) -> None:
    """Its columns say the keys of what was saved since it was made."""
    for field in record._meta.concrete_fields:
        if field.is_relation and field.is_cached(record):
            setattr(record, field.name, getattr(record, field.name))


def copy_seats(*, old: Dossier, new: Copy, by: Actor) -> None:
    """Who works on it stays, until somebody says otherwise."""
    convention = new.dossier.convention
    parties = {before.pk: after.pk for before, after in zip(old.parties, new.dossier.parties, strict=True)}
    sheets = {sheet.old.commitment.pk: sheet.new.commitment.pk for sheet in new.sheets}
    seats = [
        twin(
            seat,
            convention=convention,
            organisation_id=seat.organisation_id,
            party_id=parties[seat.party_id] if seat.party_id else None,
            commitment_id=sheets[seat.commitment_id] if seat.commitment_id else None,
        )
        for seat in Seat.objects.filter(convention=old.convention)
    ]
    create_records(records=seats, by=by, reason=REASON)
