"""Forms of a column, of a section and of a row of indicators."""

from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.conventions.enums import ColumnMeasure
from jalons.conventions.figures.cell_forms import IsoDate
from jalons.conventions.models import MatrixColumn, MatrixGroup, MatrixRow
from jalons.core.values import DurationUnit, french_spaces
from jalons.editing.forms import VersionedForm
from jalons.indicators.enums import Direction, Nature, ValueType

FIRST = ("", "En premier")
TYPES = (
    (ValueType.NUMBER.value, "Un nombre"),
    (ValueType.SHARE.value, "Un pourcentage"),
    (ValueType.DURATION.value, "Une durée"),
    (ValueType.AMOUNT.value, "Un montant en euros"),
    (ValueType.TEXT.value, "Un texte"),
)


class PlacedForm(VersionedForm):
    """About a piece that stands among `others`: `after` says where."""

    def choose_place(self, others: Sequence[Any], piece: Any | None, name: Any) -> None:
        places = [(str(other.pk), f"Après « {name(other)} »") for other in others if other != piece]
        self.fields["after"].choices = [FIRST, *((c, french_spaces(w)) for c, w in places)]  # type: ignore[attr-defined]
        before = [other for other in others if other != piece]
        if piece is not None:
            before = [other for other in before if (other.position, other.pk) < (piece.position, piece.pk)]
        self.initial.setdefault("after", str(before[-1].pk) if before else "")

    @property
    def after_pk(self) -> int | None:
        after = self.cleaned_data.get("after")
        return int(after) if after else None


class ColumnForm(PlacedForm):
    header = forms.CharField(
        label="En-tête", max_length=300, help_text="Tel qu’imprimé : « OBJECTIF 2022 », « BILAN 2021 »."
    )
    subheader = forms.CharField(
        label="Sous en-tête",
        max_length=300,
        required=False,
        help_text="Deux colonnes qui ont le même en-tête sont groupées : « 2022 » au-dessus d’« OBJECTIF ».",
    )
    year = forms.IntegerField(label="Année", min_value=1990, max_value=2100, required=False)
    measure = forms.ChoiceField(
        label="Ce que disent ses chiffres", choices=[("", "Non dit"), *ColumnMeasure.choices], required=False
    )
    as_of = IsoDate(label="Arrêté au")
    partial = forms.BooleanField(
        label="Année incomplète",
        required=False,
        help_text="Ses chiffres ne se comparent pas à ceux d’une année entière.",
    )
    after = forms.ChoiceField(label="Place", required=False)

    def __init__(
        self, *args: Any, column: MatrixColumn | None, others: Sequence[MatrixColumn], **kwargs: Any
    ) -> None:
        names = ("header", "subheader", "year", "measure", "as_of", "partial")
        initial = {name: getattr(column, name) for name in names} if column else {}
        version = {"expected_version": column.version} if column else {}
        super().__init__(*args, initial={**initial, **version}, **kwargs)
        self.choose_place(others, column, lambda item: item.words)
        self.column = column

    def values_to_save(self) -> dict[str, Any]:
        names = ("header", "subheader", "year", "measure", "as_of")
        values = {name: self.cleaned_data[name] for name in names}
        partial = self.cleaned_data["partial"]
        # Not said stays not said.
        known = self.column.partial if self.column else None
        return {**values, "partial": True if partial else (False if known else known)}


class GroupForm(PlacedForm):
    label = forms.CharField(label="Nom de la section", max_length=400)

    def __init__(self, *args: Any, group: MatrixGroup | None, **kwargs: Any) -> None:
        initial = {"label": group.label, "expected_version": group.version} if group else {}
        super().__init__(*args, initial=initial, **kwargs)


