"""Signing in and passwords."""

from typing import Any

from django import forms
from django.contrib.auth import forms as auth_forms

from jalons.core.forms import EmailField, JalonsForm, JalonsFormMixin
from jalons.core.values import without_unseen

WRONG = (
    "L’adresse électronique ou le mot de passe n’est pas le bon. Vérifiez les deux, puis recommencez\u00a0; "
    "majuscules et minuscules comptent dans le mot de passe."
)
EMAIL_ATTRIBUTES = {"autocomplete": "username", "autocapitalize": "none"}
# What AUTH_PASSWORD_VALIDATORS ask, before they refuse.
EXPECTED = (
    "Au moins 12 caractères\u00a0: une phrase que vous seul connaissez convient. Ni un mot de passe courant, "
    "ni votre adresse, ni des chiffres seuls."
)


def lowered(email: str) -> str:
    """Addresses are kept in lower case, and failed tries are counted for one address however it is typed."""
    return without_unseen(email).strip().lower()


class SignInForm(JalonsFormMixin, auth_forms.AuthenticationForm):
    """The same message whether the account does not exist, is closed, or the password is wrong."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}
    username = auth_forms.UsernameField(
        label="Adresse électronique", max_length=254, widget=forms.EmailInput(attrs=EMAIL_ATTRIBUTES)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Adresse électronique"

    def clean_username(self) -> str:
        return lowered(self.cleaned_data["username"])


class ForgottenForm(JalonsForm):
    email = EmailField(
        label="Adresse électronique",
        help_text="Celle avec laquelle vous vous connectez.",
        max_length=254,
        error_messages={
            "invalid": "Cette adresse n’est pas complète. Elle ressemble à prenom.nom@exemple.fr."
        },
        widget=forms.EmailInput(attrs=EMAIL_ATTRIBUTES),
    )

    def clean_email(self) -> str:
        return lowered(self.cleaned_data["email"])


class NewPasswordForm(JalonsFormMixin, auth_forms.SetPasswordForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_new_password(self.fields)


class ChangePasswordForm(JalonsFormMixin, auth_forms.PasswordChangeForm):
    error_messages = {
        **auth_forms.PasswordChangeForm.error_messages,
        "password_incorrect": "Ce n’est pas votre mot de passe actuel. Écrivez-le de nouveau.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Mot de passe actuel"
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        dress_new_password(self.fields)


def dress_new_password(fields: dict[str, forms.Field]) -> None:
    """What is expected is said before it is refused."""
    first, second = fields["new_password1"], fields["new_password2"]
    first.label, first.help_text = "Nouveau mot de passe", EXPECTED
    second.label, second.help_text = "Le même, une seconde fois", ""
