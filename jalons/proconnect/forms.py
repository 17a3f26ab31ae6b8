from django import forms

from jalons.core.forms import JalonsForm


class ConfirmForm(JalonsForm):
    password = forms.CharField(
        label="Mot de passe de votre compte Jalons",
        help_text="Demandé cette seule fois.",
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
