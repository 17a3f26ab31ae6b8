"""Deleting one's own account."""

from typing import Any

from django import forms

from jalons.accounts.models import User
from jalons.core.forms import JalonsForm


class DeleteForm(JalonsForm):
    """The password again, for whoever has one: a session left open deletes nothing."""

    password = forms.CharField(
        label="Votre mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    sure = forms.BooleanField(
        label="Je comprends que mon nom et mon adresse seront effacés, et que cela ne se défait pas.",
        error_messages={"required": "Cochez la case pour supprimer votre compte."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise forms.ValidationError("Ce n’est pas votre mot de passe.")
        return password
