"""Deadlines, closing."""

import datetime as dt
from typing import Any

from django import forms

from jalons.core.forms import FrenchDateField
from jalons.core.values import format_date
from jalons.editing.fact_forms import FactForm, short_text
from jalons.editing.forms import Group
from jalons.sites.forms.common import today, today_at_most

# Further than the longest programmes: a slip in the year.
FURTHEST = dt.timedelta(days=5 * 365)


class ActionClosingForm(FactForm):
    """When the dispositif stopped, and its final account."""

    groups = (Group("", ("ended_on", "final_account")),)

    ended_on = FrenchDateField(
        label="Date de fermeture",
        not_after=today_at_most,
        initial=today,
        help_text="Le premier jour où le dispositif n’intervient plus. jj/mm/aaaa, par exemple 31/12/2020",
    )
    final_account = forms.CharField(
        label="Bilan final",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 14, "maxlength": "8000"}),
        help_text=(
            "Ce qui a été fait, pour qui, avec quels résultats et quelles difficultés ; ce que deviennent les ménages, "
            "ce qui continue ailleurs. N’écrivez ni le nom ni la situation d’un habitant."
        ),
    )

    def initial_of(self, fact: Any) -> dict[str, Any]:
        return {"ended_on": fact.ended_on, "final_account": fact.final_account}


def furthest(day: dt.date) -> dt.date:
    return day + FURTHEST


class DeadlineForm(FactForm):
    """One more date at which the follow-up is asked. `last`: its planned end, for help."""

    groups = (Group("", ("due_on", "label")),)

    due_on = FrenchDateField(label="À remplir avant le", not_before=today_at_most, not_after=furthest)
    label = short_text("Pour quoi ?", 120, "Par exemple : comité de pilotage, bilan avec la métropole.")

    def __init__(self, *args: Any, last: dt.date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if last:
            self.fields[
                "due_on"
            ].help_text = f"jj/mm/aaaa. Fin prévue du dispositif\u00a0: {format_date(last)}"
