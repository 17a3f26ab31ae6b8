"""Base of every form that edits: French words, groups of fields, the version that the person saw."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from jalons.core.forms import JalonsForm, SubmissionKeyField, VersionField, dress
from jalons.core.ui import THEIRS, Difference, choice_name
from jalons.core.values import Value, format_date, french_spaces
from jalons.history.conflicts import signature


@dataclass(frozen=True, slots=True)
class Group:
    """At most seven fields, under a title or none. `dense`: figures, one a line, label at the left."""

    legend: str
    names: tuple[str, ...]
    help: str = ""
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A group as the page writes it: its fields, each with what was said before in words."""

    legend: str
    help: str
    dense: bool
    fields: tuple[tuple[Any, str], ...]


APART = ("submission_key", "expected_version", "reason")


class FrenchForm(JalonsForm):
    """Labels and helps are written with ordinary spaces, and shown with French ones."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            french_words(field)

    def add_field(self, name: str, field: forms.Field) -> None:
        """A field that is not declared on the class, with the looks and limits of the others."""
        dress(field)
        french_words(field)
        self.fields[name] = field


def french_words(field: forms.Field) -> None:
    field.label, field.help_text = french_spaces(str(field.label or "")), french_spaces(str(field.help_text))


class GroupedForm(FrenchForm):
    """A form whose fields are shown in groups. `before`: for a field, what was entered the last time."""

    groups: ClassVar[tuple[Group, ...]] = ()
    before: Mapping[str, str] = {}

    def all_groups(self) -> tuple[Group, ...]:
        return self.groups

    def sections(self) -> Iterator[Shown]:
        return self.in_groups(self.all_groups())

    def in_groups(self, groups: Iterable[Group]) -> Iterator[Shown]:
        """The groups in order; the fields that this form does not have are left out."""
        for group in groups:
            present = [self[name] for name in group.names if name in self.fields]
            if present:
                fields = tuple((bound, self.before.get(bound.name, "")) for bound in present)
                yield Shown(french_spaces(group.legend), french_spaces(group.help), group.dense, fields)

    def clean(self) -> dict[str, Any]:
        """Where two people wrote and this one took the other's value, it wins over what was typed."""
        super().clean()
        for name in self.fields:
            if name in self.initial and self.data.get(choice_name(name)) == THEIRS:
                self.cleaned_data[name] = as_chosen(self.fields[name], self.initial[name])
                self.errors.pop(name, None)
        return self.cleaned_data


class SeenVersion:
    """A form about a record: the version that the person saw goes round with it, in `expected_version`."""

    cleaned_data: dict[str, Any]

    @property
    def seen_version(self) -> int:
        """A version that never was, when it cannot be read."""
        version = self.cleaned_data["expected_version"]
        return -1 if version is None else version

    def reopened_on(self, version: int, **more: str) -> None:
        """What was typed stays; the next sending is a new one, over what is stored now."""
        reopen(self, expected_version=str(version), **more)


class VersionedForm(SeenVersion, FrenchForm):
    """A form about one record. Needs `is_valid`: `described` gives the columns."""

    submission_key = SubmissionKeyField()
    expected_version = VersionField()

    def described(self) -> dict[str, Any]:
        """The columns of the record."""
        return {name: value for name, value in self.cleaned_data.items() if name not in APART}


def reopen(form: Any, **changes: str) -> None:
    """What was typed stays, as a new sending."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["submission_key"] = str(uuid.uuid4())
    for name, value in changes.items():
        data[name] = value
    form.data = data


def shown_again(form: Any, data: Any) -> Any:
    """An unbound form with what was typed so far, not judged yet."""
    for name, field in form.fields.items():
        form.initial[name] = field.widget.value_from_datadict(data, {}, form.add_prefix(name))
    return form


# Two people in one form -------------------------------------------------------------------------------------


def differing(
    form: Any, names: Iterable[str], *, seen_of: Mapping[str, Any], theirs_of: Mapping[str, Any], version: Any
) -> list[Difference]:
    """The fields whose stored value is neither what the person saw nor what they typed.

    `seen_of`, `theirs_of`: the fields as the version that they saw, then as `version` (stored now), gives them.
    """
    differences = []
    for name in names:
        field = form.fields[name]
        values = (seen_of.get(name), theirs_of.get(name), form.cleaned_data.get(name))
        seen, theirs, mine = (in_words(field, as_chosen(field, value)) for value in values)
        if theirs not in (mine, seen):
            label, author = str(field.label), signature(version)
            differences.append(
                Difference(form.add_prefix(name), label, seen, theirs, mine, **author, keep_mine=seen != mine)
            )
    return differences


def as_chosen(field: Any, value: Any) -> Any:
    """What a field would have read: the object itself, of which a record holds the primary key."""
    if isinstance(field, forms.ModelChoiceField) and value is not None and not hasattr(value, "pk"):
        return field.queryset.filter(pk=value).first() if field.queryset is not None else None
    return value


def in_words(field: forms.Field, value: Any) -> str:
    """The value of a field as a person reads it."""
    if isinstance(value, Value):
        return value.to_text() or "non renseigné"
    if isinstance(value, dt.date):
        return format_date(value)
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(in_words(field, item) for item in value) or "non renseigné"
    if isinstance(field, forms.ModelChoiceField):
        return "non renseigné" if value is None else str(value)
    labels = {str(code): str(label) for code, label in flat(getattr(field, "choices", ()))}
    return labels.get(str(value), "" if value is None else str(value)) or "non renseigné"


def flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield from flat(label)
        else:
            yield code, label
