"""The public form that asks for an account, and what is answered to it."""

from typing import Any

from django import forms

from jalons.accounts.forms import EXPECTED
from jalons.core.forms import JalonsForm, SubmissionKeyField
from jalons.joining.forms.common import AddressField, LineField, OrganisationForm, TerritoryField

PARAGRAPH = {"rows": 3}


class AskForm(OrganisationForm):
    name = LineField(
        label="Prénom et nom", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = AddressField(
        label="Adresse électronique professionnelle",
        help_text="Celle avec laquelle vous vous connecterez.",
    )
    territory = TerritoryField(
        help_text="Où vous travaillez\u00a0: un département, une intercommunalité, une commune ou une région."
    )
    duties = forms.CharField(
        label="Ce que vous faites", widget=forms.Textarea(attrs=PARAGRAPH), max_length=2000
    )
    purpose = forms.CharField(
        label="Pourquoi vous voulez un accès", widget=forms.Textarea(attrs=PARAGRAPH), max_length=2000
    )

    field_order = (
        "name",
        "email",
        "organisation",
        "not_listed",
        "organisation_kind",
        "siret",
        "territory",
        "duties",
        "purpose",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].label = "Votre structure"
        self.fields["not_listed"].label = "Ma structure n’est pas dans Jalons"


class AddressForm(JalonsForm):
    """Where to send another link."""

    email = AddressField(help_text="Celle qui a reçu l’invitation.")


class AnswerForm(JalonsForm):
    text = forms.CharField(label="Votre réponse", widget=forms.Textarea(attrs={"rows": 5}), max_length=4000)
    submission_key = SubmissionKeyField()


class ActivationForm(JalonsForm):
    """The first password of an account. `password_of` judges it: see `services.activate`."""

    password1 = forms.CharField(
        label="Mot de passe",
        help_text=EXPECTED,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Le même, une seconde fois",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Les deux mots de passe diffèrent. Écrivez-les de nouveau.")
        return cleaned