class MatrixRowForm(PlacedForm):
    """A row and what its indicator is."""

    label = forms.CharField(label="Intitulé", max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    group = forms.ChoiceField(label="Section", required=False)
    parent = forms.ChoiceField(
        label="Détail de",
        required=False,
        help_text="« Dont les femmes » est un détail du nombre de personnes.",
    )
    after = forms.ChoiceField(label="Place", required=False)
    children_relation = forms.CharField(
        label="Mot devant ses détails", max_length=80, required=False, help_text="« Dont »"
    )
    dimension = forms.CharField(
        label="Ventilation par",
        max_length=120,
        required=False,
        help_text="« territoire », « opérateur », « cohorte ». Les lignes d’une ventilation font le total.",
    )
    breakdown = forms.CharField(
        label="Valeur de la ventilation",
        max_length=200,
        required=False,
        help_text="« DTML » : le contributeur de ce nom remplit cette ligne, et elle seule.",
    )
    value_type = forms.ChoiceField(label="Ce qu’on y écrit", choices=TYPES)
    unit = forms.CharField(label="Unité", max_length=30, required=False)
    counted = forms.CharField(
        label="Ce qui est compté", max_length=160, required=False, help_text="« formés », « familles »"
    )
    direction = forms.ChoiceField(label="Ce qui est souhaité", choices=Direction)
    nature = forms.ChoiceField(label="Stock ou flux", choices=Nature)

    def __init__(
        self,
        *args: Any,
        row: MatrixRow | None,
        others: Sequence[MatrixRow],
        groups: Sequence[MatrixGroup],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial=initial_of(row), **kwargs)
        self.row, self.others = row, {str(other.pk): other for other in others}
        self.groups = {str(group.pk): group for group in groups}
        self.choose_place(others, row, name_of)
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            ("", "Aucune"),
            *(
                (str(group.pk), group.commitment.convention.quiet(group.label) or group.key)
                for group in groups
            ),
        ]
        below = descendants(row, others)
        self.fields["parent"].choices = [  # type: ignore[attr-defined]
            ("", "Rien : c’est un indicateur"),
            *((str(other.pk), name_of(other)) for other in others if other.pk not in below),
        ]
        kind = self.initial.get("value_type")
        if kind and kind not in dict(TYPES):
            self.fields["value_type"].choices = [*TYPES, (kind, ValueType(kind).label)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("value_type") == ValueType.DURATION and cleaned.get("unit") not in tuple(DurationUnit):
            self.add_error(
                "unit", french_spaces(f"Écrivez l’unité de cette durée : {', '.join(DurationUnit)}.")
            )
        return cleaned

    def values_to_save(self) -> dict[str, Any]:
        apart = ("submission_key", "expected_version", "after")
        values = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        parent = self.others.get(values["parent"])
        # A detail stands in the section of what it details.
        group = parent.group if parent is not None else self.groups.get(values["group"])
        return {**values, "parent": parent, "group": group}


def name_of(row: MatrixRow) -> str:
    words = row.label or row.breakdown or row.key
    return words if len(words) <= 80 else f"{words[:79].rstrip()}…"


def descendants(row: MatrixRow | None, others: Sequence[MatrixRow]) -> set[int]:
    """The row and what details it: none of them can be what it details."""
    pks: set[int] = {row.pk} if row is not None else set()
    grown = True
    while grown:
        more = {other.pk for other in others if other.parent_id in pks} - pks
        pks, grown = pks | more, bool(more)
    return pks


def initial_of(row: MatrixRow | None) -> dict[str, Any]:
    if row is None:
        return {"value_type": ValueType.NUMBER, "direction": Direction.NEUTRAL, "nature": Nature.FLOW}
    names = ("label", "children_relation", "dimension", "breakdown")
    values: dict[str, Any] = {name: getattr(row, name) for name in names}
    values |= {
        "group": str(row.group_id or ""),
        "parent": str(row.parent_id or ""),
        "expected_version": row.version,
    }
    indicator = row.indicator
    kind = {"value_type": ValueType.NUMBER, "direction": Direction.NEUTRAL, "nature": Nature.FLOW}
    if indicator is not None:
        kind = {
            name: getattr(indicator, name)
            for name in ("value_type", "unit", "counted", "direction", "nature")
        }
    return values | kind
