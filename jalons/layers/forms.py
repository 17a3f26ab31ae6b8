"""Giving a file of places, saying what the layer is and who reads it."""

import io
from pathlib import PurePosixPath
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from jalons.core.forms import FrenchDateField, JalonsForm, SubmissionKeyField
from jalons.core.values import french_spaces
from jalons.documents.checks import clean_name, size_in_words
from jalons.editing.forms import Group
from jalons.editing.record_forms import RecordForm
from jalons.history.services import Actor
from jalons.layers.enums import CoordinateGrid, LayerColour, LayerSymbol, PlaceFile
from jalons.layers.limits import MOST_BYTES
from jalons.layers.models import LONGEST_NAME
from jalons.layers.permissions import scope_key, sharing_choices
from jalons.layers.words import QGIS

KINDS = {"geojson": "geojson", "json": "geojson", "kml": "kml", "kmz": "kmz", "csv": "csv", "txt": "csv"}
LONGEST_PASTED = 500_000  # characters
PASTED_NAME = "texte collé"
OWN = ""
OTHER_FORMATS = ("shp", "zip", "gpkg", "dbf", "shx", "tab", "mif", "dxf", "gml", "gpx", "qgz", "qgs")


class PlacesField(forms.FileField):
    """The value is a file whose `places_kind` is set; what stands in it is judged by the child process."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file:
            return None
        end = PurePosixPath(str(file.name)).suffix.lower().lstrip(".")
        if end in OTHER_FORMATS:
            raise ValidationError(
                french_spaces(f"Jalons ne lit pas les fichiers « .{end} ». {QGIS}"), code="format"
            )
        if end not in KINDS:
            raise ValidationError(
                french_spaces("Donnez un fichier .geojson, .json, .kml, .kmz ou .csv."), code="format"
            )
        if file.size > MOST_BYTES:
            raise ValidationError(too_heavy(), code="too_large")
        file.places_kind = KINDS[end]
        return file


def too_heavy() -> str:
    return french_spaces(
        f"Ce fichier est trop lourd : {size_in_words(MOST_BYTES)} au plus. Ne gardez que les objets de votre "
        "territoire, et simplifiez leurs contours."
    )


class GivePlacesForm(JalonsForm):
    """A file, or a pasted text. `dropped`: the file was too large and did not arrive."""

    file = PlacesField(
        label="Fichier",
        required=False,
        max_length=None,
        allow_empty_file=True,
        help_text=f"GeoJSON, KML, KMZ ou csv. {size_in_words(MOST_BYTES)} au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{end}" for end in KINDS)}),
    )
    pasted = forms.CharField(
        label="Ou collez les lieux",
        required=False,
        max_length=LONGEST_PASTED,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=french_spaces(
            "Un tableau avec des colonnes « latitude » et « longitude », du GeoJSON ou du KML."
        ),
    )
    grid = forms.ChoiceField(
        label="Coordonnées",
        choices=CoordinateGrid,
        initial=CoordinateGrid.DEGREES,
        required=False,
        help_text="Si le fichier dit lui-même lesquelles, c’est lui qui est cru.",
    )

    def __init__(self, *args: Any, dropped: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dropped = dropped

    def clean(self) -> dict[str, Any]:
        read = self.cleaned_data
        if self.dropped:
            self.errors.pop("file", None)
            self.add_error("file", too_heavy())
        elif not self.errors and not read.get("file") and not (read.get("pasted") or "").strip():
            self.add_error("file", "Choisissez un fichier, ou collez les lieux.")
        return read

    @property
    def given(self) -> tuple[str, str]:
        """Name and kind of what was given."""
        file = self.cleaned_data["file"]
        return (clean_name(file.name), file.places_kind) if file else (PASTED_NAME, PlaceFile.PASTE.value)

    @property
    def content(self) -> Any:
        """An open file."""
        return self.cleaned_data["file"] or io.BytesIO(self.cleaned_data["pasted"].encode())

    @property
    def grid_chosen(self) -> str:
        return self.cleaned_data["grid"] or CoordinateGrid.DEGREES.value


class LayerForm(RecordForm):
    """What a layer is, how it looks, who reads it. `by`: in whose name, which says with whom it may be shared."""

    title = forms.CharField(
        label="Titre", max_length=LONGEST_NAME, help_text="Par exemple : Maraîchers du Nord."
    )
    source = forms.CharField(
        label="Source",
        max_length=200,
        help_text="Qui l’a faite : elle est écrite sous chaque carte et chaque image.",
    )
    dated_on = FrenchDateField(
        label="Date des données", not_after=lambda today: today, help_text="Le jour où elles étaient vraies."
    )
    colour = forms.ChoiceField(label="Couleur", choices=LayerColour)
    symbol = forms.ChoiceField(
        label="Dessin",
        choices=LayerSymbol,
        help_text="La marque des points et le motif des contours, lisibles en noir.",
    )
    readers = forms.ChoiceField(
        label="Qui la voit",
        required=False,
        help_text="Partagée, elle est lue par toutes les personnes qui voient les sites du territoire, de toutes les "
        "structures : les correspondants de tous les départements et l’administration nationale en sont.",
    )

    groups: ClassVar[tuple[Group, ...]] = (
        Group("", ("title", "source", "dated_on")),
        Group("Sur la carte", ("colour", "symbol")),
        Group("", ("readers",)),
    )

    def __init__(self, *args: Any, by: Actor, layer: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(OWN, f"Ma structure : {by.organisation.name}"), *sharing_choices(by)]
        if layer is not None and layer.shared_with is not None:
            # What a colleague chose stays, even where this person could not choose it.
            key = scope_key(layer.shared_with.level, layer.shared_with.code)
            if key not in dict(choices):
                choices.append((key, f"Comme aujourd’hui : {layer.shared_with.label}"))
        field: Any = self.fields["readers"]
        field.choices = [(key, french_spaces(words)) for key, words in choices]

    @staticmethod
    def initial_of(record: Any) -> dict[str, Any]:
        scope = record.shared_with
        return {
            "title": record.title,
            "source": record.source,
            "dated_on": record.dated_on,
            "colour": record.colour,
            "symbol": record.symbol,
            "readers": scope_key(scope.level, scope.code) if scope else OWN,
        }


class PublishLayerForm(LayerForm):
    """The same, with which property names each object and which stands beside the name."""

    name_key = forms.ChoiceField(
        label="Nom de chaque objet", required=False, help_text="La colonne du fichier qui le nomme."
    )
    label_key = forms.ChoiceField(
        label="Étiquette",
        required=False,
        help_text="Une seule autre colonne, lue en ouvrant l’objet. Les autres ne sont pas gardées.",
    )
    groups = (Group("Ce qui est repris du fichier", ("name_key", "label_key")), *LayerForm.groups)

    def __init__(self, *args: Any, samples: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [(key, french_spaces(words)) for key, words in samples.items()]
        for name, nothing in (("name_key", "Sans nom"), ("label_key", "Sans étiquette")):
            field: Any = self.fields[name]
            field.choices = [("", nothing), *columns]


class WithdrawLayerForm(JalonsForm):
    reason = forms.CharField(
        label="Pourquoi retirer cette couche ?", max_length=300, help_text="Par exemple : données périmées."
    )
    submission_key = SubmissionKeyField()
