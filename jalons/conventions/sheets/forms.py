"""The words of a fiche."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jalons.conventions.enums import Family
from jalons.conventions.sheets import page
from jalons.conventions.sheets.dates import end_of, months_of, start_of
from jalons.conventions.sheets.services import FAMILY_WORDS
from jalons.core.forms import SubmissionKeyField
from jalons.editing.block_forms import BlockForms, BlockMain, area, line
from jalons.editing.forms import FrenchForm

BETWEEN = re.compile(r"[,;/&]|\bet\b|\s+", re.IGNORECASE)
LONGEST_NUMBER, MOST_NUMBERS = 20, 20


def numbers_from(text: str) -> list[int | str]:
    """« 7 et 8 », « 7, 8 », « 2.1 » as the list of the exchange format."""
    words = [word for word in BETWEEN.split(text) if word]
    if len(words) > MOST_NUMBERS or any(len(word) > LONGEST_NUMBER for word in words):
        raise ValidationError("Écrivez un ou plusieurs numéros courts, par exemple « 7 et 8 ».")
    return [
        int(word) if word.isascii() and word.isdigit() and str(int(word)) == word else word for word in words
    ]


def numbers_text(numbers: Any) -> str:
    return ", ".join(str(number) for number in numbers or ())


class NumbersField(forms.CharField):
    """One or several numbers; the value is their list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": "Numéro",
                "required": False,
                "max_length": 120,
                "help_text": "Un ou plusieurs, par exemple « 5 » ou « 7 et 8 ». Vide si la fiche n’en porte pas.",
                **kwargs,
            }
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "class": "form-control j-short", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        return numbers_from(super().clean(value))


class LabelsMain(BlockMain):
    columns = (
        "numbers",
        "title",
        "sheet_label",
        "family",
        "family_label",
        "axis_theme",
        "axis_annex",
        "start_words",
        "duration_words",
    )

    numbers = NumbersField()
    title = area("Intitulé de la fiche", rows=2)
    sheet_label = line("Numéro tel qu’imprimé", 120, "Par exemple « FICHES 7 ET 8 ».")
    family = forms.ChoiceField(label="Famille", choices=Family.choices)
    family_label = line("Bandeau de famille", 300, "Par exemple « MESURES DU SOCLE ».")
    axis_theme = area("Axe imprimé sur la fiche", rows=2)
    axis_annex = line("Axe dans l’annexe", 300)
    start_words = line("Début", 200, "Comme sur la fiche : « 1er janvier 2022 », « A partir de fin 2020 »…")
    duration_words = line("Durée", 200, "Comme sur la fiche : « Trois ans », « 18 mois »…")

    def initial_of(self, record: Any) -> dict[str, Any]:
        values = {name: getattr(record, name) for name in self.columns}
        return {**values, "numbers": numbers_text(record.numbers)}


class LabelsBlock(BlockForms):
    main_class = LabelsMain

    def commitment(self) -> dict[str, Any]:
        """What changes; the dates in words are read again when they do."""
        values = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in self.main.values_to_save().items()
        }
        record = self.record
        if "family" in values:
            values["family_words"] = FAMILY_WORDS[values["family"]]
        if "start_words" in values:
            values["start_on"] = start_of(values["start_words"])
        if "duration_words" in values:
            values["months"] = months_of(values["duration_words"])
        if {"start_words", "duration_words"} & values.keys():
            values["end_on"] = end_of(
                values.get("start_on", record.start_on), values.get("months", record.months)
            )
        return values


class HeadersMain(BlockMain):
    """The printed titles of the columns of a table, `h0`, `h1`…"""

    attribute = ""
    defaults: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, default in enumerate(self.defaults):
            help = f"« {default} » si rien n’est écrit."
            self.add_field(f"h{place}", line(f"Titre de la colonne {place + 1}", 200, help))

    def headers(self) -> tuple[str, ...]:
        return tuple(f"h{place}" for place in range(len(self.defaults)))

    def names(self) -> tuple[str, ...]:
        return (*self.beside, *self.headers())

    def initial_of(self, record: Any) -> dict[str, Any]:
        headers = page.filled(getattr(record, self.attribute) or [], self.defaults)
        beside = {name: getattr(record, name) for name in self.beside}
        return {**beside, **{f"h{place}": words for place, words in enumerate(headers)}}

    def header_fields(self) -> list[Any]:
        return [self[name] for name in self.headers()]

    def beside_fields(self) -> list[Any]:
        return [self[name] for name in self.beside]

    def commitment(self) -> dict[str, Any]:
        values = self.values_to_save()
        columns = {name: values[name] for name in self.beside if name in values}
        if any(name in values for name in self.headers()):
            standing = self.initial_of(self.record)
            columns[self.attribute] = [
                str(values.get(name, standing[name])).strip() or default
                for name, default in zip(self.headers(), self.defaults, strict=True)
            ]
        return columns


class LinkMain(BlockMain):
    columns = ("action",)

    action = forms.ChoiceField(
        label="Dispositif",
        required=False,
        help_text="Le dispositif garde sa propre fiche. Son argent n’est compté qu’une fois : dans la convention.",
    )

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["action"]
        field.choices = [("", "Aucun"), *choices]

    def initial_of(self, record: Any) -> dict[str, Any]:
        return {"action": str(record.action_id or "")}


class LinkBlock(BlockForms):
    main_class = LinkMain

    def commitment(self) -> dict[str, Any]:
        values = self.main.values_to_save()
        return (
            {"action_id": int(values["action"]) if values["action"] else None} if "action" in values else {}
        )


class NewSheetForm(FrenchForm):
    """What a new fiche begins with; everything else is filled on its page."""

    submission_key = SubmissionKeyField()
    numbers = NumbersField()
    family = forms.ChoiceField(label="Famille", choices=Family.choices)
    title = forms.CharField(
        label="Intitulé de la fiche", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    axis_theme = line("Axe imprimé sur la fiche", 1000)
    parent = forms.ChoiceField(
        label="Thème de la fiche",
        required=False,
        help_text="Seulement quand une fiche se divise en thèmes : celle dont la nouvelle est une partie.",
    )
    party = forms.ChoiceField(label="Département", required=False)

    def __init__(self, *args: Any, mothers: Any, parties: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mothers = {mother.public_id: mother for mother in mothers}
        self.parties = {str(party.pk): party for party in parties}
        fields: Any = self.fields
        fields["parent"].choices = [
            ("", "Aucune : c’est une fiche entière"),
            *((key, mother.quiet_heading[:120]) for key, mother in self.mothers.items()),
        ]
        if len(self.parties) > 1:
            fields["party"].choices = [
                ("", "Commune à toutes les parties"),
                *((key, party.name) for key, party in self.parties.items()),
            ]
        else:
            del self.fields["party"]
        if not self.mothers:
            del self.fields["parent"]

    def values_to_save(self) -> dict[str, Any]:
        cleaned_data = dict(self.cleaned_data)
        cleaned_data.pop("submission_key")
        cleaned_data["parent"] = self.mothers.get(cleaned_data.get("parent") or "")
        cleaned_data["party"] = self.parties.get(cleaned_data.get("party") or "")
        return cleaned_data
