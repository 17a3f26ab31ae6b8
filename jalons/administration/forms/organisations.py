"""Describing a structure, and saying that two are one."""

from typing import Any

from django import forms

from jalons.accounts.enums import OrganisationCategory, OrganisationKind
from jalons.accounts.models import Organisation
from jalons.core.forms import FilterForm, JalonsForm, SubmissionKeyField
from jalons.editing.forms import VersionedForm


class OrganisationForm(VersionedForm):
    name = forms.CharField(label="Nom", max_length=160)
    acronym = forms.CharField(
        label="Sigle",
        max_length=30,
        required=False,
        help_text="Employé partout à la place du nom, s’il existe.",
    )
    kind = forms.ChoiceField(label="Type", choices=OrganisationKind)
    category = forms.ChoiceField(label="Ce qu’elle fait surtout", choices=OrganisationCategory)
    reason = forms.CharField(
        label="Pourquoi ce changement\u00a0?",
        required=False,
        max_length=300,
        help_text="Visible dans l’historique.",
    )

    def __init__(self, data: Any = None, *, organisation: Organisation, **kwargs: Any) -> None:
        values = {name: getattr(organisation, name) for name in ("name", "acronym", "kind", "category")}
        super().__init__(data, initial={**values, "expected_version": organisation.version}, **kwargs)
        self.organisation = organisation

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        same = Organisation.objects.filter(name=name, territory=self.organisation.territory_id)
        if same.exclude(pk=self.organisation.pk).exists():
            raise forms.ValidationError(
                "Une autre structure porte déjà ce nom sur ce territoire\u00a0: fusionnez-les plutôt."
            )
        return name


class OrganisationFilter(FilterForm):
    q = forms.CharField(label="Nom ou sigle", max_length=100, required=False)


class MergeForm(JalonsForm):
    submission_key = SubmissionKeyField()
    reason = forms.CharField(
        label="Pourquoi est-ce la même structure\u00a0?",
        max_length=150,
        help_text="Gardé dans l’historique des deux structures.",
    )
