"""What is asked of the open figures; preparing, publishing and withdrawing an edition."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse

from jalons.core.forms import JalonsForm, SubmissionKeyField
from jalons.figures.enums import AreaLevel
from jalons.public.half_years import HalfYear, between, last_over
from jalons.public.measures import KEYS, definition
from jalons.public.services import MOST_HALF_YEARS


@dataclass(frozen=True, slots=True)
class ChosenFigures:
    """What the page shows; each name of an address is for ever."""

    form: "ChoiceForm"
    measure: str
    level: str
    area: str

    def address(self, half_year: HalfYear, **other: str) -> str:
        asked = {"measure": self.measure, "level": self.level, "area": self.area, **other}
        names = {"measure": "mesure", "level": "niveau", "area": "territoire"}
        query = {"semestre": half_year.code, **{names[name]: value for name, value in asked.items()}}
        return f"{reverse('public:figures')}?{urlencode(query)}"


class ChoiceForm(JalonsForm):
    semestre = forms.ChoiceField(label="Semestre", required=False)
    mesure = forms.ChoiceField(label="Chiffre", required=False)

    def __init__(self, *args: Any, half_years: Sequence[HalfYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        semestre, mesure = self.fields["semestre"], self.fields["mesure"]
        semestre.choices = [(half_year.code, str(half_year)) for half_year in half_years]  # type: ignore[attr-defined]
        mesure.choices = [(key, definition(key).label) for key in KEYS]  # type: ignore[attr-defined]


def read_choice(
    params: Mapping[str, Any], half_years: Sequence[HalfYear], areas: Collection[str]
) -> ChosenFigures:
    """What is not understood is left aside."""
    measure, level, area = (str(params.get(name, "")) for name in ("mesure", "niveau", "territoire"))
    measure = measure if measure in KEYS else "personnes"
    half_year = HalfYear.parse(str(params.get("semestre", "")))
    initial = {"mesure": measure, "semestre": (half_year or half_years[0]).code}
    return ChosenFigures(
        ChoiceForm(initial=initial, half_years=half_years),
        measure,
        level if level in (AreaLevel.REGION, AreaLevel.DEPARTEMENT) else str(AreaLevel.REGION),
        area if area in areas else str(AreaLevel.NATION),
    )


class PrepareForm(JalonsForm):
    submission_key = SubmissionKeyField()
    first = forms.ChoiceField(label="Du semestre")
    last = forms.ChoiceField(
        label="Au semestre",
        help_text="Les semestres terminés. Ceux qui sont déjà publiés le seront de nouveau, avec ce que l’on sait "
        "aujourd’hui.",
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = last_over(today)
        half_years = between(last.back(MOST_HALF_YEARS - 1), last)
        choices = [(half_year.code, str(half_year)) for half_year in reversed(half_years)]
        for name in ("first", "last"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].initial = last.code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = (HalfYear.parse(cleaned.get(name, "")) for name in ("first", "last"))
        if first and last and first > last:
            self.add_error("last", "Ce semestre est avant le premier\u00a0: choisissez-en un plus récent.")
        return {**cleaned, "first": first, "last": last}


class WithdrawEditionForm(JalonsForm):
    submission_key = SubmissionKeyField()
    reason = forms.CharField(
        label="Pourquoi retirer cette édition\u00a0?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Gardé dans l’historique. Ce qui a été publié reste connu\u00a0: les éditions suivantes en tiennent "
        "compte.",
    )


class PublishEditionForm(JalonsForm):
    submission_key = SubmissionKeyField()
