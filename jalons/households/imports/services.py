"""Takes a table of families in, applies it in one transaction, and undoes it. Nothing here logs."""

import datetime as dt
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from jalons.core.values import fold
from jalons.households.enums import ErasureReason, ImportState
from jalons.households.families.stored import from_json
from jalons.households.imports.columns import (
    guess_family_columns,
    heading_key,
    is_a_table_of_families,
    is_of_families,
    knows,
)
from jalons.households.imports.completing import completed, fresh, without
from jalons.households.imports.content import ImportChoices, ReadFamilies, SheetChoices, packed
from jalons.households.imports.forbidden import RefusedCell, purged, without_number
from jalons.households.imports.gathering import default_group, read_families
from jalons.households.imports.matching import (
    COMPLETE,
    NEW,
    REPLACE,
    FamilyVerdict,
    known_families,
    verdicts,
)
from jalons.households.keys import (
    AT_ONCE,
    destroy_keys,
    learn_content_key,
    learn_keys,
    lock_register,
    new_content_keys,
    opened,
)
from jalons.households.models import Household, RegisterErasure, RegisterImport, reference_of
from jalons.households.retention.services import announce_again, months_kept
from jalons.households.sheets.services import FamilyRefused, FamilySave, next_number, seal_family
from jalons.households.vault import OpenRegister, UnreadableSeal
from jalons.imports.reading.table import SheetTable, read_table
from jalons.imports.storing import packed_sheet, unpacked_sheet
from jalons.spreadsheets.reading import SheetContent

DAYS_HELD = 7
MOST_CHOICES = 900  # fields of the page of columns: a browser sends no more than a thousand
NOTHING_READ = (
    "Aucune famille n’a été reconnue\u00a0: il faut une ligne d’en-têtes, et au moins une colonne de nom, de "
    "prénom ou de numéro de famille. Essayez avec le modèle de tableau."
)
CHOICES_OF_A_SHEET = 4
TOO_WIDE = (
    "Ce classeur a trop d’onglets et de colonnes pour être repris d’un coup\u00a0: coupez-le en plusieurs."
)


class NoFamilyRead(Exception):
    """`str()` is a sentence in French, without anything of the file."""


class ChangedSince(Exception):
    """Households were changed after the import: `references`, « M-0012 »."""

    def __init__(self, references: list[str]) -> None:
        super().__init__()
        self.references = references


class ImportMoved(Exception):
    """Somebody chose, applied or undid meanwhile; or families are still to be decided."""


@dataclass
class OpenedImport:
    """A table behind the wall, opened for a request. `refused`: by sheet, why a column is not read."""

    stored: RegisterImport
    tables: list[SheetTable] = field(repr=False)
    refused: list[dict[int, str]] = field(repr=False)
    cells: list[RefusedCell] = field(repr=False)
    choices: ImportChoices = field(repr=False)
    families: ReadFamilies = field(repr=False)
    result: dict[str, Any] = field(default_factory=dict, repr=False)


# Taking in ------------------------------------------------------------------------------------------------------


def take_in(
    save: FamilySave, sheets: list[SheetContent], *, user: Any, sites: dict[str, str], dispositif: str = ""
) -> RegisterImport:
    """Reads the sheets of a file and stores them, sealed, without what may not be kept. Raises `NoFamilyRead`."""
    clean_sheets: list[SheetContent] = []
    refused: list[dict[int, str]] = []
    cells: list[RefusedCell] = []
    for sheet in sheets:
        table = read_table(sheet, knows, today=save.today)
        if table.layout is None:
            continue
        keys = {heading.column: heading_key(heading.words) for heading in table.headings}
        clean, reasons, more_cells = purged(table, keys)
        clean_sheets.append(clean)
        words = {heading.column: without_number(heading.words) for heading in table.headings}
        refused.append(
            {column: f"«\u00a0{words.get(column, '')}\u00a0»\u00a0: {why}" for column, why in reasons.items()}
        )
        cells += more_cells
    tables = [read_table(sheet, knows, today=save.today) for sheet in clean_sheets]
    if sum(len(table.headings) + CHOICES_OF_A_SHEET for table in tables) > MOST_CHOICES:
        raise NoFamilyRead(TOO_WIDE)
    choices = first_choices(tables, refused, sites, dispositif)
    families = read_families(tables, choices, sites=sites, today=save.today)
    if not families.families:
        raise NoFamilyRead(NOTHING_READ)
    stored = RegisterImport(pk=uuid4(), organisation_id=save.register.organisation_id, author=user)
    with transaction.atomic():
        new_content_keys(save.register, [stored.pk])
        content = {
            "sheets": [packed_sheet(sheet) for sheet in clean_sheets],
            "refused": [[*reasons.items()] for reasons in refused],
            "cells": [[cell.place, cell.rule] for cell in cells],
        }
        stored.sheets = sealed(save.register, stored, "sheets", content)
        stored.reading = sealed(save.register, stored, "reading", reading_of(choices, families, {}))
        stored.save(force_insert=True)
    return stored


