"""What the forms about a record share: groups of fields, and two people in one form."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms

from jalons.actions.forms.common import VersionedForm
from jalons.core.ui import THEIRS, Difference, choice_name
from jalons.core.values import french_spaces
from jalons.sites.forms.common import Group, Shown, in_words

APART = ("submission_key", "expected_version", "reason")


class RecordForm(VersionedForm):
    """A form about one record. `initial` is what the record says now, whether it is shown or sent."""

    groups: ClassVar[tuple[Group, ...]] = ()

    @staticmethod
    def initial_of(told: Any) -> dict[str, Any]:
        """The fields, as the record or a line of its history says them."""
        raise NotImplementedError

    def shown(self) -> Iterator[Shown]:
        """The groups in order; the fields that this form does not have are left out."""
        for group in self.groups:
            found = [self[name] for name in group.names if name in self.fields]
            if found:
                legend, help_text = french_spaces(group.legend), french_spaces(group.help)
                yield Shown(legend, help_text, group.dense, tuple((bound, "") for bound in found))

    def clean(self) -> dict[str, Any]:
        """Where two people wrote and this one took the other's value, it wins over what was typed."""
        super().clean()
        for name in self.fields:
            if name in self.initial and self.data.get(choice_name(name)) == THEIRS:
                self.cleaned_data[name] = as_chosen(self.fields[name], self.initial[name])
                self.errors.pop(name, None)
        return self.cleaned_data

    def told(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in APART}

    def differences(self, seen: Mapping[str, Any], current: Any) -> list[Difference]:
        """Where the record says now something else than what was seen, and than what was typed.

        `seen`: the fields as the version under the eyes said them; `current`: the record, whose last writer is told.
        """
        found = []
        who = {"who": str(current.changed_by or ""), "organisation": str(current.changed_for or "")}
        for name, field in self.fields.items():
            if name in APART or name not in self.cleaned_data:
                continue
            told = (seen.get(name), self.initial.get(name), self.cleaned_data[name])
            before, theirs, mine = (in_words(field, as_chosen(field, one)) for one in told)
            if theirs not in (mine, before):
                label = str(field.label)
                found.append(
                    Difference(
                        name,
                        label,
                        before,
                        theirs,
                        mine,
                        when=current.changed_at,
                        keep_mine=before != mine,
                        **who,
                    )
                )
        return found


def as_chosen(field: Any, value: Any) -> Any:
    """What a field would have read: the thing itself, of which a record holds the primary key."""
    if isinstance(field, forms.ModelChoiceField) and value is not None and not hasattr(value, "pk"):
        return field.queryset.filter(pk=value).first() if field.queryset is not None else None
    return value
