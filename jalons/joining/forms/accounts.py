"""Inviting people, and what they may do."""

import uuid
from typing import Any

from django import forms

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import Membership
from jalons.core.forms import FilterForm, FrenchDateField, JalonsForm, SubmissionKeyField, VersionField
from jalons.joining.forms.answering import BEYOND, AccessForm
from jalons.joining.forms.common import (
    AddressField,
    LineField,
    TerritoriesMixin,
    TerritoryField,
    given_roles,
    scope_trouble,
    scopes_in,
)
from jalons.joining.permissions import may_give
from jalons.territories.models import Scope

ACCOUNT_STATES = [
    ("", "Tous"),
    ("open", "Ouverts"),
    ("invited", "Invités, pas encore ouverts"),
    ("idle", "Sans connexion depuis 6 mois"),
    ("closed", "Fermés"),
]
# Given by a role, never one by one.
NOT_GRANTED = frozenset([Right.MANAGE_ACCOUNTS])
LONG_LIST = 200  # lines


class AccountFilterForm(FilterForm):
    q = forms.CharField(label="Nom ou adresse", max_length=200)
    state = forms.ChoiceField(label="État", choices=ACCOUNT_STATES)
    role = forms.ChoiceField(label="Rôle", choices=[("", "Tous"), *Role.choices])
    organisation = forms.CharField(label="Structure", max_length=160)
    territory = TerritoryField()

    chip_names = {"q": "Recherche"}


class InviteForm(AccessForm):
    """One person."""

    name = LineField(label="Prénom et nom", max_length=120)
    email = AddressField()

    field_order = (
        "name",
        "email",
        "organisation",
        "meant",
        "not_listed",
        "organisation_kind",
        "siret",
        "role",
    )


class InviteListForm(AccessForm):
    """Several people of one organisation: a list pasted from a spreadsheet or a mail program.

    `checked`: the digest of what was verified, so that nothing is sent that was not shown first.
    """

    people = forms.CharField(
        label="Personnes",
        help_text=(
            "Une par ligne\u00a0: nom, adresse, rôle (facultatif). Collez depuis un tableur, un fichier à "
            "points-virgules, ou une liste «\u00a0Nom <adresse>\u00a0»."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    checked = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    field_order = ("organisation", "meant", "not_listed", "organisation_kind", "siret", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].label = "Rôle de ceux dont la ligne n’en dit pas"


class MembershipForm(TerritoriesMixin, JalonsForm):
    """The role, the territories and the dates of one membership."""

    role = forms.ChoiceField(label="Rôle")
    starts_on = FrenchDateField(label="À partir du")
    ends_on = FrenchDateField(label="Jusqu’au", required=False)
    reason = forms.CharField(label="Pourquoi ce changement ?", required=False, max_length=300)
    expected_version = VersionField()
    submission_key = SubmissionKeyField()

    def __init__(
        self,
        *args: Any,
        admin: Any,
        everywhere: bool,
        membership: Membership,
        scopes: list[Scope],
        **kwargs: Any,
    ) -> None:
        self.admin = admin
        initial = {
            "role": membership.role,
            "starts_on": membership.starts_on,
            "ends_on": membership.ends_on,
            "expected_version": membership.version,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["role"].choices = given_roles(everywhere=everywhere)  # type: ignore[attr-defined]
        self.add_territories(scopes)

    @property
    def scopes(self) -> list[Scope]:
        return scopes_in(self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        role, scopes = cleaned.get("role", ""), scopes_in(cleaned)
        if role and scopes:
            if not may_give(self.admin, role, scopes):
                self.add_error("territory_1", BEYOND)
            elif trouble := scope_trouble(role, scopes):
                self.add_error("role", trouble)
        return cleaned

    def reopened_on(self, version: int) -> None:
        """The form is shown again over what somebody else saved: the next sending is judged against it."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["expected_version"], data["submission_key"] = str(version), str(uuid.uuid4())
        self.data = data


class AddMembershipForm(AccessForm):
    """Another organisation for somebody who has an account."""

    reason = forms.CharField(label="Motif", required=False, max_length=300)


class GrantForm(JalonsForm):
    right = forms.ChoiceField(
        label="Droit",
        choices=[
            ("", "Choisissez"),
            *((right.value, right.label) for right in Right if right not in NOT_GRANTED),
        ],
    )
    allowed = forms.ChoiceField(
        label="Ce droit est",
        choices=[("yes", "donné en plus du rôle"), ("no", "retiré")],
        initial="yes",
        widget=forms.RadioSelect,
    )
    ends_on = FrenchDateField(label="Jusqu’au", required=False)
    reason = forms.CharField(label="Motif", help_text="Gardé dans l’historique.", max_length=300)
    submission_key = SubmissionKeyField()


class ReasonForm(JalonsForm):
    """To end or to close: only why, and what was seen."""

    reason = forms.CharField(
        label="Motif", required=False, max_length=300, help_text="Gardé dans l’historique."
    )
    expected_version = VersionField()
    submission_key = SubmissionKeyField()
