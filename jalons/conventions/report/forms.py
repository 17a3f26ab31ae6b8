"""The execution report: its texts, its steps; the filters of what is left to fill in."""

from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.conventions.report.empty_cells import KINDS
from jalons.core.form_fields import FrenchDateField
from jalons.core.forms import FilterForm, SubmissionKeyField, VersionField
from jalons.editing.forms import FrenchForm, VersionedForm

LONGEST = 20_000


def long_text(label: str, help: str) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 9})
    return forms.CharField(label=label, help_text=help, required=False, max_length=LONGEST, widget=area)


class ExecutionReportForm(VersionedForm):
    """The three texts of the report."""

    financial_account = long_text(
        "Bilan financier",
        "Comment les crédits ont été employés, et pourquoi il y a des écarts. Les tableaux viennent des fiches.",
    )
    results = long_text(
        "Résultats obtenus",
        "Ce qui a été fait, et si les objectifs sont atteints. La matrice des indicateurs est jointe au rapport.",
    )
    global_account = long_text(
        "Bilan global",
        "L’ensemble des actions conduites par le Département et ses partenaires sur le territoire.",
    )


class StartForm(FrenchForm):
    """Begins the report of a party; `party` is its rank in the convention."""

    submission_key = SubmissionKeyField()
    begin = forms.BooleanField(initial=True, widget=forms.HiddenInput)
    party = forms.IntegerField(required=False, min_value=0, max_value=10_000, widget=forms.HiddenInput)


class ReportStepForm(FrenchForm):
    """The next step, and its date."""

    submission_key = SubmissionKeyField()
    expected_version = VersionField()
    on = FrenchDateField(label="Date", not_after=lambda today: today)

    def __init__(self, *args: Any, label: str = "Date", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = label


class BackForm(FrenchForm):
    """The Département takes back a report that it had said complete."""

    submission_key = SubmissionKeyField()
    expected_version = VersionField()
    reason = forms.CharField(
        label="Pourquoi le reprendre ?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReviewForm(FrenchForm):
    """The State reads it again: it is good, or goes back with what is to be changed."""

    submission_key = SubmissionKeyField()
    expected_version = VersionField()
    answer = forms.ChoiceField(
        label="Votre relecture",
        choices=(("good", "Le rapport peut être voté"), ("back", "Le rapport est à reprendre")),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Ce qui est à reprendre",
        help_text="Demandé si le rapport est à reprendre. Le Département le lira.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("answer") == "back" and not self.cleaned_data.get("reason"):
            self.add_error("reason", "Dites ce qui est à reprendre, pour que le Département le sache.")
        return self.cleaned_data


class EmptyForm(FilterForm):
    quoi = forms.ChoiceField(label="Ce qui manque", choices=(("", "Tout"), *KINDS.items()))
    structure = forms.ChoiceField(label="Structure", choices=())
    fiche = forms.ChoiceField(label="Fiche", choices=())

    def __init__(
        self,
        *args: Any,
        owners: Sequence[tuple[str, str]],
        sheets: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["structure"].choices = [("", "Toutes"), *owners]  # type: ignore[attr-defined]
        self.fields["fiche"].choices = [("", "Toutes"), *sheets]  # type: ignore[attr-defined]
