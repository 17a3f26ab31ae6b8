"""The boxes of a follow-up: one indicator, one field (two for a share), one `Value`."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jalons.core.forms import CountField, FrenchNumberField
from jalons.core.number_fields import check_number
from jalons.core.values import Kind, Number, Value, fold, french_spaces, parse_cell
from jalons.core.values.text import NBSP
from jalons.indicators.enums import ValueType
from jalons.indicators.models import Indicator

MAX_COUNT, MAX_AMOUNT = 1_000_000, 10_000_000_000
MAX_WORDS = 500
FEW_WORDS = f"1 à{NBSP}4"
_FEW = re.compile(r"1 ?(?:a|-|–) ?4")
WANTED = {
    ValueType.NUMBER: "Écrivez un nombre",
    ValueType.AMOUNT: "Écrivez un montant en euros",
    ValueType.DURATION: "Écrivez une durée",
    ValueType.SHARE: "Écrivez un nombre",
}


def is_few(text: str) -> bool:
    """« 1 à 4 », « 1-4 »."""
    return _FEW.fullmatch(fold(text)) is not None


class FigureField(CountField):
    """A number, an amount or a duration as a `Value`; « ND », « / », « – » and nothing as in `CountField`.

    `people`: 1 to 4 of them may be sent as « 1 à 4 ».
    """

    def __init__(
        self, *, of: ValueType, unit: str = "", decimals: int = 0, people: bool = False, **kwargs: Any
    ) -> None:
        self.of, self.unit, self.decimals, self.people = of, unit, decimals, people
        self.keypad = "decimal" if decimals else "numeric"
        super().__init__(**{"maximum": MAX_AMOUNT if of == ValueType.AMOUNT else MAX_COUNT, **kwargs})

    def clean(self, value: Any) -> Value:
        text = forms.CharField.clean(self, value) or ""
        if self.people and is_few(text):
            return Value.few()
        read = parse_cell(text)
        if read.emptiness:
            return read
        number = self.number_in(read)
        if number is None:
            raise ValidationError(self.expected(), code="invalid")
        check_number(number, 0, self.maximum, self.decimals)
        if self.of == ValueType.AMOUNT:
            return Value.amount(number)
        return Value.duration(number, self.unit) if self.of == ValueType.DURATION else Value.of(number)

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.people and is_few(data or ""):
            return bool(initial != Value.few())
        return super().has_changed(initial, data)

    def number_in(self, read: Value) -> Number | None:
        if read.kind is Kind.NUMBER:
            return read.number
        if read.kind is Kind.AMOUNT and self.of == ValueType.AMOUNT:
            return read.number
        if read.kind is Kind.DURATION and self.of == ValueType.DURATION and read.unit == self.unit:
            return read.number
        return None

    def expected(self) -> str:
        what = WANTED.get(self.of, WANTED[ValueType.NUMBER])
        what += f" en {self.unit}" if self.of == ValueType.DURATION else ""
        what += " entier" if self.of == ValueType.NUMBER and not self.decimals else ""
        return french_spaces(f"{what}, ou « ND » si vous ne savez pas, « / » si c’est sans objet.")


class WholeField(FigureField):
    """The second box of a share: « ND » is told once, in the first."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-words": ""}


class WholeFteField(FrenchNumberField):
    """Full-time equivalents, or « ponctuel » (the word itself is the value)."""

    OCCASIONAL = "ponctuel"

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No inputmode: without a script the word is typed.
        keys = {"data-figure": "decimal", "data-words": self.OCCASIONAL}
        return {"class": "form-control j-tiny", "autocomplete": "off", **keys}

    def clean(self, value: Any) -> Any:
        text = str(value or "").strip()
        return self.OCCASIONAL if text.lower().startswith("ponctuel") else super().clean(value)


def field_name(indicator: Indicator) -> str:
    return f"v{indicator.pk}"


def whole_name(indicator: Indicator) -> str:
    """The second box of a share."""
    return f"v{indicator.pk}_sur"


def fields_of(indicator: Indicator) -> dict[str, forms.Field]:
    """The fields of an indicator that is typed, by name."""
    kind, label = ValueType(indicator.value_type), indicator.label
    decimals = 0 if indicator.is_national else 2
    if kind == ValueType.TEXT:
        area = forms.Textarea(attrs={"rows": 2})
        return {
            field_name(indicator): forms.CharField(
                label=label, required=False, max_length=MAX_WORDS, widget=area
            )
        }
    if kind == ValueType.CHOICE:
        choices = [*((str(code), str(words)) for code, words in indicator.choices), ("", "Non renseigné")]
        radios = forms.RadioSelect(attrs={"class": "j-inline"})
        return {
            field_name(indicator): forms.ChoiceField(
                label=label, required=False, choices=choices, widget=radios
            )
        }
    if kind == ValueType.SHARE:
        return {
            field_name(indicator): FigureField(of=kind, decimals=decimals, label=label),
            whole_name(indicator): WholeField(of=kind, decimals=decimals, label=f"{label} : sur combien"),
        }
    decimals = 2 if kind != ValueType.NUMBER else decimals
    people = indicator.counts_people
    box = FigureField(of=kind, unit=indicator.unit, decimals=decimals, people=people, label=label)
    return {field_name(indicator): box}


def initial_of(indicator: Indicator, value: Value) -> dict[str, Any]:
    """What the fields of an indicator hold when they say `value`."""
    name = field_name(indicator)
    if value.kind is Kind.CHOICE:
        return {name: value.code}
    if value.kind is Kind.TEXT:
        return {name: value.words}
    if value.numerator is not None and value.denominator is not None:
        return {name: Value.of(value.numerator), whole_name(indicator): Value.of(value.denominator)}
    if indicator.value_type in (ValueType.CHOICE, ValueType.TEXT):
        return {name: ""}
    if indicator.value_type == ValueType.SHARE:
        return {name: value, whole_name(indicator): Value.empty()}
    return {name: value}


def value_in(indicator: Indicator, cleaned: Mapping[str, Any]) -> Value:
    """The value that was typed. ValidationError, on the second box, for a share that is not whole."""
    typed = cleaned.get(field_name(indicator))
    kind = ValueType(indicator.value_type)
    if kind == ValueType.TEXT:
        return Value.text(typed or "")
    if kind == ValueType.CHOICE:
        labels = {str(code): str(words) for code, words in indicator.choices}
        return Value.choice(typed, labels[typed]) if typed in labels else Value.empty()
    if kind == ValueType.SHARE:
        return share(typed or Value.empty(), cleaned.get(whole_name(indicator)) or Value.empty())
    return typed or Value.empty()


def share(part: Value, whole: Value) -> Value:
    if part.number is not None and whole.number is not None:
        if not whole.number:
            raise ValidationError(french_spaces("Sur 0, il n’y a pas de part : écrivez « / » à la place."))
        return Value.percent(numerator=part.number, denominator=whole.number)
    if part.number is None and whole.number is None:
        return part if part != Value.empty() else whole
    raise ValidationError("Écrivez les deux nombres, ou aucun.")
