"""The form of a contact of a dispositif."""

from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.accounts.models import Organisation
from jalons.actions.forms.common import OrganisationRow
from jalons.actions.models import ActionContact
from jalons.core.forms import EmailField
from jalons.editing.forms import VersionedForm


class ContactRow(OrganisationRow):
    """A person to call, while the dispositif is declared: the organisation is one of those that take part."""

    required_organisation = False
    role_label = "De quelle structure ?"

    name = forms.CharField(label="Nom", required=False, max_length=120)
    duty = forms.CharField(label="Fonction", required=False, max_length=120)
    email = EmailField(label="Adresse électronique", required=False)
    phone = forms.CharField(label="Téléphone", required=False, max_length=30)

    field_order = ("name", "duty", "email", "phone", "organisation")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("name") and "name" in cleaned:
            self.add_error("name", "Écrivez le nom de la personne, ou videz toute la ligne.")
        return cleaned

    def settle(self, taking_part: Sequence[Organisation]) -> bool:
        """Whose contact it is: what was written, or the only organisation there is."""
        organisation = self.cleaned_data.get("found")
        if organisation is None and len({participant.pk for participant in taking_part}) == 1:
            organisation = self.cleaned_data["found"] = taking_part[0]
        if organisation is None:
            self.add_error("organisation", "Dites de quelle structure est cette personne.")
        elif organisation.pk not in {participant.pk for participant in taking_part}:
            self.add_error(
                "organisation",
                f"{organisation} n’intervient pas dans ce dispositif\u00a0: ajoutez-la plus haut, "
                "ou choisissez-en une autre.",
            )
        return not self.errors

    def described(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        columns = {name: cleaned[name] for name in ("name", "duty", "email", "phone")}
        return {**columns, "organisation": cleaned["found"]}


class ContactForm(VersionedForm):
    """A person to call. `organisations`: those that take part."""

    name = forms.CharField(label="Nom", max_length=120)
    duty = forms.CharField(label="Fonction", required=False, max_length=120)
    email = EmailField(label="Adresse électronique", required=False)
    phone = forms.CharField(label="Téléphone", required=False, max_length=30)
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label="Structure", empty_label="Choisir"
    )

    def __init__(
        self, *args: Any, organisations: Any, contact: ActionContact | None = None, **kwargs: Any
    ) -> None:
        if contact is not None:
            columns = ("name", "duty", "email", "phone", "organisation")
            values = {name: getattr(contact, name) for name in columns}
            kwargs["initial"] = {**values, "expected_version": contact.version}
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