def first_choices(
    tables: list[SheetTable], refused: list[dict[int, str]], sites: dict[str, str], dispositif: str
) -> ImportChoices:
    chosen = []
    for table, reasons in zip(tables, refused, strict=True):
        columns = {
            guess.column: guess.field
            for guess in guess_family_columns(table)
            if guess.field and guess.column not in reasons
        }
        chosen.append(
            SheetChoices(
                taken=is_a_table_of_families(columns) and not table.is_hidden,
                columns=columns,
                rows="families" if is_of_families(columns) else "people",
                group=default_group(table, columns),
                site="" if "site" in columns.values() else sites.get(fold(table.title), ""),
            )
        )
    return ImportChoices(sheets=chosen, dispositif=dispositif)


def reading_of(choices: ImportChoices, families: ReadFamilies, result: dict[str, Any]) -> dict[str, Any]:
    return {"choices": choices.to_json(), "families": families.to_json(), "result": result}


def sealed(register: OpenRegister, stored: RegisterImport, part: str, content: dict[str, Any]) -> bytes:
    return register.seal(stored.pk, f"import {part}", zlib.compress(packed(content), 3))


def unsealed(register: OpenRegister, stored: RegisterImport, part: str) -> dict[str, Any]:
    payload = register.open(stored.pk, f"import {part}", getattr(stored, part))
    return dict(json.loads(zlib.decompress(payload)))


def open_import(
    register: OpenRegister, stored: RegisterImport, today: dt.date, *, whole: bool = False
) -> OpenedImport:
    """`UnreadableSeal` once its key went. `whole`: its sheets too."""
    learn_content_key(register, stored.pk)
    reading = unsealed(register, stored, "reading")
    content = unsealed(register, stored, "sheets")
    tables = (
        [read_table(unpacked_sheet(values), knows, today=today) for values in content["sheets"]]
        if whole
        else []
    )
    return OpenedImport(
        stored,
        tables,
        [{int(column): why for column, why in reasons} for reasons in content["refused"]],
        [RefusedCell(*cell) for cell in content["cells"]],
        ImportChoices.from_json(reading["choices"]),
        ReadFamilies.from_json(reading["families"]),
        reading["result"],
    )


def locked_import(register: OpenRegister, pk: UUID, version: int) -> RegisterImport:
    """In a transaction. `ImportMoved` when it is not what the person was looking at."""
    lock_register(register)
    stored = (
        RegisterImport.objects.select_for_update()
        .filter(pk=pk, organisation=register.organisation_id)
        .first()
    )
    if stored is None or stored.version != version:
        raise ImportMoved
    return stored


@transaction.atomic
def choose(
    register: OpenRegister,
    pk: UUID,
    version: int,
    choices: ImportChoices,
    *,
    sites: dict[str, str],
    today: dt.date,
    reads_again: bool = True,
) -> None:
    """Stores what was chosen, and reads the families again when it may change them."""
    stored = locked_import(register, pk, version)
    if stored.state != ImportState.READ:
        raise ImportMoved
    held = open_import(register, stored, today, whole=reads_again)
    families = read_families(held.tables, choices, sites=sites, today=today) if reads_again else held.families
    stored.reading = sealed(register, stored, "reading", reading_of(choices, families, held.result))
    stored.version += 1
    stored.save(update_fields=["reading", "version"])


# Applying -------------------------------------------------------------------------------------------------------


@transaction.atomic
def apply_import(save: FamilySave, pk: UUID, version: int) -> RegisterImport:
    """All its families or none. Applied already, it is left as it is."""
    lock_register(save.register)
    again = RegisterImport.objects.filter(pk=pk, organisation=save.register.organisation_id).first()
    if again is not None and again.state == ImportState.APPLIED:
        return again
    stored = locked_import(save.register, pk, version)
    held = open_import(save.register, stored, save.today)
    owner = save.register.organisation_id
    months = months_kept(owner)
    decided = verdicts(
        held.families.families, held.choices, known_families(save.register), today=save.today, months=months
    )
    if any(verdict.is_open for verdict in decided):
        raise ImportMoved
    created = create_all(save, [v for v in decided if v.outcome == NEW], months)
    changed = complete_all(save, [v for v in decided if v.outcome in (COMPLETE, REPLACE)], months)
    for day in sorted({row.erase_on for row in (*created, *changed) if row.erase_on}):
        announce_again(owner, day)
    result = {
        "created": [[str(row.pk), row.number] for row in created],
        "changed": [[str(row.pk), row.number, row.version] for row in changed],
        "at": save.at.isoformat(),
        "token": save.token,
    }
    stored.reading = sealed(save.register, stored, "reading", reading_of(held.choices, held.families, result))
    stored.state = ImportState.APPLIED
    stored.applied_at = save.at
    stored.households = len(created) + len(changed)
    stored.version += 1
    stored.save()
    return stored


