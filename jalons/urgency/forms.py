"""The filters of the list of priorities."""

from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.core.form_fields import PlainSelect
from jalons.core.forms import FilterForm
from jalons.urgency.selectors import HANDLED, UNHANDLED, WHOLE, PriorityFilter

HANDLINGS = ((UNHANDLED, "Personne ne s’en occupe"), (HANDLED, "Quelqu’un s’en occupe"))


class PriorityFilterForm(FilterForm):
    MAIN = "raison suivi departement"
    chip_names = {"raison": "Raison"}

    raison = forms.ChoiceField(label="Raison", choices=())
    suivi = forms.ChoiceField(label="Qui s’en occupe ?", choices=[("", "Peu importe"), *HANDLINGS])
    departement = forms.ChoiceField(label="Département", choices=(), widget=PlainSelect)

    def __init__(
        self,
        *args: Any,
        rules: Sequence[tuple[str, str]],
        departements: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        places = [("", "Mon territoire"), (WHOLE, "Tout ce que je peux voir"), *departements]
        self.fields["raison"].choices = [("", "Toutes"), *rules]  # type: ignore[attr-defined]
        self.fields["departement"].choices = places  # type: ignore[attr-defined]

    def asked(self) -> PriorityFilter:
        given = self.criteria()
        return PriorityFilter(
            departement=given.get("departement", ""),
            reason=given.get("raison", ""),
            handling=given.get("suivi", ""),
        )
