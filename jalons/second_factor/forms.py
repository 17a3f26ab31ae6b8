from typing import Any

from django import forms

from jalons.core.forms import FilterForm, JalonsForm
from jalons.second_factor import codes

CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none"}
PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
NOTHING_TYPED = "Écrivez le code de votre application, ou un code de secours."


class StepForm(JalonsForm):
    """One of the three is enough: a code, the answer of a passkey (written by the browser), a recovery code."""

    code = forms.CharField(
        label="Code de l’application",
        help_text="Six chiffres, qui changent toutes les trente secondes.",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs=CODE_ATTRIBUTES),
    )
    recovery = forms.CharField(
        label="Code de secours",
        help_text="Un de ceux que vous avez notés\u00a0: « abcde-23456 ». Il ne sert qu’une fois.",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs=PLAIN),
    )
    answer = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(name) for name in ("code", "recovery", "answer")):
            self.add_error(None, NOTHING_TYPED)
        return cleaned


class ApplicationForm(JalonsForm):
    name = forms.CharField(
        label="Nom",
        help_text="Pour le reconnaître\u00a0: « Téléphone de service ».",
        max_length=60,
        initial="Téléphone",
    )
    code = forms.CharField(
        label="Code affiché par l’application",
        help_text="Six chiffres.",
        max_length=20,
        widget=forms.TextInput(attrs=CODE_ATTRIBUTES),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not codes.figures_of(code):
            raise forms.ValidationError(
                "Ce code n’a pas six chiffres. Recopiez celui que l’application affiche."
            )
        return code


class PasskeyForm(JalonsForm):
    name = forms.CharField(
        label="Nom",
        help_text="Pour la reconnaître\u00a0: « Ordinateur du bureau ».",
        max_length=60,
        initial="Clé d’accès",
    )
    answer = forms.CharField(
        max_length=20_000,
        widget=forms.HiddenInput,
        error_messages={
            "required": "Appuyez sur «\u00a0Créer la clé\u00a0»\u00a0: votre navigateur vous la demandera."
        },
    )


class PasswordForm(JalonsForm):
    """Before something is taken away: is it still the owner who is there?"""

    password = forms.CharField(
        label="Votre mot de passe",
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ProofForm(JalonsForm):
    """The same for who has no password."""

    password = forms.CharField(
        label="Un code",
        help_text="De votre application, ou un code de secours.",
        max_length=40,
        widget=forms.TextInput(attrs=PLAIN),
    )


class ResetForm(JalonsForm):
    reason = forms.CharField(
        label="Pourquoi ce changement ?",
        help_text="La personne le lira\u00a0: « Téléphone perdu, reconnue au téléphone le 3 mars ».",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PeopleFilter(FilterForm):
    q = forms.CharField(label="Nom ou adresse", max_length=120)
    sans = forms.BooleanField(label="Sans second facteur seulement")
