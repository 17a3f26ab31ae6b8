"""Tracking tables: their columns, and rows typed cell by cell."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jalons.conventions.dossier.row_changes import RowChange
from jalons.conventions.models.printed import objects_in
from jalons.conventions.models.sheets import new_key
from jalons.conventions.sheets.tracking.tables import (
    DONE_LE_PLANNED,
    KINDS,
    TEXT,
    cell_from_text,
    columns_of,
    header_of,
    kind_of,
    typed_text,
)
from jalons.core.values import ParseError
from jalons.editing.block_forms import BlockForms, BlockMain, BlockRow, line

FIRST_COLUMNS, MORE_COLUMNS = 6, 2
MOST_COLUMNS = 20


class TableMain(BlockMain):
    """Title and columns: `h0`, `k0`… A column is as many fields as its place."""

    title = forms.CharField(label="Titre du tableau", max_length=300)

    def __init__(self, *args: Any, table: Any = None, used: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table, self.used = table, frozenset(used)
        self.known = columns_of(table) if table is not None else []
        spare = MORE_COLUMNS if table is not None else FIRST_COLUMNS
        self.count = min(len(self.known) + spare, max(MOST_COLUMNS, len(self.known)))
        for place in range(self.count):
            self.add_field(f"h{place}", line(f"Colonne {place + 1}", 200))
            self.add_field(
                f"k{place}",
                forms.ChoiceField(
                    label=f"Ce que contient la colonne {place + 1}",
                    choices=list(KINDS.items()),
                    required=False,
                ),
            )
        places = [("", "Aucune"), *((str(place), self.place_name(place)) for place in range(self.count))]
        for name, label in (("planned", "Colonne du prévu"), ("done", "Colonne du réalisé")):
            self.add_field(name, forms.ChoiceField(label=label, choices=places, required=False))
        self.fields["done"].help_text = "Facultatif\u00a0: Jalons signale un réalisé qui dépasse le prévu."

    def place_name(self, place: int) -> str:
        known = f" ({header_of(self.known[place])})" if place < len(self.known) else ""
        return f"Colonne {place + 1}{known}"

    def names(self) -> tuple[str, ...]:
        pairs = [name for place in range(self.count) for name in (f"h{place}", f"k{place}")]
        return ("title", *pairs, "planned", "done")

    def column_fields(self) -> list[tuple[Any, Any]]:
        return [(self[f"h{place}"], self[f"k{place}"]) for place in range(self.count)]

    def initial_of(self, record: Any) -> dict[str, Any]:
        if record is None:
            return {f"k{place}": TEXT for place in range(self.count)}
        initial: dict[str, Any] = {"title": record.title}
        columns = columns_of(record)
        places = {column["key"]: str(place) for place, column in enumerate(columns)}
        for place in range(self.count):
            column = columns[place] if place < len(columns) else {}
            initial[f"h{place}"] = header_of(column)
            initial[f"k{place}"] = kind_of(column)
        check = first_check(record)
        for name in ("planned", "done"):
            initial[name] = places.get(str(check.get(name)), "")
        return initial

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        titled = [place for place in range(self.count) if (cleaned.get(f"h{place}") or "").strip()]
        if not titled and not any(name in self.errors for name in self.names()):
            self.add_error("h0", "Donnez un titre à une colonne au moins.")
        for place in range(min(self.count, len(self.known))):
            if (
                place not in titled
                and f"h{place}" not in self.errors
                and self.known[place]["key"] in self.used
            ):
                self.add_error(
                    f"h{place}",
                    "Cette colonne contient des valeurs\u00a0: videz-les d’abord, ou gardez son titre.",
                )
        planned, done = cleaned.get("planned"), cleaned.get("done")
        if bool(planned) != bool(done):
            self.add_error("done" if planned else "planned", "Choisissez les deux colonnes, ou aucune.")
        elif planned and planned == done:
            self.add_error("done", "Choisissez une autre colonne que celle du prévu.")
        for name, chosen in (("planned", planned), ("done", done)):
            if chosen and int(chosen) not in titled and name not in self.errors:
                self.add_error(name, "Cette colonne n’a pas de titre.")
        return cleaned

    def table_values(self) -> dict[str, Any]:
        """Title, columns and checks; a column keeps its key and what the file knew of it."""
        cleaned = self.cleaned_data
        places: dict[int, str] = {}
        columns = []
        for place in range(self.count):
            header = (cleaned.get(f"h{place}") or "").strip()
            if not header:
                continue
            known = self.known[place] if place < len(self.known) else {"key": new_key("c")}
            same = header == header_of(known) and (cleaned.get(f"k{place}") or TEXT) == kind_of(known)
            columns.append(
                known if same else {**known, "header": header, "kind": cleaned.get(f"k{place}") or TEXT}
            )
            places[place] = known["key"]
        return {"title": cleaned["title"].strip(), "columns": columns, "checks": self.checks(places)}

    def checks(self, places: Mapping[int, str]) -> list[Any]:
        cleaned, before = self.cleaned_data, list(self.table.checks) if self.table is not None else []
        first = first_check(self.table) if self.table is not None else {}
        others = [check for check in before if check is not first]
        if not cleaned.get("planned"):
            return others
        pair = {"planned": places[int(cleaned["planned"])], "done": places[int(cleaned["done"])]}
        if first and all(first.get(name) == key for name, key in pair.items()):
            return before
        return [{"rule": DONE_LE_PLANNED, **pair}, *others]


def first_check(table: Any) -> dict[str, Any]:
    return next(
        (check for check in objects_in(table.checks) if check.get("rule") == DONE_LE_PLANNED),
        {},
    )


class CellField(forms.CharField):
    """A typed cell; what its column cannot hold is said beside it."""

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(**{"required": False, "max_length": 1000, **kwargs})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            cell_from_text(text, self.kind)
        except ParseError as error:
            raise ValidationError(str(error), code="invalid") from error
        return text


class TrackingForm(BlockRow):
    def __init__(self, *args: Any, table_columns: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table_columns = list(table_columns)
        for place, column in enumerate(self.table_columns):
            self.add_field(f"c{place}", CellField(kind=kind_of(column), label=header_of(column)))

    def names(self) -> list[str]:
        return [f"c{place}" for place in range(len(self.table_columns))]

    def initial_of(self, record: Any) -> dict[str, Any]:
        if record is None:
            return {}
        return {
            f"c{place}": typed_text(record.cells.get(column["key"]), kind_of(column))
            for place, column in enumerate(self.table_columns)
        }

    def full_clean(self) -> None:
        """What was already there and could not be read is no fault of who changes something else."""
        super().full_clean()
        for name in [name for name in self.names() if name in self.errors]:
            if self.initial.get(name) and self[name].value() == self.initial[name]:
                del self.errors[name]
                self.cleaned_data[name] = self.initial[name]

    def row_change(self) -> RowChange:
        if self.is_removed:
            return RowChange(self.record, {}, removed=True)
        cells = dict(self.record.cells) if self.record is not None else {}
        for name, text in self.values_to_save().items():
            column = self.table_columns[int(name[1:])]
            read = cell_from_text(text or "", kind_of(column), cells.get(column["key"]))
            if read is None:
                cells.pop(column["key"], None)
            else:
                cells[column["key"]] = read
        return RowChange(self.record, {"cells": cells})


class TableBlock(BlockForms):
    main_class = TableMain


class TrackingBlock(BlockForms):
    main_class, row_class = TableMain, TrackingForm
    spare = 2

    def row_changes(self) -> list[RowChange]:
        return [row.row_change() for row in self.filled]
