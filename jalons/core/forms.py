"""What every form shares: our looks, limits on texts, chips of filters, submission key, version."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.encoding import force_str

from jalons.core.form_fields import (
    MAX_LONG_TEXT,
    MAX_TEXT,
    NOT_A_CHOICE,
    REQUIRED,
    TOO_LONG,
    CodesField,
    EmailField,
    FrenchDateField,
    SubmissionKeyField,
    TriStateField,
    VersionField,
    no_control_characters,
)
from jalons.core.number_fields import AmountField, CountField, FrenchNumberField
from jalons.core.values import format_date

__all__ = [
    "AmountField",
    "CodesField",
    "CountField",
    "EmailField",
    "FilterForm",
    "FrenchDateField",
    "FrenchNumberField",
    "JalonsForm",
    "JalonsModelForm",
    "SubmissionKeyField",
    "TriStateField",
    "VersionField",
]


class JalonsFormMixin:
    """Dresses the fields of any form. `{{ form }}` writes the summary of errors, hidden fields and fields."""

    # Browsers' own bubbles are not in our words, and vanish.
    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)


def dress(field: forms.Field) -> None:
    """Classes, lengths, control characters and messages of one field; can be done twice."""
    if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = REQUIRED
    if isinstance(field, forms.ChoiceField):
        field.error_messages.update(invalid_choice=NOT_A_CHOICE, invalid_list=NOT_A_CHOICE)
    if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField | forms.JSONField):
        _limit(field)
    widget = field.widget
    _never_cut(widget)
    if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect):
        _dress_choices(widget)
        return
    css = "form-select" if isinstance(widget, forms.Select) else "form-control"
    if not widget.is_hidden:
        widget.attrs.setdefault("class", css)
        if field.required:
            widget.attrs.setdefault("aria-required", "true")


def _dress_choices(widget: Any) -> None:
    if isinstance(widget, forms.CheckboxInput):
        widget.attrs.setdefault("class", "form-check-input")
        return
    widget.template_name = "components/choices.html"
    widget.option_template_name = "components/choice.html"


def _never_cut(widget: Any) -> None:
    """A browser cuts what is pasted at `maxlength` without a word: ours counts what is too long, and keeps it."""
    longest = widget.attrs.pop("maxlength", None)
    if longest is not None:
        widget.attrs["data-most"] = longest


def _limit(field: forms.CharField) -> None:
    field.error_messages.setdefault("max_length", TOO_LONG)
    if field.max_length is None:
        long = isinstance(field.widget, forms.Textarea)
        field.max_length = MAX_LONG_TEXT if long else MAX_TEXT
        field.validators.append(MaxLengthValidator(field.max_length))
        field.widget.attrs.setdefault("data-most", str(field.max_length))
    if no_control_characters not in field.validators:
        # Ours says more than Django's message about null characters.
        field.validators = [v for v in field.validators if not _is_null_check(v)] + [no_control_characters]


def _is_null_check(validator: Any) -> bool:
    return isinstance(validator, ProhibitNullCharactersValidator)


class JalonsForm(JalonsFormMixin, forms.Form):
    pass


class JalonsModelForm(JalonsFormMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A form of a record; dates and numbers are to be declared with our fields."""


@dataclass(frozen=True)
class Chip:
    """An active filter: `pair` is what to take out of the address to remove it."""

    name: str
    label: str
    pair: tuple[str, str]


class FilterForm(JalonsForm):
    """Filters of a list, bound to `request.GET`. Nothing is required; what cannot be read filters nothing.

    `chip_names` gives a field a shorter name on its chip (« Recherche »).
    """

    chip_names: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def criteria(self) -> dict[str, Any]:
        """What was asked and understood; fields left empty or not understood are absent."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], ())}

    def chips(self) -> list[Chip]:
        """The active filters in the order of the fields; each value of a multiple choice is one chip."""
        if not self.is_bound:
            return []
        chips = []
        for name, value in self.criteria().items():
            if self.fields[name].widget.is_hidden:
                continue
            for raw in self._raw(name):
                chips.append(Chip(name, self.chip_label(name, raw, value), (self.add_prefix(name), raw)))
        return chips

    def chip_label(self, name: str, raw: str, value: Any) -> str:
        """« Taille : moins de 10 »; `raw` is the code in the address, `value` what it was read as."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return str(field.label)
        label = _choice_label(getattr(field, "choices", ()), raw)
        if label is None:
            label = format_date(value) if hasattr(value, "year") else raw
        return f"{self.chip_names.get(name, field.label)}\u00a0: {label}"

    def _raw(self, name: str) -> list[str]:
        key = self.add_prefix(name)
        values = self.data.getlist(key) if hasattr(self.data, "getlist") else [self.data.get(key)]
        return [force_str(value) for value in values if value not in (None, "")]


def _choice_label(choices: Iterable[tuple[Any, Any]], raw: str) -> str | None:
    for code, label in choices:
        if isinstance(label, list | tuple):
            inside = _choice_label(label, raw)
            if inside is not None:
                return inside
        elif str(code) == raw:
            return str(label)
    return None
