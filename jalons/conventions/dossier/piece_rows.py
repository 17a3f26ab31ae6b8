"""Several pieces of a convention on one page: changed, added, reordered, removed, without JavaScript either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from jalons.actions.forms.common import (
    Bundle,
    FrenchForm,
    RowForm,
    Rows,
    shown_again,
    took_theirs,
)
from jalons.conventions.models.base import Piece
from jalons.core.forms import FrenchNumberField, SubmissionKeyField, VersionField
from jalons.core.ui import Difference
from jalons.core.values import Number, Value, exact, format_euros, format_number
from jalons.sites.forms.common import in_words

APART = ("piece", "seen", "order", "gone")
Json = dict[str, Any]


@dataclass
class PieceChange:
    """What becomes of one piece: `record` None is a new one; `changes` None removes it."""

    record: Piece | None
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
        old = self.initial_of(before) if before is not None else {}
        new, found = self.initial_of(current), []
        signature = {"who": str(current.changed_by or ""), "organisation": str(current.changed_for or "")}
        for name in self.names:
            field = self.fields[name]
            seen, theirs = in_words(field, old.get(name)), in_words(field, new.get(name))
            mine = in_words(field, self.cleaned_data.get(name))
            if theirs not in (mine, seen):
                found.append(
                    Difference(
                        f"{self.prefix}-{name}",
                        f"Ligne {self.number}, {str(field.label).lower()}",
                        seen,
                        theirs,
                        mine,
                        **signature,
                        when=current.changed_at,
                        keep_mine=seen != mine,
                    )
                )
        return found


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
    found: Number | None = row.cleaned_data.get("order")
    return found


# --- values that are kept as JSON ---------------------------------------------------------------------------------


def figure_value(figure: Any) -> Value:
    """A printed figure as an amount to type."""
    if not isinstance(figure, dict):
        return Value.empty()
    amount = figure.get("amount")
    if isinstance(amount, int | float) and not isinstance(amount, bool):
        return Value.amount(exact(amount))
    raw = str(figure.get("raw") or "").strip()
    return Value.dash() if raw in ("-", "–") else Value.nd() if raw.upper() == "ND" else Value.empty()


def figure_of(value: Value, figure: Any) -> Json | None:
    """What was typed, as a printed figure; what it already said is left as it was printed."""
    if value == figure_value(figure):
        return figure if isinstance(figure, dict) else None
    if value.number is not None:
        kept = figure if isinstance(figure, dict) else {}
        return {**kept, "raw": format_euros(value.number), "amount": plain(value.number)}
    text = value.to_text()
    return {"raw": text, "amount": None} if text else None


def plain(number: Number) -> int | float:
    """As JSON holds it."""
    return int(number) if number == int(number) else float(number)


def euros_text(number: Number | None) -> str:
    return "" if number is None else format_number(number)


def lines_of(paragraphs: Any) -> str:
    """Paragraphs as text: one a line, « - » before a bullet, « # » before a heading."""
    return "\n".join(line_of(each) for each in paragraphs) if isinstance(paragraphs, list) else ""


def line_of(paragraph: Any) -> str:
    if not isinstance(paragraph, dict):
        return " ".join(str(paragraph).split("\n"))
    text = " ".join(str(paragraph.get("text") or "").splitlines())
    if paragraph.get("heading"):
        return f"# {text}"
    return f"- {text}" if paragraph.get("bullet") else text


def paragraphs_of(text: str, before: Any, *, plain_texts: bool = False) -> list[Any]:
    """The text back as paragraphs; a line that was already there keeps all that its paragraph said.

    `plain_texts`: new ones are plain texts, when those before are.
    """
    known: dict[str, list[Any]] = {}
    for each in before if isinstance(before, list) else []:
        known.setdefault(line_of(each).strip(), []).append(each)
    found: list[Any] = []
    for line in (told.strip() for told in text.splitlines()):
        if not line:
            continue
        if known.get(line):
            found.append(known[line].pop(0))
        else:
            found.append(new_paragraph(line, plain_texts))
    return found


def new_paragraph(line: str, plain_texts: bool) -> Any:
    for mark, key in (("# ", "heading"), ("- ", "bullet"), ("• ", "bullet")):
        if line.startswith(mark):
            return {"text": line.removeprefix(mark).strip(), key: True}
    return line if plain_texts else {"text": line, "bullet": False}
