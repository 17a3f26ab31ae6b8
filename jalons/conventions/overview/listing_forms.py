"""The filters of the list of conventions, and a new one."""

from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.conventions.dossier.year_fields import year_field
from jalons.conventions.enums import ConventionState
from jalons.conventions.overview.listing import ConventionFilter
from jalons.core.form_fields import PlainSelect
from jalons.core.forms import SubmissionKeyField
from jalons.editing.forms import FrenchForm
from jalons.history.forms import PastFilterForm
from jalons.territories.models import Departement

ALL = ("", "Tous")
# What the address says → state.
STATES = {
    "preparation": ConventionState.DRAFT,
    "votee": ConventionState.VOTED,
    "signee": ConventionState.SIGNED,
    "terminee": ConventionState.CLOSED,
}


class ConventionFilterForm(PastFilterForm):
    chip_names = {"q": "Recherche"}
    MAIN = "q annee departement etat connu-le"

    q = forms.CharField(label="Titre, partie, année", max_length=120)
    annee = forms.TypedChoiceField(
        label="Année", choices=(), coerce=int, empty_value=None, widget=PlainSelect
    )
    departement = forms.ChoiceField(label="Département", choices=(), widget=PlainSelect)
    etat = forms.ChoiceField(
        label="État", choices=[ALL, *((code, state.label) for code, state in STATES.items())]
    )

    favoris = forms.BooleanField(label="Seulement mes favoris")

    def __init__(
        self, *args: Any, years: Sequence[int], departements: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["annee"].choices = [("", "Toutes"), *((str(year), str(year)) for year in years)]  # type: ignore[attr-defined]
        self.fields["departement"].choices = [ALL, *departements]  # type: ignore[attr-defined]

    def asked(self) -> ConventionFilter:
        criteria = self.criteria()
        return ConventionFilter(
            q=criteria.get("q", ""),
            year=criteria.get("annee"),
            departement=criteria.get("departement", ""),
            favourites=bool(criteria.get("favoris")),
            state=STATES[criteria["etat"]] if criteria.get("etat") else "",
        )


class NewConventionForm(FrenchForm):
    """What is needed to start: everything else is written later, on the pages of the convention."""

    submission_key = SubmissionKeyField()
    short_title = forms.CharField(
        label="Titre court",
        max_length=120,
        help_text="Tel qu’on la nomme entre nous. Par exemple : CALPAE 2027.",
    )
    year = year_field(label="Année financée")
    departement = forms.ModelChoiceField(
        queryset=Departement.objects.none(), label="Département qui signe avec l’État", empty_label="Choisir"
    )
    council = forms.CharField(
        label="Nom de la partie Département",
        required=False,
        max_length=300,
        help_text="Tel qu’il sera imprimé. Vide : « Le Département » suivi de son nom.",
    )
    state_signatory = forms.CharField(
        label="Qui signe pour l’État (fonction)",
        required=False,
        max_length=300,
        help_text="Par exemple : Préfet du Nord. Une fonction, jamais un nom de personne.",
    )
    council_signatory = forms.CharField(
        label="Qui signe pour le Département (fonction)",
        required=False,
        max_length=300,
        help_text="Par exemple : Président du conseil départemental du Nord.",
    )

    def __init__(self, *args: Any, departements: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departement"].queryset = departements  # type: ignore[attr-defined]
        self.fields["departement"].error_messages["invalid_choice"] = "Choisissez un département de la liste."
