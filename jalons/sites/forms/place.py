"""Where a site is and how it is named: what declaring and editing share."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import Territory, territory_of
from jalons.core.forms import FrenchNumberField, JalonsForm
from jalons.core.values import join_and
from jalons.sites.enums import SiteKind
from jalons.sites.nearby import Nearby, nearby_sites
from jalons.territories.models import Commune, Departement, Epci, Place
from jalons.territories.selectors import search_communes, view_over

BOTH_AT_ONCE = re.compile(r"\s*\(?(-?\d+[.,]\d+)\s*[,;\s]\s*(-?\d+[.,]\d+)\)?\s*", re.ASCII)


# --- which commune ---------------------------------------------------------------------------------------------


def departements_of(territory: Territory) -> set[str]:
    """The départements that a territory touches."""
    touched = Q(communes__epci_id__in=territory.epcis) | Q(communes__in=territory.communes)
    more = Departement.objects.filter(touched).values_list("pk", flat=True) if territory else ()
    return set(territory.departements) | set(more)


def territory_words(territory: Territory) -> str:
    """« Nord et Métropole Européenne de Lille »."""
    if territory.everywhere:
        return "toute la France"
    names = [
        name
        for model, codes in (
            (Departement, territory.departements),
            (Epci, territory.epcis),
            (Commune, territory.communes),
        )
        if codes
        for name in model._default_manager.filter(pk__in=codes)
        .order_by("name")
        .values_list("name", flat=True)
    ]
    return join_and(names)


def communes_named(text: str, territory: Territory) -> list[Place]:
    """What `text` may mean inside a territory, best first; `rank` 0 is an exact name or postcode."""
    departements = None if territory.everywhere else departements_of(territory)
    places = search_communes(text, 50, departements)
    return [place for place in places if place.commune and territory.covers(place.commune)]


def one_commune(text: str, code: str, territory: Territory) -> tuple[Commune | None, list[Place]]:
    """The commune that was meant, or the places among which to choose. `code` was suggested, `text` is what is read."""
    places = communes_named(text, territory)
    for place in places:
        if place.commune_id == code:
            return place.commune, []
    exact = [place for place in places if place.rank == 0]  # type: ignore[attr-defined]  # annotated
    likely = exact or places
    return (likely[0].commune, []) if len(likely) == 1 else (None, likely)


def split_point(data: Any) -> Any:
    """« 50.63, 3.06 » pasted in one field is put in both."""
    if not data:
        return data
    match = BOTH_AT_ONCE.fullmatch(data.get("latitude", "")[:60])
    if not match or data.get("longitude", "").strip():
        return data
    data = data.copy()
    data["latitude"], data["longitude"] = match[1], match[2]
    return data


# Beyond this, one's territory is no better a view than France.
VIEWED_DEPARTEMENTS = 3


class PlaceForm(JalonsForm):
    """Where a site is and how it is named, within the territory where `user` has `right`.

    Cleaned: `place` is the `Commune`.
    """

    address = forms.CharField(
        label="Adresse",
        max_length=200,
        required=False,
        help_text="Numéro et rue, ou lieu-dit. Des propositions apparaissent quand vous écrivez.",
    )
    commune = forms.CharField(
        label="Commune", max_length=140, help_text="Nom ou code postal.", widget=forms.TextInput
    )
    insee = forms.CharField(required=False, widget=forms.HiddenInput)
    # A code among those proposed; it only counts if it answers to the name typed beside it.
    commune_choice = forms.CharField(
        label="Laquelle\u00a0?", max_length=5, required=False, widget=forms.RadioSelect
    )
    latitude = FrenchNumberField(
        label="Latitude", minimum=-90, maximum=90, required=False, help_text="En degrés, par exemple 50,6292."
    )
    longitude = FrenchNumberField(
        label="Longitude", minimum=-180, maximum=180, required=False, help_text="Par exemple 3,0573."
    )
    address_detail = forms.CharField(
        label="Précision sur le lieu",
        max_length=300,
        required=False,
        help_text="Par exemple\u00a0: derrière le dépôt de bus, accès par le chemin de halage.",
    )
    kind = forms.ChoiceField(
        label="Type de site",
        choices=SiteKind,
        initial=SiteKind.UNKNOWN,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "j-inline"}),
    )
    name = forms.CharField(
        label="Nom du site",
        max_length=120,
        required=False,
        help_text="Celui que vous employez. Sans nom, c’est l’adresse qui le nomme.",
    )

    def __init__(self, data: Any = None, *, user: Any, right: Right, **kwargs: Any) -> None:
        super().__init__(split_point(data), **kwargs)
        self.user, self.right = user, right
        self.territory = territory_of(user, right)
        url = reverse("sites:addresses")
        self.fields["address"].widget.attrs["data-combobox-url"] = url
        self.fields["commune"].widget.attrs |= {
            "data-combobox-url": f"{url}?communes=1",
            "data-combobox-value": self["insee"].id_for_label,
        }

    @property
    def map_view(self) -> tuple[float, float, int] | None:
        """Where the map opens while no point is set: on one's territory, when it is not too wide."""
        departements = departements_of(self.territory)
        return view_over(departements) if len(departements) <= VIEWED_DEPARTEMENTS else None

    @property
    def is_ambiguous(self) -> bool:
        """Several communes answer to what was typed: « Laquelle ? » has to be asked."""
        return bool(self.fields["commune_choice"].widget.choices)

    def ask_which(self, places: Iterable[Place]) -> None:
        choices = [(place.commune_id, f"{place.label} – {place.detail}") for place in places]
        self.fields["commune_choice"].widget.choices = choices

    def clean_insee(self) -> str:
        # Hidden: what cannot be read is ignored, the name decides.
        return self.cleaned_data["insee"].strip().upper()

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or SiteKind.UNKNOWN

    def clean_latitude(self) -> float | None:
        return as_float(self.cleaned_data["latitude"])

    def clean_longitude(self) -> float | None:
        return as_float(self.cleaned_data["longitude"])

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        for axis, other in (("latitude", "longitude"), ("longitude", "latitude")):
            alone = cleaned.get(axis) is not None and other in cleaned and cleaned[other] is None
            if alone:
                self.add_error(
                    other, "Il faut la latitude et la longitude\u00a0: donnez les deux, ou aucune."
                )
        if cleaned.get("commune"):
            cleaned["place"] = self.resolved(cleaned)
        return cleaned

    def resolved(self, cleaned: Mapping[str, Any]) -> Commune | None:
        code = cleaned.get("commune_choice") or cleaned.get("insee") or ""
        commune, choices = one_commune(cleaned["commune"], code, self.territory)
        if commune is None:
            self.add_error("commune", self.why_not(cleaned["commune"], choices))
            self.ask_which(choices[:12])
        return commune

    def why_not(self, text: str, choices: Iterable[Place]) -> str:
        if choices:
            return "Plusieurs communes répondent à ce nom\u00a0: choisissez la bonne ci-dessous."
        elsewhere = search_communes(text, 1)
        if not elsewhere:
            return f"Aucune commune ne répond à «\u00a0{text}\u00a0»\u00a0: vérifiez le nom, ou écrivez le code postal."
        verbs = {Right.DECLARE_SITE: "déclarer", Right.READ_SITES: "signaler"}
        what = verbs.get(self.right, "modifier")
        return (
            f"{elsewhere[0].label} ({elsewhere[0].detail}) n’est pas dans le territoire où vous pouvez {what} "
            f"un site\u00a0: {territory_words(self.territory)}."
        )

    def described(self) -> dict[str, Any]:
        """The columns of `Site` that this form knows, the commune apart."""
        names = ("address", "address_detail", "latitude", "longitude", "kind", "name")
        return {name: self.cleaned_data[name] for name in names}

    def nearby(self, excluding: int | None = None) -> list[Nearby]:
        """The sites that may be this one, from what could be read so far."""
        read = self.cleaned_data
        place = read.get("place")
        whole = read.get("latitude") is not None and read.get("longitude") is not None
        return nearby_sites(
            self.user,
            commune=place.pk if place else "",
            names=[read.get("name") or "", read.get("address") or "", *(read.get("aliases") or ())],
            latitude=read["latitude"] if whole else None,
            longitude=read["longitude"] if whole else None,
            excluding=excluding,
        )


def as_float(number: Any) -> float | None:
    return None if number is None else float(number)
