"""Codes typed by people. None of their values is ever shown again."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import CommonPasswordValidator, UserAttributeSimilarityValidator

from jalons.core.forms import JalonsForm
from jalons.households.vault.codes import (
    MistypedCode,
    guesses_bits,
    normalized,
    read_recovery_code,
)

LEAST_CODE, LEAST_BITS = 12, 60
SECRET = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class OpeningForm(JalonsForm):
    code = forms.CharField(
        label="Votre code du registre",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=SECRET),
    )


class NewCodeForm(JalonsForm):
    """A code, twice. `user`: it must not be their password, nor look like their name."""

    code = forms.CharField(
        label="Code du registre",
        help_text=(
            "Douze caractères au moins\u00a0; une phrase de quatre mots sans rapport se retient bien. Ni votre mot de "
            "passe, ni votre nom. Jalons ne le garde pas et ne pourra jamais vous le redonner."
        ),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=SECRET),
    )
    again = forms.CharField(
        label="Le même, une seconde fois",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=SECRET),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self) -> str:
        code = normalized(self.cleaned_data["code"])
        if len(code) < LEAST_CODE:
            raise forms.ValidationError(f"Ce code est trop court\u00a0: {LEAST_CODE} caractères au moins.")
        CommonPasswordValidator().validate(code)
        UserAttributeSimilarityValidator(("name", "email")).validate(code, self.user)
        if guesses_bits(code) < LEAST_BITS:
            raise forms.ValidationError(
                "Ce code se devinerait\u00a0: il se répète ou emploie peu de signes. Ajoutez des mots, des chiffres."
            )
        if self.user.check_password(code):
            raise forms.ValidationError("Choisissez un autre code que votre mot de passe.")
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "code" in cleaned and normalized(cleaned.get("again", "")) != cleaned["code"]:
            self.add_error("again", "Les deux codes ne sont pas les mêmes.")
        return cleaned


class CreationForm(NewCodeForm):
    understood = forms.BooleanField(
        label="J’ai compris\u00a0: sans aucun code, plus rien ne se lit, pour toujours.",
        error_messages={"required": "Cochez cette case pour continuer."},
    )


class RecoveryForm(NewCodeForm):
    recovery = forms.CharField(
        label="Code de secours imprimé",
        help_text="Six groupes de cinq signes. Majuscules, espaces et tirets ne comptent pas.",
        max_length=80,
        widget=forms.TextInput(attrs=SECRET),
    )
    field_order = ["recovery", "code", "again"]

    def clean_recovery(self) -> str:
        try:
            return read_recovery_code(self.cleaned_data["recovery"])
        except MistypedCode as slip:
            if slip.group:
                words = f"Le groupe {slip.group} est mal recopié\u00a0: relisez-le sur la feuille imprimée."
            else:
                words = "Il manque des signes, ou il y en a trop\u00a0: six groupes de cinq."
            raise forms.ValidationError(words) from None


class NewMemberForm(JalonsForm):
    """`people`: those of the organisation who hold the right and are not members yet."""

    person = forms.ChoiceField(label="Personne de votre structure")

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(user.pk), user.name) for user in people]  # type: ignore[attr-defined]
