"""What the register counts for each local indicator: a figure, and among whom."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from django import forms

from jalons.core.forms import JalonsForm, dress
from jalons.households.families.conditions import CountedCode, read_code
from jalons.households.models import MappedIndicator
from jalons.households.numbers.mapping import AMONG_WORDS, code_for, figure_choices, rule_in_words
from jalons.indicators.models import Indicator

MEANWHILE = (
    "Quelqu’un de votre équipe a changé ces choix pendant que vous écriviez. Vérifiez les vôtres, puis enregistrez de "
    "nouveau."
)


class ChosenLine(NamedTuple):
    """An indicator, its two fields, and the rule in force."""

    indicator: Indicator
    figure: Any
    among: Any
    rule: str


class ChosenFiguresForm(JalonsForm):
    """`seen`: the choices that the page was opened on, so that the second of two people is told."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        indicators: Sequence[Indicator],
        rows: Sequence[MappedIndicator],
        socle: Sequence[tuple[str, str, str]],
    ) -> None:
        super().__init__(data, initial={"seen": digest(rows)})
        self.indicators, self.standing = indicators, digest(rows)
        self.codes = {row.indicator_id: read_code(row.code) for row in rows}
        for indicator in indicators:
            code = self.codes.get(indicator.pk)
            base, part = (str(code._replace(among="")), code.among) if code else ("", "")
            self.fields |= {
                f"figure-{indicator.pk}": forms.ChoiceField(
                    label="Le registre compte",
                    required=False,
                    choices=figure_choices(indicator.nature, socle),
                    initial=base,
                ),
                f"among-{indicator.pk}": forms.ChoiceField(
                    label="Parmi",
                    required=False,
                    choices=[*AMONG_WORDS.items()],
                    initial=part,
                ),
            }
        for field in self.fields.values():
            dress(field)

    @property
    def lines(self) -> list[ChosenLine]:
        return [self.line(indicator, self.codes.get(indicator.pk)) for indicator in self.indicators]

    def line(self, indicator: Indicator, code: CountedCode | None) -> ChosenLine:
        rule = rule_in_words(code) if code else ""
        return ChosenLine(indicator, self[f"figure-{indicator.pk}"], self[f"among-{indicator.pk}"], rule)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("seen") != self.standing:
            self.data = {**self.data.dict(), "seen": self.standing}  # type: ignore[attr-defined]
            raise forms.ValidationError(MEANWHILE)
        return cleaned

    def chosen(self) -> dict[int, str]:
        typed = self.cleaned_data
        codes = {
            one.pk: code_for(typed[f"figure-{one.pk}"], typed[f"among-{one.pk}"]) for one in self.indicators
        }
        return {pk: str(code) if code else "" for pk, code in codes.items()}


def digest(rows: Sequence[MappedIndicator]) -> str:
    choices = "|".join(f"{row.indicator_id}:{row.code}" for row in rows)
    return sha256(choices.encode()).hexdigest()[:16]
