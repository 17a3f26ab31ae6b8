"""The passphrase of a file that leaves, and the words that destroy a register. None of them is ever shown again."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import CommonPasswordValidator

from jalons.core.forms import JalonsForm
from jalons.households.forms import SECRET
from jalons.households.vault.codes import guesses_bits

LEAST_PHRASE, LONGEST_PHRASE, LEAST_BITS = 20, 99, 90
DESTROY = "TOUT SUPPRIMER"


def secret(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=SECRET),
    )


class TakeForm(JalonsForm):
    """Twice, so that the file opens. Its strength is said: whoever has the file tries millions of them a second."""

    phrase = secret(
        "Phrase secrète du fichier",
        f"{LEAST_PHRASE} signes au moins, sans accents\u00a0: tous les logiciels ne les lisent pas de la même façon.",
    )
    again = secret("La même, une seconde fois")
    take_code = secret("Votre code du registre", "Un écran laissé ouvert ne suffit pas.")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_phrase(self) -> str:
        phrase: str = self.cleaned_data["phrase"].strip()
        if not (phrase.isascii() and phrase.isprintable()):
            raise forms.ValidationError("Écrivez-la sans accents ni signes spéciaux.")
        if len(phrase) < LEAST_PHRASE or len(phrase) > LONGEST_PHRASE:
            raise forms.ValidationError(
                f"Cette phrase a {len(phrase)} signes\u00a0: il en faut de {LEAST_PHRASE} à {LONGEST_PHRASE}."
            )
        CommonPasswordValidator().validate(phrase)
        bits = guesses_bits(phrase)
        if bits < LEAST_BITS:
            raise forms.ValidationError(
                f"Force\u00a0: {bits} sur {LEAST_BITS}. Elle se répète ou emploie peu de signes\u00a0: ajoutez des "
                "mots, des chiffres, ou prenez celle que Jalons propose."
            )
        if self.user.check_password(phrase):
            raise forms.ValidationError("Choisissez autre chose que votre mot de passe.")
        return phrase

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        phrase = cleaned.get("phrase")
        if phrase and cleaned.get("again", "").strip() != phrase:
            self.add_error("again", "Les deux phrases ne sont pas les mêmes.")
        if phrase and cleaned.get("take_code") == phrase:
            self.add_error("phrase", "Choisissez autre chose que votre code du registre.")
        return cleaned


class DestroyForm(JalonsForm):
    """`households`: how many the page announced; the register must still hold as many."""

    households = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = forms.CharField(
        label="Écrivez ces deux mots",
        help_text=f"Pour confirmer\u00a0: {DESTROY}",
        max_length=40,
        widget=forms.TextInput(attrs=SECRET),
    )
    destroy_code = secret("Votre code du registre")

    def clean_words(self) -> str:
        typed = " ".join(self.cleaned_data["words"].upper().split())
        if typed != DESTROY:
            raise forms.ValidationError(f"Pour tout supprimer, écrivez exactement\u00a0: {DESTROY}.")
        return typed