def create_all(save: FamilySave, new: list[FamilyVerdict], months: int) -> list[Household]:
    number = next_number(save.register.organisation_id)
    rows = [
        Household(pk=uuid4(), organisation_id=save.register.organisation_id, number=number + rank)
        for rank in range(len(new))
    ]
    new_content_keys(save.register, [row.pk for row in rows])
    for row, verdict in zip(rows, new, strict=True):
        seal_family(row, save, fresh(verdict.read.family, str(row.pk), save.at, save.author), months)
    Household.objects.bulk_create(rows, batch_size=AT_ONCE)
    return rows


def locked_rows(register: OpenRegister, ids: Iterable[UUID]) -> Iterator[Household]:
    """Under a lock each, with their keys learnt, a few hundred a query."""
    every = sorted(ids)
    for start in range(0, len(every), AT_ONCE):
        some = Household.objects.of(register).select_for_update(of=("self",)).order_by("pk")
        rows = [*some.filter(pk__in=every[start : start + AT_ONCE])]
        learn_keys(register, rows)
        yield from rows


def complete_all(save: FamilySave, decided: list[FamilyVerdict], months: int) -> list[Household]:
    """Only those that the table changes. `FamilyRefused` says which household cannot be replaced so."""
    by_id = {verdict.known.household_id: verdict for verdict in decided if verdict.known}
    changed = []
    for row in locked_rows(save.register, by_id):
        payload = opened(save.register, row, "content")
        if payload is None:
            raise UnreadableSeal
        verdict = by_id[row.pk]
        family = from_json(payload, str(row.pk))
        after = completed(
            family,
            verdict.read.family,
            at=save.at,
            author=save.author,
            overwrite=verdict.outcome == REPLACE,
        ).family
        if after is family:
            continue
        try:
            seal_family(row, save, after, months)
        except FamilyRefused as refused:
            raise FamilyRefused([f"{row.reference}\u00a0: {why}" for why in refused.sentences]) from None
        row.version += 1
        changed.append(row)
    save_rows(changed)
    return changed


def save_rows(rows: list[Household]) -> None:
    Household.objects.bulk_update(rows, ["content", "summary", "version", "erase_on"], batch_size=100)


# Undoing --------------------------------------------------------------------------------------------------------


@transaction.atomic
def undo_import(save: FamilySave, pk: UUID, version: int) -> int:
    """What it created goes, what it completed is as before; how many households. `ChangedSince` changes nothing."""
    stored = locked_import(save.register, pk, version)
    if stored.state != ImportState.APPLIED:
        raise ImportMoved
    held = open_import(save.register, stored, save.today)
    created = {UUID(key): number for key, number in held.result["created"]}
    changed = {UUID(key): (number, seen) for key, number, seen in held.result["changed"]}
    rows = {row.pk: row for row in locked_rows(save.register, [*created, *changed])}
    moved = [number for key, number in created.items() if key not in rows or rows[key].version != 1]
    moved += [
        number for key, (number, seen) in changed.items() if key not in rows or rows[key].version != seen
    ]
    if moved:
        raise ChangedSince([reference_of(number) for number in sorted(moved)])
    at, months = dt.datetime.fromisoformat(held.result["at"]), months_kept(save.register.organisation_id)
    for key in changed:
        row = rows[key]
        payload = opened(save.register, row, "content")
        if payload is None:
            raise UnreadableSeal
        family = without(from_json(payload, str(key)), at, held.result["token"])
        before = row.erase_on
        seal_family(row, save, family, months)
        if row.erase_on is not None and row.erase_on != before:
            announce_again(save.register.organisation_id, row.erase_on)
        row.version += 1
    save_rows([rows[key] for key in changed])
    erase_all(save, created)
    stored.reading = sealed(save.register, stored, "reading", reading_of(held.choices, held.families, {}))
    stored.state, stored.applied_at, stored.households = ImportState.READ, None, 0
    stored.version += 1
    stored.save()
    return len(created) + len(changed)


def erase_all(save: FamilySave, created: dict[UUID, int]) -> None:
    """As one household is erased: their keys first. Their numbers are never given again."""
    destroy_keys(created)
    RegisterErasure.objects.bulk_create(
        RegisterErasure(
            organisation_id=save.register.organisation_id,
            number=number,
            why=ErasureReason.MISTAKE,
            erased_on=save.today,
        )
        for number in created.values()
    )
    every = [*created]
    for start in range(0, len(every), AT_ONCE):
        Household.objects.filter(pk__in=every[start : start + AT_ONCE]).delete()


# Forgetting -----------------------------------------------------------------------------------------------------


@transaction.atomic
def drop_import(pk: UUID, organisation_id: int) -> None:
    """Its key, then its row; what it applied stays. Needs no open register."""
    rows = RegisterImport.objects.filter(pk=pk, organisation=organisation_id)
    if rows.exists():
        destroy_keys([pk])
        rows.delete()


def forget_imports(now: dt.datetime | None = None) -> int:
    """For the clock: those of more than seven days."""
    limit = (now or timezone.now()) - dt.timedelta(days=DAYS_HELD)
    old = [*RegisterImport.objects.filter(created_at__lt=limit).values_list("pk", "organisation")]
    for pk, organisation_id in old:
        drop_import(pk, organisation_id)
    return len(old)
