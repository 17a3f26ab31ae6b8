"""Asking for the past in a form: the date that is looked at, and the date on which it was known."""

import datetime as dt
from typing import Any

from django import forms

from jalons.core.forms import FilterForm, FrenchDateField, dress
from jalons.core.ui import KNOWN_PARAMETER, VALID_PARAMETER


def until_today(today: dt.date) -> dt.date:
    return today


class PastFilterForm(FilterForm):
    """Filters of a list that is read at any date. Its two dates are those of a view of the past, each with its chip."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dates = {VALID_PARAMETER: "Situation au", KNOWN_PARAMETER: "Telle que connue le"}
        for name, label in dates.items():
            # In a row of filters a help under one field would push the others: the form of a date is in the box.
            self.fields[name] = FrenchDateField(
                label=label,
                required=False,
                not_after=until_today,
                help_text="",
                widget=forms.TextInput(attrs={"placeholder": "jj/mm/aaaa"}),
            )
            dress(self.fields[name])
        self.order_fields([*dates])  # before the others
