"""Answering a request for access."""

from typing import Any

from django import forms

from jalons.core.forms import FilterForm, FrenchDateField, JalonsForm, SubmissionKeyField, VersionField, dress
from jalons.joining.forms.common import (
    NONE_OF_THESE,
    OrganisationForm,
    TerritoriesMixin,
    given_roles,
    scope_trouble,
    scopes_in,
)
from jalons.joining.models import AccessRequest
from jalons.joining.permissions import may_give
from jalons.joining.proposals import proposed_role
from jalons.territories.models import Scope

BEYOND = "Vous ne pouvez donner que ce que vous administrez\u00a0: ce territoire dépasse le vôtre."
STATES = [("waiting", "À traiter"), ("answered", "Répondues"), ("all", "Toutes")]


class RequestFilterForm(FilterForm):
    q = forms.CharField(label="Rechercher", max_length=200)
    state = forms.ChoiceField(label="État", choices=STATES)

    chip_names = {"q": "Recherche"}


class AccessForm(TerritoriesMixin, OrganisationForm):
    """An organisation, a role, territories and an end: what every way of giving access asks.

    `admin` gives no more than they hold.
    """

    role = forms.ChoiceField(label="Rôle")
    ends_on = FrenchDateField(label="Jusqu’au", required=False)

    def __init__(
        self, *args: Any, admin: Any, everywhere: bool, scopes: list[Scope] | None = None, **kwargs: Any
    ) -> None:
        self.admin = admin
        super().__init__(*args, **kwargs)
        # Nobody is given the first role of a list, which reads the whole of France, for not having chosen.
        roles = [("", "Choisissez"), *given_roles(everywhere=everywhere)]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        self.fields["not_listed"].label = "Elle n’y est pas\u00a0: la créer"
        self.fields["ends_on"].help_text = "Facultatif, jj/mm/aaaa. Vide\u00a0: sans date de fin."
        self.add_territories(scopes or [])

    @property
    def scopes(self) -> list[Scope]:
        return scopes_in(self.cleaned_data)

    @property
    def new_organisation(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "name": cleaned["organisation"],
            "kind": cleaned["organisation_kind"],
            "siret": cleaned["siret"],
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        role, scopes = cleaned.get("role", ""), scopes_in(cleaned)
        if role and scopes:
            if not may_give(self.admin, role, scopes):
                self.add_error("territory_1", BEYOND)
            elif trouble := scope_trouble(role, scopes):
                self.add_error("role", trouble)
        return cleaned


class ApproveForm(AccessForm):
    """Opened with what the request says, and the role that the kind of its organisation proposes."""

    seen = VersionField()

    def __init__(self, *args: Any, request: AccessRequest, **kwargs: Any) -> None:
        known = request.organisation
        kind = known.kind if known else request.organisation_kind
        initial = {
            "organisation": known.name if known else request.organisation_name,
            "not_listed": known is None,
            "organisation_kind": "" if known else kind,
            "siret": "" if known else request.siret,
            "role": proposed_role(kind, request.territory.level),
            "seen": request.version,
        }
        self.asked = request
        super().__init__(*args, initial=initial, scopes=[request.territory], **kwargs)
        if known is not None and not self.is_bound and len(self.directory.named(known.name)) != 1:
            self.initial["organisation"] = self.directory.labels[known.pk]
        self.order_fields(["organisation", "meant", "not_listed", "organisation_kind", "siret", "role"])

    @property
    def typed_name(self) -> str:
        return super().typed_name if self.is_bound else self.asked.structure

    def near_names(self) -> list[Any]:
        """Near duplicates are shown before anything is typed when the organisation is said to be new."""
        if not self.is_bound and self.asked.organisation_id:
            return []
        return super().near_names()

    def offer_near(self) -> None:
        super().offer_near()
        if "meant" in self.fields and not self.is_bound:
            self.fields["meant"].initial = NONE_OF_THESE
            dress(self.fields["meant"])


class RefuseForm(JalonsForm):
    reason = forms.CharField(
        label="Motif",
        help_text="La personne le lit dans le courriel.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )
    seen = VersionField()
    submission_key = SubmissionKeyField()


class QuestionForm(JalonsForm):
    text = forms.CharField(
        label="Votre question",
        help_text="La personne la reçoit par courriel, avec un lien pour répondre.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )
    seen = VersionField()
    submission_key = SubmissionKeyField()
