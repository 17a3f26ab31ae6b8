"""One column more for every sheet, as it is asked."""

from typing import Any

from django import forms

from jalons.conventions.enums import ColumnMeasure
from jalons.core.forms import FrenchDateField, SubmissionKeyField
from jalons.core.values import french_spaces
from jalons.editing.forms import FrenchForm

ACTUAL, ACCOUNT = ColumnMeasure.ACTUAL.value, ColumnMeasure.ACCOUNT.value


class AllColumnsForm(FrenchForm):
    submission_key = SubmissionKeyField()
    measure = forms.ChoiceField(
        label="Quelle colonne ?",
        choices=[(ACTUAL, "Réalisé à date"), (ACCOUNT, "Bilan de l’année")],
        widget=forms.RadioSelect,
    )
    on = FrenchDateField(
        label="Réalisé au",
        required=False,
        help_text="jj/mm/aaaa. Jusqu’à quelle date les chiffres sont comptés ; le bilan compte toute l’année.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("measure") == ACTUAL and not cleaned.get("on") and "on" not in self.errors:
            self.add_error("on", french_spaces("Dites jusqu’à quelle date les chiffres sont comptés."))
        return cleaned
