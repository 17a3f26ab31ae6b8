"""A file, from the moment it is given to the moment its rows are ready: nothing of the sites is written."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from jalons.core import clock
from jalons.core.values import french_spaces
from jalons.history.services import Actor
from jalons.imports.choices import (
    DAMAGED,
    HOME,
    Choices,
    ChosenTable,
    best_sheet,
    chosen_table,
    recognise,
    saved_key,
    shape_digest,
    stored_tables,
    tables_of,
)
from jalons.imports.enums import BatchState, TargetKind
from jalons.imports.judging.dispositifs import filled_by
from jalons.imports.judging.lines import judge_lines
from jalons.imports.judging.replies import Reply
from jalons.imports.judging.verdicts import JudgedLine
from jalons.imports.models import ImportBatch, ImportLine, ImportMapping
from jalons.imports.reading.grid import SheetGrid
from jalons.imports.reading.table import SheetTable
from jalons.imports.storing import pack
from jalons.imports.targets.fields import target_of
from jalons.imports.targets.national import year_of
from jalons.imports.trips.back import notes_of, read_back
from jalons.imports.trips.left import FoundTrip, found_in
from jalons.sites.provenance import source_kind_of
from jalons.spreadsheets.reading import SheetContent


class NothingRead(Exception):
    """There is no table in the file; the message says so in French."""


@transaction.atomic
def give_file(
    *,
    name: str,
    kind: str,
    content: bytes,
    sheets: list[SheetContent],
    by: Actor,
    rehearsal: bool = False,
    about: str = "",
) -> ImportBatch:
    """Keeps a file that was read, with what Jalons thinks it is. Raises `NothingRead`.

    `about`: the dispositif from whose page it is given (its public id).
    """
    create = partial(create_batch, name=name, kind=kind, content=content, by=by, rehearsal=rehearsal)
    journey = found_in(sheets)
    if journey.left is not None:
        return give_trip(journey, sheets, create, by)
    today = clock.today()
    tables = tables_of(sheets, kind, today)
    found = [recognise(table) for table in tables]
    number = best_sheet(found, tables) if found else 0
    if not found or found[number].target is None:
        raise NothingRead(
            french_spaces(
                "Jalons ne trouve pas de tableau qu’il connaisse dans ce fichier : il cherche une ligne d’en-têtes "
                "(commune, nom du site, personnes…) et des lignes en dessous."
            )
        )
    target = found[number].target
    choices = Choices(
        sheet=number,
        on=day_of(tables[number], target.kind.value if target else ""),
        source_kind=source_kind_of(by.organisation).value,
        about=about_key(by, about),
        trip=DAMAGED if journey.is_damaged else "",
    )
    return create(tables=tables, target=target.kind.value if target else "", choices=choices)


def create_batch(
    *,
    name: str,
    kind: str,
    content: bytes,
    by: Actor,
    rehearsal: bool,
    tables: list[SheetTable],
    target: str,
    choices: Choices,
) -> ImportBatch:
    batch = ImportBatch.objects.create(
        author=by.user,
        organisation=by.organisation,
        file_name=name[:255],
        file_kind=kind,
        content=content,
        sheets=pack(tables),
        target=target,
        choices=choices.to_json(),
        rehearsal=rehearsal,
    )
    batch.tables = tables
    return batch


def give_trip(
    journey: FoundTrip, sheets: list[SheetContent], create: Callable[..., ImportBatch], by: Actor
) -> ImportBatch:
    """A workbook that left from here to be filled in: it says what it is. Its rows are dated of today, unless they say
    another day.
    """
    left = journey.left
    assert left is not None  # noqa: S101  # the caller looked
    _, _, returned = read_back(sheets, journey, target_of(left.kind))
    choices = Choices(
        on=clock.today().isoformat(),
        source_kind=source_kind_of(by.organisation).value,
        about=left.about,
        trip=HOME,
        left_on=left.made_on,
        notes=notes_of(sheets, journey, returned),
    )
    bare = [SheetTable(sheet.title, SheetGrid(sheet), None) for sheet in sheets]
    return create(tables=bare, target=left.kind, choices=choices)


def about_key(by: Actor, public_id: str) -> str:
    """What the person fills in: the only thing there is, or their part of that dispositif; else it is asked."""
    filled = filled_by(by)
    found = [one for one in filled.values() if not public_id or one.action.public_id == public_id]
    own = [one for one in found if one.reporter.pk == by.organisation.standing_id]
    chosen = own or found
    return chosen[0].key if len(chosen) == 1 else ""


def day_of(table: SheetTable, target: str) -> str:
    """The day of the situation, else the last of its month when it is over; nothing otherwise: it is asked.

    Of an export of actions, the last day of its year, or the day of the export when the year is not over.
    """
    if target == TargetKind.ACTIONS:
        return last_day_of_year(table)
    period = table.context.period
    if period is None or period.last > clock.today():
        return ""
    return period.last.isoformat()


def last_day_of_year(table: SheetTable) -> str:
    year, today = year_of(table), clock.today()
    if year is None or year > today.year:
        return ""
    exported = table.context.as_of
    going_on = exported if exported and exported.year == year and exported <= today else today
    return (going_on if year == today.year else dt.date(year, 12, 31)).isoformat()


@transaction.atomic
def choose(*, batch: ImportBatch, choices: Choices, target: str) -> ImportBatch:
    """What the person says of the file. Another sheet or another target: its columns are guessed again."""
    if not lock_open(batch):
        return batch
    before = Choices.from_json(batch.choices)
    if choices.sheet != before.sheet or target != batch.target:
        on = day_of(table_of(batch, choices.sheet), target) or choices.on
        choices = replace(choices, columns={}, rules={}, on=on)
    batch.choices, batch.target, batch.state = choices.to_json(), target, BatchState.DRAFT
    batch.save(update_fields=["choices", "target", "state"])
    return batch


def all_tables(batch: ImportBatch) -> list[SheetTable]:
    """The sheets, read once for this object: what was given never changes."""
    if batch.tables is None:
        batch.tables = stored_tables(bytes(batch.sheets), batch.file_kind, clock.today())
    return list(batch.tables)


def table_of(batch: ImportBatch, number: int) -> SheetTable:
    tables = all_tables(batch)
    return tables[number if 0 <= number < len(tables) else 0]


def chosen_of(batch: ImportBatch, today: dt.date | None = None) -> ChosenTable:
    choices = Choices.from_json(batch.choices)
    if choices.trip == HOME and (returned := returned_of(batch, choices, today or clock.today())):
        return returned
    table = table_of(batch, choices.sheet)
    acting = batch.organisation.standing_id
    saved = ImportMapping.objects.filter(
        Q(organisation=acting) | Q(organisation__merged_into=acting),
        shape=shape_digest(table),
        target=batch.target,
    ).order_by("-changed_at")
    columns = saved.values_list("columns", flat=True).first() or {}
    return chosen_table(table, batch.target, choices, columns, today or clock.today())


def returned_of(batch: ImportBatch, choices: Choices, today: dt.date) -> ChosenTable | None:
    """What the hidden sheet of the file says is read, and nothing is guessed. None, and no row is read, once the server
    does not have any more the key by which it was signed.
    """
    sheets = [table.grid.sheet for table in all_tables(batch)]
    journey = found_in(sheets)
    if journey.left is None:
        return None
    target = target_of(batch.target)
    table, columns, returned = read_back(sheets, journey, target)
    return ChosenTable(table, target, columns, today, choices, returned)


@transaction.atomic
def prepare(*, batch: ImportBatch, by: Actor) -> ImportBatch:
    """Judges every row, and keeps the mapping for the organisation."""
    if not lock_open(batch):
        return batch
    chosen = chosen_of(batch)
    if Choices.from_json(batch.choices).columns:
        keep_mapping(batch, chosen)
    write_lines(batch, judged_lines(batch, chosen, by), chosen.table.places)
    batch.state, batch.failure = BatchState.READY, ""
    batch.save(update_fields=["state", "failure"])
    return batch


def lock_open(batch: ImportBatch) -> bool:
    """Of two people who write on one draft at once, the second waits; nothing is changed once it is being applied."""
    states = ImportBatch.objects.select_for_update().filter(pk=batch.pk).values_list("state", flat=True)
    return states.get() in (BatchState.DRAFT, BatchState.READY)


def keep_mapping(batch: ImportBatch, chosen: ChosenTable) -> None:
    columns = {
        saved_key(guess): guess.field for guess in chosen.columns if not guess.refused and guess.heading.path
    }
    ImportMapping.objects.update_or_create(
        organisation_id=batch.organisation.standing_id,
        shape=shape_digest(chosen.table),
        defaults={"target": batch.target, "columns": columns},
    )


def judged_lines(batch: ImportBatch, chosen: ChosenTable, by: Actor) -> list[JudgedLine]:
    replies = {
        line: Reply(decision, fixes)
        for line, decision, fixes in batch.lines.values_list("line", "decision", "fixes")
        if decision or fixes
    }
    return list(judge_lines(chosen, by, replies, rehearsal=batch.rehearsal))


def write_lines(
    batch: ImportBatch,
    lines: list[JudgedLine],
    places: Mapping[int, str],
    moved: frozenset[int] = frozenset(),
) -> None:
    """`places`: where rows stand in the file, by row from 0, when the table was set upright."""
    told = {
        line: (decision, fixes)
        for line, decision, fixes in batch.lines.values_list("line", "decision", "fixes")
    }
    batch.lines.all().delete()
    ImportLine.objects.bulk_create(
        [
            line_of(
                batch,
                line,
                *told.get(line.line, ("", {})),
                where=places.get(line.line - 1, ""),
                moved=line.line in moved,
            )
            for line in lines
        ],
        batch_size=500,
    )


def line_of(
    batch: ImportBatch, line: JudgedLine, decision: str, fixes: Mapping[str, str], *, where: str, moved: bool
) -> ImportLine:
    return ImportLine(
        batch=batch,
        line=line.line,
        where=where[:60],
        label=line.label[:200],
        place=line.place[:120],
        outcome=line.outcome,
        verdict=line.verdict,
        why=line.why[:300],
        site=line.site.public_id if line.site else "",
        candidates=line.candidates,
        point=list(line.point or ()),
        cells=[cell.to_json() for cell in line.cells],
        decision=decision,
        fixes=dict(fixes),
        basis=line.basis,
        is_written=line.plan is not None,
        moved=moved,
    )


@transaction.atomic
def reply_to_lines(
    *,
    batch: ImportBatch,
    by: Actor,
    decisions: Mapping[int, str],
    fixes: Mapping[int, Mapping[str, str]],
    rules: Mapping[str, str] | None = None,
) -> ImportBatch:
    """What the person says of some rows, or of a whole column; then every row is judged again."""
    if not lock_open(batch):
        return batch
    for line in batch.lines.filter(line__in={*decisions, *fixes}):
        line.decision = decisions.get(line.line, line.decision)
        line.fixes = {
            key: typed for key, typed in {**line.fixes, **fixes.get(line.line, {})}.items() if typed != ""
        }
        line.save(update_fields=["decision", "fixes"])
    if rules:
        choices = Choices.from_json(batch.choices)
        kept: dict[str, Any] = {**choices.rules, **rules}
        batch.choices = replace(choices, rules={key: rule for key, rule in kept.items() if rule}).to_json()
        batch.save(update_fields=["choices"])
    return prepare(batch=batch, by=by)


@transaction.atomic
def answer_absents(*, batch: ImportBatch, answers: Mapping[str, Mapping[str, str]]) -> ImportBatch:
    """What becomes of sites that the table does not name; one without answer is left as it is."""
    if not lock_open(batch):
        return batch
    batch.refresh_from_db(fields=["choices"])
    choices = Choices.from_json(batch.choices)
    told = {**choices.absent, **answers}
    batch.choices = replace(choices, absent={key: answer for key, answer in told.items() if answer}).to_json()
    batch.save(update_fields=["choices"])
    return batch
