"""What a dispositif is: its words, its dates, its sites, the ground that it set up."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory
from jalons.actions.enums import ActionPlace, ActionTheme, Rhythm
from jalons.actions.models import Action, InsertionSite, Intervention
from jalons.core.forms import CodesField, FrenchDateField, SubmissionKeyField, VersionField
from jalons.core.values import format_date, french_spaces
from jalons.editing.forms import FrenchForm, SeenVersion, VersionedForm
from jalons.editing.rows import SEARCH
from jalons.sites.forms.place import PlaceForm, territory_words
from jalons.sites.models import Site
from jalons.territories.models import Commune, Place

OBJECTIVES_HELP = (
    "Préciser les objectifs, les enjeux, le contexte du dispositif. Par exemple : résorber le bidonville, "
    "scolariser 80 % des enfants…"
)
RHYTHM_HELP = "Les deux campagnes de la Dihal, fin juin et fin décembre, sont comprises dans chaque rythme."
OLDEST = dt.date(1990, 1, 1)
FURTHEST = dt.timedelta(days=20 * 366)
WORDS = ("name", "themes", "objectives", "place_kinds", "place_note", "rhythm")
DATES = {"starts_on": "valid_on", "planned_end": "planned_end"}  # field: column of `Intervention`


class WordsForm(VersionedForm):
    """What declaring and editing share."""

    name = forms.CharField(label="Nom du dispositif", max_length=160)
    starts_on = FrenchDateField(
        label="Début", not_before=lambda today: OLDEST, not_after=lambda today: today + FURTHEST
    )
    planned_end = FrenchDateField(
        label="Fin prévue", required=False, not_after=lambda today: today + FURTHEST
    )
    themes = CodesField(
        label="Champs d’intervention",
        choices=ActionTheme.choices,
        required=True,
        error_messages={"required": "Cochez au moins un champ d’intervention."},
    )
    objectives = forms.CharField(
        label="Quels sont les objectifs ?",
        required=False,
        max_length=4000,
        help_text=OBJECTIVES_HELP,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    place_kinds = CodesField(
        label="Ailleurs que sur un site ou un terrain d’insertion", choices=ActionPlace.choices
    )
    place_note = forms.CharField(label="Précision sur le lieu", required=False, max_length=300)
    rhythm = forms.ChoiceField(
        label="À quel rythme demander le suivi ?",
        choices=Rhythm.choices,
        initial=Rhythm.HALF_YEARLY,
        widget=forms.RadioSelect,
        help_text=RHYTHM_HELP,
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_on"), cleaned.get("planned_end")
        if start and end and end < start:
            self.add_error(
                "planned_end",
                f"La fin prévue ({format_date(end)}) précède le début ({format_date(start)}). Corrigez l’une des deux.",
            )
        return cleaned

    def words(self) -> dict[str, Any]:
        """The columns of `Action`. Needs `is_valid`."""
        return {name: self.cleaned_data[name] for name in WORDS}


class EditActionForm(WordsForm):
    """The words and dates of a dispositif. `seen`: the version of the dates under the eyes."""

    seen = VersionField()
    reason = forms.CharField(
        label="Pourquoi ce changement\u00a0?",
        required=False,
        max_length=300,
        help_text="Visible dans l’historique.",
    )

    def __init__(self, data: Any = None, *, action: Action, run: Intervention, **kwargs: Any) -> None:
        initial = {name: getattr(action, name) for name in WORDS}
        initial |= {name: getattr(run, column) for name, column in DATES.items()}
        initial |= {"expected_version": action.version, "seen": run.pk}
        super().__init__(data, initial=initial, **kwargs)

    def dates(self) -> dict[str, Any]:
        """The columns of `Intervention`. Needs `is_valid`."""
        return {column: self.cleaned_data[name] for name, column in DATES.items()}


# --- sites -----------------------------------------------------------------------------------------------------


class SitesForm(FrenchForm):
    """Which sites; `q` searches, without recording anything."""

    q = forms.CharField(
        label="Chercher un site",
        required=False,
        max_length=120,
        help_text="Commune, nom, appellation ou adresse, puis « Chercher ».",
    )
    sites = CodesField(label="Sites")

    def offer(self, sites: Sequence[Site]) -> None:
        """The sites that may be chosen."""
        self.offered = {site.public_id: site for site in sites}
        choices = [(site.public_id, site_words(site)) for site in sites]
        self.fields["sites"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> list[Site]:
        return [self.offered[code] for code in self.cleaned_data["sites"]]


def searching(data: Mapping[str, str]) -> bool:
    """Is a site asked for, by the button or by « Entrée » after other words than those the list answers to?"""
    return SEARCH in data or data.get("q", "").strip() != data.get("cherche", "").strip()


def site_words(site: Site) -> str:
    """« Rue du Pont, Lille »."""
    address = f", {site.address}" if site.address and site.address != site.name else ""
    return f"{site.name}{address}, {site.commune.name}"


class ChangeSitesForm(SitesForm):
    """Which sites from now on. `shown`: the sites covered that were in the page, by public id.

    What someone else added meanwhile was not in the page, and stays.
    """

    submission_key = SubmissionKeyField()
    on = FrenchDateField(
        label="Depuis quand ?",
        not_before=lambda today: OLDEST,
        not_after=lambda today: today + FURTHEST,
        help_text="Le jour où les sites cochés entrent dans le dispositif, et où ceux que vous décochez en sortent.",
    )

    def after(self, covered: Iterable[Site], on_page: Iterable[str]) -> dict[str, Site]:
        """The sites to cover: what was ticked, and what was not in the page."""
        seen = set(on_page)
        unseen = {site.public_id: site for site in covered if site.public_id not in seen}
        return unseen | {site.public_id: site for site in self.chosen()}


# --- insertion sites -------------------------------------------------------------------------------------------


class GroundForm(SeenVersion, PlaceForm):
    """A « terrain d’insertion »: nothing is required when it is `optional`, or else the commune."""

    submission_key = SubmissionKeyField()
    expected_version = VersionField()
    opened_on = FrenchDateField(label="Ouvert le", required=False, not_before=lambda today: OLDEST)
    closed_on = FrenchDateField(label="Fermé le", required=False, not_before=lambda today: OLDEST)

    COLUMNS = ("name", "address", "address_detail", "latitude", "longitude", "opened_on", "closed_on")

    def __init__(
        self,
        data: Any = None,
        *,
        user: Any,
        departements: Iterable[str],
        ground: InsertionSite | None = None,
        optional: bool = False,
        **kwargs: Any,
    ) -> None:
        if ground is not None:
            values = {name: getattr(ground, name) for name in self.COLUMNS}
            place = {"commune": ground.commune.name, "insee": ground.commune_id}
            kwargs["initial"] = {**values, **place, "expected_version": ground.version}
        super().__init__(data, user=user, right=Right.EDIT_ACTION, **kwargs)
        self.territory = Territory(departements=frozenset(departements))
        self.ground, self.optional = ground, optional
        del self.fields["kind"]
        if optional:
            del self.fields["submission_key"], self.fields["expected_version"], self.fields["closed_on"]
            self.fields["commune"].required = False
            self.fields["commune"].widget.attrs.pop("aria-required", None)
        self.fields["name"].label = "Nom du terrain"
        self.fields["name"].help_text = french_spaces("Facultatif : sans nom, c’est l’adresse qui le nomme.")
        commune = self["insee"].id_for_label
        self.fields["commune"].widget.attrs["data-combobox-value"] = commune

    @property
    def says_something(self) -> bool:
        apart = ("insee", "commune_choice", "submission_key", "expected_version")
        return any(value not in (None, "") for name, value in self.cleaned_data.items() if name not in apart)

    def clean(self) -> Any:
        cleaned = super().clean()
        opened, closed = cleaned.get("opened_on"), cleaned.get("closed_on")
        if opened and closed and closed < opened:
            self.add_error(
                "closed_on", "La fermeture précède l’ouverture\u00a0: corrigez l’une des deux dates."
            )
        if self.optional and self.says_something and not cleaned.get("commune") and "commune" in cleaned:
            self.add_error("commune", "Écrivez la commune du terrain d’insertion, ou videz son adresse.")
        return cleaned

    def resolved(self, cleaned: Mapping[str, Any]) -> Commune | None:
        ground = self.ground
        if ground and cleaned.get("insee") == ground.commune_id and cleaned["commune"] == ground.commune.name:
            return ground.commune
        return super().resolved(cleaned)

    def why_not(self, text: str, choices: Iterable[Place]) -> str:
        places = list(choices)
        if places:
            return super().why_not(text, places)
        return (
            f"Aucune commune de ce territoire ({territory_words(self.territory)}) ne répond à "
            f"«\u00a0{text}\u00a0»\u00a0: vérifiez le nom, ou écrivez le code postal."
        )

    def described(self) -> dict[str, Any]:
        """The columns of `InsertionSite`. Needs `is_valid`."""
        values = {name: self.cleaned_data.get(name) for name in self.COLUMNS}
        return {**values, "commune": self.cleaned_data["place"]}
