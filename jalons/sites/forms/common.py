"""What the forms about a fact share: groups of fields, the version under the person's eyes, what differs."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import Choices

from jalons.core import clock
from jalons.core.forms import JalonsForm, SubmissionKeyField, VersionField, dress
from jalons.core.ui import THEIRS, Difference, choice_name
from jalons.core.values import Value, format_date, french_spaces

CARRIED = ("submission_key", "seen", "reason")
REASON_HELP = "Ce qui était enregistré reste lisible, avec votre motif."
# What may be chosen when nobody knows: a choice field always shows one of its answers.
UNSAID = ("", "Non renseigné")


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


class FactForm(JalonsForm):
    """A form about one fact. `before`: for a field, what was said the last time, shown under it.

    `correcting`: a version exists; its primary key goes round in `seen`, and a reason is asked.
    """

    groups: ClassVar[tuple[Group, ...]] = ()

    submission_key = SubmissionKeyField()
    seen = VersionField()
    reason = forms.CharField(
        label="Pourquoi cette correction ?", max_length=300, help_text=REASON_HELP, strip=True
    )

    def __init__(
        self,
        *args: Any,
        correcting: bool = False,
        before: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.before = before or {}
        if not correcting:
            del self.fields["reason"]
        for field in self.fields.values():
            field.label = french_spaces(str(field.label or ""))
            field.help_text = french_spaces(str(field.help_text))

    def add_field(self, name: str, field: forms.Field) -> None:
        """A field that is not declared on the class, with the looks and limits of the others."""
        dress(field)
        field.label, field.help_text = (
            french_spaces(str(field.label or "")),
            french_spaces(str(field.help_text)),
        )
        self.fields[name] = field

    def initial_of(self, fact: Any) -> dict[str, Any]:
        """The fields as a version of the fact says them; a form that corrects says it."""
        return {}

    def told(self) -> dict[str, Any]:
        """What was typed, by name of field, without what only carries the form. Needs `is_valid`."""
        return {name: value for name, value in self.cleaned_data.items() if name not in CARRIED}

    def shown(self) -> Iterator[Shown]:
        """The groups in order; the fields that this form does not have are left out."""
        for group in self.all_groups():
            found = [self[name] for name in group.names if name in self.fields]
            if found:
                fields = tuple((bound, self.before.get(bound.name, "")) for bound in found)
                yield Shown(french_spaces(group.legend), french_spaces(group.help), group.dense, fields)

    def all_groups(self) -> tuple[Group, ...]:
        return (*self.groups, Group("", ("reason",)))

    def clean(self) -> dict[str, Any]:
        """Where two people wrote and this one took the other's value, it wins over what was typed."""
        super().clean()
        for name in self.fields:
            if name in self.initial and self.data.get(choice_name(name)) == THEIRS:
                self.cleaned_data[name] = self.initial[name]
                self.errors.pop(name, None)
        return self.cleaned_data

    def differences(self, current: Any) -> list[Difference]:
        """Where the version `current` says something else than what was seen, and than what was typed."""
        found = []
        theirs_of = self.initial_of(current)
        signature = {"who": str(current.author), "organisation": str(current.organisation)}
        for name in theirs_of.keys() & self.cleaned_data.keys() - {"seen"}:
            field = self.fields[name]
            seen, theirs, mine = (
                in_words(field, told)
                for told in (self.initial.get(name), theirs_of[name], self.cleaned_data[name])
            )
            if theirs not in (mine, seen):
                label, when = str(field.label), current.recorded_at
                found.append(
                    Difference(
                        name, label, seen, theirs, mine, **signature, when=when, keep_mine=seen != mine
                    )
                )
        order = list(self.fields)
        return sorted(found, key=lambda one: order.index(one.field))

    @classmethod
    def echo(cls, data: Any, **kwargs: Any) -> Any:
        """The form as it was typed, not judged yet: nothing is written, nothing is said to be wrong."""
        form = cls(**kwargs)
        for name, field in form.fields.items():
            if name in data:
                several = getattr(field.widget, "allow_multiple_selected", False)
                form.initial[name] = data.getlist(name) if several else data.get(name)
        return form

    def reopened_on(self, seen: int) -> None:
        """What was typed stays; the next sending is a new one, made with the version `seen` in view."""
        data: Any = self.data
        self.data = data.copy()
        self.data.update(seen=str(seen), submission_key=str(uuid.uuid4()))  # type: ignore[attr-defined]


class ReasonForm(FactForm):
    """To set aside, take back, withdraw or reopen: only why."""

    groups = (Group("", ("reason",)),)

    def __init__(self, *args: Any, label: str = "Motif", help: str = REASON_HELP, **kwargs: Any) -> None:
        super().__init__(*args, correcting=True, **kwargs)
        self.fields["reason"].label = french_spaces(label)
        self.fields["reason"].help_text = french_spaces(help)

    def all_groups(self) -> tuple[Group, ...]:
        return self.groups


def in_words(field: forms.Field, value: Any) -> str:
    """The value of a field as a person reads it."""
    if isinstance(value, Value):
        return value.to_text() or "non renseigné"
    if isinstance(value, dt.date):
        return format_date(value)
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(in_words(field, one) for one in value) or "non renseigné"
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


def today_at_most(today: dt.date) -> dt.date:
    return today


def long_text(label: str, maximum: int, help: str = "") -> forms.CharField:
    """A text of several lines that may be left empty."""
    area = forms.Textarea(attrs={"rows": 3, "maxlength": str(maximum)})
    return forms.CharField(label=label, required=False, max_length=maximum, widget=area, help_text=help)


def short_text(label: str, maximum: int, help: str = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=maximum, help_text=help)


def one_of(
    choices: type[Choices], label: str, *, best_last: bool = False, **kwargs: Any
) -> forms.TypedChoiceField:
    """One answer among a nomenclature, as radios; the value is of the type of its codes.

    `best_last`: the nomenclature goes from the worst to the best, which is shown first.
    """
    coerce: Callable[[Any], Any] = type(choices.values[0])
    shown = choices.choices[::-1] if best_last else choices.choices
    return forms.TypedChoiceField(
        label=label, choices=shown, coerce=coerce, widget=forms.RadioSelect, **kwargs
    )


def today() -> dt.date:
    return clock.today()
