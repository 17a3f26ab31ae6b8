"""Fields of numbers: counts, amounts, figures with a comma."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jalons.core.values import (
    Kind,
    Number,
    ParseError,
    Value,
    format_number,
    missing_from_text,
    parse_amount,
    parse_cell,
    parse_number,
)


class FrenchNumberField(forms.CharField):
    """A number as an int or a Decimal: « 1 240 », « 0,75 ». None when empty. `decimals=0`: whole only."""

    def __init__(
        self,
        *,
        minimum: Number | None = None,
        maximum: Number | None = None,
        decimals: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.minimum, self.maximum, self.decimals = minimum, maximum, decimals
        super().__init__(**{"max_length": 60, "empty_value": None, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        mode = "numeric" if self.decimals == 0 else "decimal"
        return {"class": "form-control j-tiny", "inputmode": mode, "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        return format_number(value) if is_number else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            number = parse_number(text)
        except ParseError as error:
            raise ValidationError(str(error), code="invalid") from error
        check_number(number, self.minimum, self.maximum, self.decimals)
        return number

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != initial if data else initial is not None
        except ValidationError:
            return True


def check_number(
    number: Number, minimum: Number | None = None, maximum: Number | None = None, decimals: int | None = None
) -> None:
    """ValidationError, in French, for a number out of its bounds or with too many decimals."""
    words = format_number(number)
    if decimals == 0 and number != int(number):
        raise ValidationError(f"{words} n’est pas un nombre entier. Arrondissez-le.", code="whole")
    if decimals is not None and round(Decimal(number), decimals) != number:
        raise ValidationError(f"{words} a trop de décimales\u00a0: {decimals} au plus.", code="decimals")
    if minimum is not None and number < minimum:
        what = "est négatif" if minimum == 0 else f"est plus petit que {format_number(minimum)}"
        raise ValidationError(f"{words} {what}. Vérifiez ce nombre.", code="small")
    if maximum is not None and number > maximum:
        raise ValidationError(
            f"{words} est plus grand que {format_number(maximum)}. Vérifiez ce nombre.", code="large"
        )


class CountField(forms.CharField):
    """A count as a `Value`: a whole number from 0, « ND », « / » (sans objet), « – », or nothing (empty).

    `keypad`: what a phone shows, « numeric » or « decimal ».
    """

    keypad = "numeric"

    def __init__(self, *, maximum: int = 1_000_000, **kwargs: Any) -> None:
        self.maximum = maximum
        super().__init__(**{"max_length": 60, "required": False, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No inputmode: the numeric keyboard of a phone has no letters for « ND ». The script that gives it (figures.js)
        # adds buttons for these words.
        return {
            "class": "form-control j-tiny",
            "autocomplete": "off",
            "autocapitalize": "characters",
            "data-figure": self.keypad,
            "data-words": "ND /",
        }

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Value):
            return format_number(value.number) if value.number is not None else value.to_text()
        return value

    def clean(self, value: Any) -> Value:
        text = super().clean(value)
        read = parse_cell(text or "")
        if read.emptiness:
            return read
        if read.kind is not Kind.NUMBER or read.number is None:
            raise ValidationError(
                "Écrivez un nombre entier, ou «\u00a0ND\u00a0» si vous ne savez pas, «\u00a0/\u00a0» si "
                "c’est sans objet.",
                code="invalid",
            )
        check_number(read.number, 0, self.maximum, 0)
        return read

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = (
            initial if isinstance(initial, Value) else parse_cell("" if initial is None else str(initial))
        )
        return parse_cell(data or "") != before


class AmountField(CountField):
    """Euros as a `Value`: « 2 000 », « 2000,50 € », « ND », « / » (sans objet), « – », or nothing (empty)."""

    keypad = "decimal"

    def __init__(self, *, maximum: int = 9_999_999_999, **kwargs: Any) -> None:
        super().__init__(maximum=maximum, **kwargs)

    def clean(self, value: Any) -> Value:
        text = forms.CharField.clean(self, value) or ""
        missing = missing_from_text(text)
        if missing:
            return Value(missing)
        try:
            euros = parse_amount(text)
        except ParseError as error:
            raise ValidationError(str(error), code="invalid") from error
        check_number(euros, 0, self.maximum)
        return Value.amount(euros)

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = initial if isinstance(initial, Value) else Value.empty()
        try:
            return self.clean(data) != before
        except ValidationError:
            return True
