"""Asking for the past in a form: the date that is looked at, and the date on which it was known."""

import datetime as dt
from typing import Any

from jalons.core.forms import FilterForm, FrenchDateField
from jalons.core.ui import KNOWN_PARAMETER, VALID_PARAMETER


def until_today(today: dt.date) -> dt.date:
    return today


class PastFilterForm(FilterForm):
    """Filters of a list that is read at any date. Its two dates are those of a view of the past, each with its chip."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dates = {VALID_PARAMETER: "Situation au", KNOWN_PARAMETER: "Telle que connue le"}
        for name, label in dates.items():
            self.fields[name] = FrenchDateField(
                label=label, required=False, not_after=until_today, help_text="jj/mm/aaaa"
            )
        self.order_fields([*dates, *self.fields])
