"""The filters of the list of sites, shared by the list, the map and the export."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, has, territory_of
from jalons.core.form_fields import CodesField, PlainSelect
from jalons.figures.forms import FigureFilterForm
from jalons.figures.registry import figure_choices
from jalons.history.querysets import AsOf
from jalons.sites.enums import DiagnosisStatus, Origin, SiteKind, StepKind, Suitability, Theme
from jalons.sites.resorption.selectors import STATUS_CHOICES
from jalons.sites.selectors import (
    COVERED,
    DEFAULT_SORT,
    SIZES,
    SORTS,
    SiteFilter,
    home_of,
    staleness_choices,
    territory_words,
)
from jalons.territories.models import Departement
from jalons.thresholds.selectors import delay_words, limits_in_force

ALL = ("", "Tous")
EVERYWHERE = "tous"


STATUS = {"ouverts": "open", "fermes": "closed", "tous": "any"}


class SiteFilterForm(FigureFilterForm):
    """Bound to the address. `criteria_for_list` gives the `SiteFilter`; what cannot be read filters nothing."""

    chip_names = {"q": "Recherche", "maj": "Sans recensement", "taille": "Personnes"}
    MAIN = "q taille au"

    q = forms.CharField(label="Commune, département, nom, adresse", max_length=120)
    taille = forms.ChoiceField(label="Taille", choices=[("", "Toutes"), *SIZES.items()])
    departement = forms.ChoiceField(label="Département", choices=(), widget=PlainSelect)
    type = forms.ChoiceField(label="Type de site", choices=[ALL, *SiteKind.choices])
    origine = forms.ChoiceField(label="Origine des habitants", choices=[("", "Toutes"), *Origin.choices])
    maj = forms.ChoiceField(label="Sans recensement", choices=())
    diagnostic = forms.ChoiceField(label="Diagnostic social", choices=[ALL, *DiagnosisStatus.choices])
    dispositif = forms.ChoiceField(label="Dispositif", choices=[("", "Peu importe"), *COVERED.items()])
    conditions = CodesField(label="Conditions de vie à améliorer", choices=Theme.choices)
    evacuation = forms.BooleanField()
    objectif = forms.BooleanField(label="Avec un objectif de résorption")
    etape = forms.ChoiceField(label="Étape de la résorption", choices=[("", "Toutes"), *StepKind.choices])
    etat = forms.ChoiceField(label="Où en est l’étape", choices=[("", "Peu importe"), *STATUS_CHOICES])
    amenageable = forms.ChoiceField(label="Aménageable", choices=[("", "Peu importe"), *Suitability.choices])
    alerte = forms.BooleanField(label="Seulement les sites où quelque chose presse")

    favoris = forms.BooleanField(label="Seulement mes favoris")

    def __init__(
        self,
        *args: Any,
        justice: bool,
        at_home: bool,
        seen: Territory,
        departements: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at_home = at_home
        self.fields["maj"].choices = [("", "Peu importe"), *staleness_choices()]  # type: ignore[attr-defined]
        soon = delay_words(limits_in_force().evacuation_soon)
        self.fields["evacuation"].label = f"Évacuation prévue sous {soon}"
        if not justice:
            del self.fields["evacuation"]
        everywhere = [("", "Mon territoire"), (EVERYWHERE, "Toute la France")] if at_home else [ALL]
        choices = [
            (code, f"{code} · {name}")
            for code, name in departements.items()
            if seen.everywhere or code in seen.departements
        ]
        self.fields["departement"].choices = [*everywhere, *choices]  # type: ignore[attr-defined]

    def criteria_for_list(self, *, status: str, sort: str) -> SiteFilter:
        asked = self.criteria()
        departement = asked.get("departement", "")
        return SiteFilter(
            q=asked.get("q", ""),
            departement="" if departement == EVERYWHERE else departement,
            # A search looks everywhere one may see; without one, the list opens on one's own territory.
            at_home=self.at_home and not (departement or self.area or asked.get("q") or asked.get("favoris")),
            status=status,
            size=asked.get("taille", ""),
            kind=asked.get("type", ""),
            origin=asked.get("origine", ""),
            themes=tuple(asked.get("conditions", ())),
            diagnosis=asked.get("diagnostic", ""),
            evacuation=bool(asked.get("evacuation")),
            target=bool(asked.get("objectif")),
            step=asked.get("etape", ""),
            step_status=asked.get("etat", ""),
            suitability=asked.get("amenageable", ""),
            stale=asked.get("maj", ""),
            urgent=bool(asked.get("alerte")),
            covered=asked.get("dispositif", ""),
            favourites=bool(asked.get("favoris")),
            **self.figure_criteria(),
            sort=sort,
        )


@dataclass(frozen=True, slots=True)
class AskedList:
    """What an address asks of the list: the list, the map, the sums and the export read it all alike."""

    form: SiteFilterForm
    filter: SiteFilter
    at: AsOf
    complaints: list[str]
    territory: str


def read_list(user: Any, params: Mapping[str, Any]) -> AskedList:
    at, complaints = AsOf.read(params)
    departements = dict(Departement.objects.order_by("code").values_list("code", "name"))
    form = SiteFilterForm(
        params,
        departements=departements,
        justice=has(user, Right.READ_JUSTICE),
        at_home=bool(home_of(user)),
        seen=territory_of(user, Right.READ_SITES),
        figure_choices=figure_choices("sites:list", user),
    )
    sort = str(params.get("tri", ""))
    if sort.removeprefix("-") not in SORTS or (at.is_past and sort.endswith("priorite")):
        sort = DEFAULT_SORT
    asked = form.criteria_for_list(status=STATUS.get(str(params.get("statut", "")), "open"), sort=sort)
    if asked.urgent and at.is_past:
        asked = replace(asked, urgent=False)
        complaints.append(
            "Ce qui presse se lit aujourd’hui : ce filtre est laissé de côté à une date passée."
        )
    return AskedList(form, asked, at, complaints, territory_words(user, asked, departements))
