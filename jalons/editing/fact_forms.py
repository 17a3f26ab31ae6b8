"""Forms about a fact: groups of fields, the version that the person saw, what differs."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db.models import Choices

from jalons.core.forms import SubmissionKeyField, VersionField
from jalons.core.ui import Difference
from jalons.core.values import french_spaces
from jalons.editing.forms import Group, GroupedForm, differing, reopen

CARRIED = ("submission_key", "seen", "reason")
REASON_HELP = "Ce qui était enregistré reste lisible, avec votre motif."
# What may be chosen when nobody knows: a choice field always shows one of its answers.
UNSAID = ("", "Non renseigné")


class FactForm(GroupedForm):
    """A form about one fact. `before`: for a field, what was said the last time, shown under it.

    `correcting`: a version exists; its primary key goes round in `seen`, and a reason is asked.
    """

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

    def initial_of(self, fact: Any) -> dict[str, Any]:
        """The fields as a version of the fact says them; a form that corrects says it."""
        return {}

    def values_to_save(self) -> dict[str, Any]:
        """What was typed, by name of field, without what only carries the form. Needs `is_valid`."""
        return {name: value for name, value in self.cleaned_data.items() if name not in CARRIED}

    def all_groups(self) -> tuple[Group, ...]:
        return (*self.groups, Group("", ("reason",)))

    def differences(self, current: Any) -> list[Difference]:
        """Where the version `current` says something else than what was seen, and than what was typed."""
        theirs_of = self.initial_of(current)
        names = [
            name for name in self.fields if name in theirs_of and name in self.cleaned_data and name != "seen"
        ]
        return differing(self, names, seen_of=self.initial, theirs_of=theirs_of, version=current)

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
        reopen(self, seen=str(seen))


class ReasonForm(FactForm):
    """To set aside, take back, withdraw or reopen: only why."""

    groups = (Group("", ("reason",)),)

    def __init__(self, *args: Any, label: str = "Motif", help: str = REASON_HELP, **kwargs: Any) -> None:
        super().__init__(*args, correcting=True, **kwargs)
        self.fields["reason"].label = french_spaces(label)
        self.fields["reason"].help_text = french_spaces(help)

    def all_groups(self) -> tuple[Group, ...]:
        return self.groups


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
    offered = choices.choices[::-1] if best_last else choices.choices
    return forms.TypedChoiceField(
        label=label, choices=offered, coerce=coerce, widget=forms.RadioSelect, **kwargs
    )
