"""What a dashboard is about: a territory or an operator, a period, and what was known when."""

from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.core.form_fields import FrenchDateField
from jalons.history.forms import PastFilterForm, until_today

PLACE_PARAMETER = "lieu"


class DashboardForm(PastFilterForm):
    """Bound to the address. `areas`: the choices, by group; the area on the page is always one of them."""

    territoire = forms.ChoiceField(label="Territoire", choices=())
    lieu = forms.CharField(label="ou commune, EPCI", max_length=80)
    du = FrenchDateField(
        label="Période depuis le",
        not_after=until_today,
        help_text="",
        widget=forms.TextInput(attrs={"placeholder": "jj/mm/aaaa"}),
    )

    def __init__(self, *args: Any, areas: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territoire"].choices = areas  # type: ignore[attr-defined]
        self.fields["au"].label = "Jusqu’au"
        self.order_fields(["territoire", "lieu", "du", "au", "connu-le"])


class SideBySideForm(PastFilterForm):
    """Bound to the address. One more territory, by a list or by its name; those already chosen are hidden fields."""

    territoire = forms.ChoiceField(label="Ajouter un territoire", choices=())
    lieu = forms.CharField(label="ou commune, EPCI", max_length=80)
    du = FrenchDateField(
        label="Période depuis le",
        not_after=until_today,
        help_text="",
        widget=forms.TextInput(attrs={"placeholder": "jj/mm/aaaa"}),
    )

    def __init__(self, *args: Any, areas: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territoire"].choices = [("", "Aucun de plus"), *areas]  # type: ignore[attr-defined]
        self.fields["au"].label = "Jusqu’au"
        self.order_fields(["territoire", "lieu", "du", "au", "connu-le"])

    def dates(self) -> list[Any]:
        return [self[name] for name in ("du", "au", "connu-le")]
