"""A block as a form: what belongs to one record, then rows that are each a record. Two people may write.

Rows are changed, added, ordered and removed, without JavaScript either. What both people changed is asked
(`conflicts`); what only one of them changed is kept. Nothing typed is lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from jalons.core.forms import FrenchNumberField, SubmissionKeyField, VersionField
from jalons.core.ui import THEIRS, Difference, choice_name
from jalons.editing.forms import FrenchForm, reopen, shown_again
from jalons.editing.rows import Bundle, RowForm, Rows, took_theirs
from jalons.history.conflicts import signature
from jalons.history.models import Record

LONG = 20_000


def area(label: str, rows: int = 4, help: str = "", longest: int = LONG) -> forms.CharField:
    """Text of several lines, whose blank lines and indentations count."""
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": str(longest)})
    return forms.CharField(
        label=label, required=False, max_length=longest, strip=False, widget=widget, help_text=help
    )


def line(label: str, longest: int = 300, help: str = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, help_text=help)


def year_field(label: str = "Année") -> forms.IntegerField:
    wrong = "Écrivez une année entre 1990 et 2100, par exemple 2027."
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1990,
        max_value=2100,
        widget=forms.TextInput(attrs={"class": "form-control j-tiny", "inputmode": "numeric"}),
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


def plain(value: Any) -> str:
    """What two values are compared by."""
    if value is None or value is False:
        return ""
    return "\n".join(part.rstrip() for part in str(value).splitlines()).strip()


class BlockForm(FrenchForm):
    """What a person says of one record. `columns`: the names of the fields, each a text that `initial_of` gives.

    A form whose fields are not texts says what was `typed`, and how two values are `compared` and told in words.
    """

    columns: ClassVar[tuple[str, ...]] = ()
    # Is what the other person alone changed kept without asking?
    merges: ClassVar[bool] = True

    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record: Any = None  # what stands, once `settle` found it
        self.taken: dict[str, Any] = {}  # what someone else wrote, and that is kept
        self.conflicts: list[Difference] = []

    def initial_of(self, record: Any) -> dict[str, Any]:
        """The fields as a version of the record says them; with None, those of a new one."""
        raise NotImplementedError

    def names(self) -> Sequence[str]:
        return self.columns

    @property
    def place_words(self) -> str:
        """What stands before the label of a field in a conflict."""
        return ""

    def typed(self, name: str) -> Any:
        return self[name].value()

    def compared(self, name: str, value: Any) -> str:
        """What two values of a field are compared by."""
        return plain(value)

    def settle(self, current: Any, seen: Any, *, stale: bool) -> None:
        """`current` stands; `seen` was under the eyes of the person (None when it cannot be found)."""
        self.record = current
        if current is None:
            return
        theirs_of = self.initial_of(current)
        seen_of = self.initial_of(seen) if seen is not None else {}
        for name in self.names():
            values = (seen_of.get(name), theirs_of.get(name), self.typed(name))
            before, theirs, mine = (self.compared(name, value) for value in values)
            if self.data.get(choice_name(self.add_prefix(name))) == THEIRS:
                self.taken[name] = values[1]
            elif stale and theirs not in (mine, before):
                if self.merges and seen is not None and mine == before:
                    self.taken[name] = values[1]
                else:
                    asked = self.difference(name, *values, current)
                    self.conflicts.append(replace(asked, keep_mine=self.merges or mine != before))

    def difference(self, name: str, seen: Any, theirs: Any, mine: Any, current: Any) -> Difference:
        label = str(self.fields[name].label)
        if self.place_words:
            label = f"{self.place_words}{label[:1].lower()}{label[1:]}"
        before, now, typed = (self.in_full(name, value) for value in (seen, theirs, mine))
        return Difference(self.add_prefix(name), label, before, now, typed, **signature(current))

    def in_full(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return "oui" if value else "non"
        choices = {str(code): str(words) for code, words in getattr(field, "choices", ())}
        return choices.get(str(value), plain(value)) if choices else plain(value)

    def values_to_save(self) -> dict[str, Any]:
        """What is to be saved, by name of field: only what is not already so. Needs `is_valid` and `settle`."""
        stands = self.initial_of(self.record)
        values = {}
        for name in self.names():
            if name not in self.taken and plain(self[name].value()) != plain(stands.get(name)):
                values[name] = self.cleaned_data.get(name)
        return values

    def renewed(self) -> dict[str, str]:
        """What changes in what was sent, for it to be sent again over what stands."""
        renewed_data = {self.add_prefix(name): self.sent(name, value) for name, value in self.taken.items()}
        if self.record is not None:
            renewed_data[self.add_prefix("version")] = str(self.record.version)
        return renewed_data

    def sent(self, name: str, value: Any) -> str:
        """A value as the form sends it."""
        if isinstance(value, bool):
            return "on" if value else ""
        value = self.fields[name].prepare_value(value)
        return "" if value is None else str(value)


class BlockRow(BlockForm, RowForm):
    """A row that is a record: `seen` is its primary key, empty for a new one."""

    seen = VersionField()
    rank = FrenchNumberField(label="Rang", required=False, minimum=0, maximum=9999)
    remove = forms.BooleanField(label="Retirer cette ligne", required=False)

    word: ClassVar[str] = "Ligne"

    @property
    def place_words(self) -> str:
        return f"{self.word} {self.number}, "

    @property
    def is_blank(self) -> bool:
        if self["seen"].value():
            return False
        return not any(plain(self[name].value()) for name in self.names())

    @property
    def is_stored(self) -> bool:
        return bool(self["seen"].value())

    @property
    def is_removed(self) -> bool:
        return bool(self.cleaned_data.get("remove")) and not took_theirs(
            self.data, str(self.prefix), "remove"
        )

    @property
    def is_gone(self) -> bool:
        """Someone took out meanwhile what this row is about."""
        return bool(self.cleaned_data.get("seen")) and self.record is None

    def cells(self) -> list[Any]:
        return [self[name] for name in self.names()]

    def settle(self, current: Any, seen: Any, *, stale: bool) -> None:
        if not self.is_removed:
            super().settle(current, seen, stale=stale)
            return
        self.record = current
        if current is not None and stale:
            stands = self.initial_of(current)
            theirs = "\n".join(filter(None, (self.in_short(name, stands.get(name)) for name in self.names())))
            removal = self.difference("remove", "", "", "", current)
            self.conflicts.append(replace(removal, seen="", theirs=theirs[:300], mine="à retirer"))

    def in_short(self, name: str, value: Any) -> str:
        """A value among the others of the row, in few words; nothing for what is empty."""
        return plain(value)

    def renewed(self) -> dict[str, str]:
        renewed_data = super().renewed()
        if self.is_gone:
            renewed_data |= {self.add_prefix("seen"): "", self.add_prefix("version"): ""}
        return renewed_data


class BlockMain(BlockForm):
    """What is asked once for the whole block."""

    submission_key = SubmissionKeyField()

    def fields_shown(self) -> list[Any]:
        return [self[name] for name in self.names()]

    def beside_fields(self) -> list[Any]:
        """What stands over the rows."""
        return []

    def header_fields(self) -> list[Any]:
        """The printed titles of the columns of the rows."""
        return []


class BlockForms(Bundle):
    """One form page of a fiche. `record`: what `main` is about; `records`: what the rows are about, in order."""

    main_class: type[BlockMain] = BlockMain
    row_class: type[BlockRow] | None = None
    rows_class: type[Rows] = Rows
    prefix = "lignes"
    spare = 1

    def __init__(
        self,
        data: QueryDict | None,
        *,
        record: Any,
        records: Iterable[Any] = (),
        judged: bool = True,
        adding: bool = False,
        main: Mapping[str, Any] | None = None,
        row: Mapping[str, Any] | None = None,
    ) -> None:
        self.data, self.record, self.records = data, record, list(records)
        # What is asked of the person, when this block comes back because someone else wrote.
        self.asked: list[Difference] = []
        self.taken_out: list[Any] = []
        self.main = self.main_class(data if judged else None, **(main or {}))
        self.main.initial = {**self.main.initial_of(record), "version": getattr(record, "version", None)}
        if data is not None and not judged:
            shown_again(self.main, data)
        self.rows: Rows | None = None
        if self.row_class is not None:
            self.rows = self.make_rows(self.row_class, data, judged, adding, dict(row or {}))

    def make_rows(
        self, row_class: type[BlockRow], data: Any, judged: bool, adding: bool, options: dict[str, Any]
    ) -> Rows:
        blank = row_class(**options)
        initial = self.initial_rows(blank)
        return self.rows_class(
            row_class,
            self.prefix,
            data,
            initial=initial,
            spare=self.spare_rows(initial),
            judged=judged,
            adding=adding,
            **options,
        )

    def initial_rows(self, blank: BlockRow) -> list[dict[str, Any]]:
        """What the rows are opened with, in order."""
        return [
            {**blank.initial_of(record), "seen": record.pk, "version": record.version, "rank": number}
            for number, record in enumerate(self.records, start=1)
        ]

    def spare_rows(self, initial: Sequence[Any]) -> int:
        """How many blank rows are shown after those."""
        return self.spare

    def parts(self) -> Sequence[Any]:
        return [self.main, self.rows] if self.rows is not None else [self.main]

    @property
    def filled(self) -> list[Any]:
        """The rows in which something is typed, in the order asked for. Needs `is_valid`."""
        rows = self.rows.typed_rows() if self.rows is not None else []
        return sorted(rows, key=lambda row: (row.cleaned_data.get("rank") or row.number, row.number))

    def settle(self) -> None:
        """Finds what each part is about, and where someone else wrote something else meanwhile."""
        known = {record.pk: record for record in self.records}
        parts = [(row, known.get(row.cleaned_data.get("seen"))) for row in self.filled]
        if self.record is not None:
            parts.append((self.main, self.record))
        stale = [(part, record) for part, record in parts if record is not None and is_stale(part, record)]
        seen = versions_seen(stale)
        for part, record in parts:
            version = part.cleaned_data.get("version")
            known_version = None if record is None else seen.get((type(record), record.pk, version))
            part.settle(record, known_version, stale=record is not None and is_stale(part, record))

    @property
    def conflicts(self) -> list[Difference]:
        return [difference for part in [self.main, *self.filled] for difference in part.conflicts]

    @property
    def must_ask(self) -> bool:
        """Must the person choose, or look again, before anything is written? Needs `settle`."""
        return bool(self.conflicts or self.gone)

    @property
    def gone(self) -> list[Any]:
        return [row for row in self.filled if row.is_gone and not row.is_removed]

    def asked_again(self, again: Any) -> Any:
        """The same block made `again`, with what the person is asked."""
        again.asked, again.taken_out = self.conflicts, self.gone
        return again

    def again(self) -> Any:
        """What was typed, to be sent over what stands now."""
        changes: dict[str, str] = {}
        for part in [self.main, *self.filled]:
            changes |= part.renewed()
        reopen(self.main, **changes)
        return self.main.data


def is_stale(part: BlockForm, record: Record) -> bool:
    return part.cleaned_data.get("version") != record.version


def versions_seen(stale: Sequence[tuple[BlockForm, Any]]) -> dict[tuple[Any, ...], Any]:
    """The versions that were under the eyes, by model, primary key and version."""
    version_by_key: dict[tuple[Any, ...], Any] = {}
    for model in {type(record) for _, record in stale}:
        pks = [record.pk for _, record in stale if type(record) is model]
        rows = model.history.filter(id__in=pks).exclude(history_type="-")
        version_by_key |= {(model, row.id, row.version): row for row in rows}
    return version_by_key
