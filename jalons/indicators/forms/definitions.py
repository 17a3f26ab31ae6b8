"""Defining an indicator of one's own, and saying what is aimed at."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jalons.core import clock
from jalons.core.forms import FrenchDateField, FrenchNumberField, JalonsForm, SubmissionKeyField, VersionField
from jalons.core.values import DurationUnit, Value
from jalons.indicators.enums import Direction, Nature, Relation, ValueType
from jalons.indicators.models import Indicator
from jalons.indicators.selectors.asked import AskedBlock

TYPED = [(kind.value, kind.label) for kind in ValueType if not kind.is_computed]
MOST_ANSWERS = 12


class IndicatorForm(JalonsForm):
    """`locked`: values were told under it, so only what does not change their meaning may be said otherwise."""

    label = forms.CharField(
        label="Intitulé", max_length=160, help_text="Ce qui est compté, par exemple « Ateliers cuisine »."
    )
    value_type = forms.ChoiceField(
        label="Que saisit-on ?", choices=TYPED, widget=forms.RadioSelect, initial=ValueType.NUMBER
    )
    unit = forms.CharField(
        label="Unité",
        max_length=30,
        required=False,
        help_text="Par exemple : ateliers, personnes, kits. Pour une durée : jours, mois ou heures.",
    )
    choices = forms.CharField(
        label="Réponses possibles",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Une par ligne, pour un choix dans une liste.",
    )
    nature = forms.ChoiceField(
        label="Que compte-t-on ?",
        choices=[
            (Nature.FLOW, "Ce qui s’est passé depuis le dernier point (entrées, ateliers, démarches…)"),
            (Nature.STOCK, "La situation à la date du point (personnes présentes, kits en service…)"),
        ],
        widget=forms.RadioSelect,
    )
    direction = forms.ChoiceField(
        label="Dans quel sens est-ce mieux ?",
        choices=Direction.choices,
        widget=forms.RadioSelect,
        initial=Direction.NEUTRAL,
        help_text="Sert à lire une évolution, jamais à classer les opérateurs.",
    )
    help_text = forms.CharField(
        label="Aide pour remplir",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Qui compter, qui ne pas compter.",
    )
    shared = forms.BooleanField(
        label="Proposer cet indicateur aux autres dispositifs du département", required=False, initial=True
    )
    submission_key = SubmissionKeyField()
    expected_version = VersionField()

    LOCKED = ("label", "value_type", "unit", "choices", "nature")

    def __init__(self, *args: Any, locked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if locked:
            for name in self.LOCKED:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("value_type")
        if kind == ValueType.DURATION and cleaned.get("unit") not in tuple(DurationUnit):
            self.add_error("unit", f"Pour une durée, écrivez une de ces unités : {', '.join(DurationUnit)}.")
        if kind == ValueType.CHOICE:
            try:
                cleaned["choices"] = answers(cleaned.get("choices", ""))
            except ValidationError as error:
                self.add_error("choices", error)
        elif "choices" in cleaned:
            cleaned["choices"] = []
        return cleaned

    def described(self) -> dict[str, Any]:
        """The columns of the indicator."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("submission_key", "expected_version")
        }


def answers(text: str) -> list[list[str]]:
    """« Oui / Non » as typed, one a line: (code, label)."""
    labels = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not 2 <= len(labels) <= MOST_ANSWERS:
        raise ValidationError(f"Écrivez de 2 à {MOST_ANSWERS} réponses, une par ligne.")
    if any(len(label) > 80 for label in labels):
        raise ValidationError("Une réponse a 80 caractères au plus.")
    return [[f"r{number}", label] for number, label in enumerate(labels, 1)]


class ObjectivesForm(JalonsForm):
    """What a dispositif aims at for a date: a number for any of its indicators, none is needed.

    `seen`: the last objective that the person could read when the form was opened; 0 when there was none.
    """

    seen = VersionField()
    on = FrenchDateField(label="Pour quelle date ?")
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, blocks: Sequence[AskedBlock], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.blocks = [
            (block, [indicator for indicator in block.indicators if may_aim(indicator)]) for block in blocks
        ]
        for _, indicators in self.blocks:
            for indicator in indicators:
                percent = ValueType(indicator.value_type) in (ValueType.RATE, ValueType.SHARE)
                self.fields[name_of(indicator)] = FrenchNumberField(
                    label=indicator.label,
                    required=False,
                    minimum=0,
                    maximum=100 if percent else 10_000_000,
                    decimals=2,
                    help_text="en %" if percent else indicator.unit,
                )
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "form-control j-tiny")

    def groups(self) -> Iterator[tuple[str, list[Any]]]:
        for block, indicators in self.blocks:
            if indicators:
                yield block.block.label, [self[name_of(indicator)] for indicator in indicators]

    def objectives(self) -> Iterator[tuple[Indicator, Value]]:
        """What was typed; an empty field says nothing."""
        for _, indicators in self.blocks:
            for indicator in indicators:
                number = self.cleaned_data.get(name_of(indicator))
                if number is not None:
                    yield indicator, indicator.value(number)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = [name_of(indicator) for _, indicators in self.blocks for indicator in indicators]
        if not self.errors and all(cleaned.get(name) is None for name in names):
            raise ValidationError("Écrivez au moins un objectif, ou revenez sans rien changer.")
        return cleaned


def may_aim(indicator: Indicator) -> bool:
    """A number, a share or a rate; nobody aims at the detail of a total."""
    words = ValueType(indicator.value_type) in (ValueType.CHOICE, ValueType.TEXT)
    return not words and indicator.relation != Relation.AMONG


def name_of(indicator: Indicator) -> str:
    return f"objectif-{indicator.public_id}"


def default_day(planned_end: Any) -> Any:
    """The planned end, else the end of this year."""
    return planned_end or clock.today().replace(month=12, day=31)
