"""The field of a year of a convention."""

from typing import Any

from django import forms

BAD_YEAR = "Écrivez une année entre 2000 et 2100, par exemple 2027."


def year_field(**kwargs: Any) -> forms.IntegerField:
    """A year is no quantity: « 2 027 » is not how it is written."""
    return forms.IntegerField(
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"class": "form-control j-tiny", "inputmode": "numeric"}),
        error_messages={"invalid": BAD_YEAR, "min_value": BAD_YEAR, "max_value": BAD_YEAR},
        **kwargs,
    )
