"""Several records of one kind on one page: changed, added, reordered, removed, without JavaScript either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms

from jalons.core.forms import FrenchNumberField, SubmissionKeyField, VersionField
from jalons.core.ui import Difference
from jalons.core.values import Number
from jalons.editing.forms import FrenchForm, differing, shown_again
from jalons.editing.rows import Bundle, RowForm, Rows, took_theirs
from jalons.history.models import Record

APART = ("piece", "seen", "order", "gone")


@dataclass
class PieceChange:
    """What becomes of one piece: `record` None is a new one; `changes` None removes it."""

    record: Record | None
    changes: Mapping[str, Any] | None
    expected_version: int | None = None


class PieceRow(RowForm):
    """One piece. `piece`: its primary key, nothing for a new one; `seen`: the version under the eyes.

    A form says its `initial_of(record)` and, once valid, its `columns(record)`: what the base will hold.
    """

    piece = VersionField()
    seen = VersionField()
    order = FrenchNumberField(label="Ordre", required=False, minimum=0, maximum=9999, decimals=0)
    gone = forms.BooleanField(label="Retirer", required=False)

    record: Any = None

    @classmethod
    def initial_of(cls, record: Any) -> dict[str, Any]:
        raise NotImplementedError

    def columns(self, record: Any) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def names(self) -> list[str]:
        """The fields in which the piece is told."""
        return [name for name in self.fields if name not in APART]

    @property
    def shown(self) -> list[Any]:
        return [self[name] for name in self.names]

    @property
    def is_kept(self) -> bool:
        return bool(self["piece"].value())

    @property
    def is_blank(self) -> bool:
        """A row whose order alone is written says nothing."""
        return not self.is_kept and all(
            self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            in (None, "", [], False)
            for name in self.names
        )

    def settle(self, record: Any) -> None:
        """`record`: what stands now. Where the person took the value of the other, it wins."""
        self.record = record
        if record is None:
            return
        theirs = self.initial_of(record)
        for name in self.names:
            if took_theirs(self.data, str(self.prefix), name):
                self.cleaned_data[name] = theirs.get(name)

    def change(self) -> PieceChange:
        if self.cleaned_data.get("gone"):
            return PieceChange(self.record, None, self.cleaned_data.get("seen"))
        return PieceChange(self.record, self.columns(self.record), self.cleaned_data.get("seen"))

    def differences(self, current: Any) -> list[Difference]:
        """Where what stands now is neither what was seen nor what was typed."""
        rows = current.history.filter(version=self.cleaned_data.get("seen") or 0)
        before = rows.exclude(history_type="-").first()
        seen_of = self.initial_of(before) if before is not None else {}
        found = differing(
            self, self.names, seen_of=seen_of, theirs_of=self.initial_of(current), version=current
        )
        return [replace(one, label=f"Ligne {self.number}, {one.label.lower()}") for one in found]


class PieceRows(Rows):
    most = 300


class PieceMain(FrenchForm):
    submission_key = SubmissionKeyField()


class PieceForms(Bundle):
    """Every piece of one kind. `pieces`: what stands now, in order."""

    def __init__(
        self,
        data: Any,
        row: type[PieceRow],
        pieces: Sequence[Any],
        *,
        judged: bool = True,
        adding: bool = False,
        proposed: Sequence[Mapping[str, Any]] | None = None,
        **options: Any,
    ) -> None:
        self.main = PieceMain(data if judged else None)
        if data is not None and not judged:
            shown_again(self.main, data)
        initial = proposed
        if initial is None:
            initial = [
                {**row.initial_of(piece), "piece": piece.pk, "seen": piece.version, "order": place}
                for place, piece in enumerate(pieces, 1)
            ]
        self.rows = PieceRows(
            row,
            "lignes",
            data,
            initial=initial,
            spare=0 if initial else 1,
            judged=judged,
            adding=adding,
            **options,
        )

    def parts(self) -> Sequence[Any]:
        return [self.main, self.rows]

    def changes(self, pieces: Mapping[int, Any]) -> list[PieceChange]:
        """In the order asked: those without a place come last, as they stand on the page."""
        told = self.rows.told()
        for row in told:
            row.settle(pieces.get(row.cleaned_data.get("piece") or 0))
        told.sort(key=lambda row: (order_of(row) is None, order_of(row) or 0, row.number))
        return [row.change() for row in told]

    def lost(self) -> list[Any]:
        """Rows of pieces that somebody removed meanwhile. Needs `changes`."""
        return [row for row in self.rows.told() if row.cleaned_data.get("piece") and row.record is None]

    def row_of(self, record: Any) -> Any:
        return next(row for row in self.rows.told() if row.record is not None and row.record.pk == record.pk)


def order_of(row: Any) -> Number | None:
    order: Number | None = row.cleaned_data.get("order")
    return order
