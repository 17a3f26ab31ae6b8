"""One cell in full: what was written, what is understood of it, what it is made of, where it comes from."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from jalons.conventions.figures.composite_cells import BLANKS, CellReading
from jalons.conventions.figures.grid_forms import FreeText
from jalons.conventions.figures.selectors import text_of
from jalons.conventions.figures.typed_cells import DECIMALS, LONGEST, read_typed
from jalons.conventions.models import Cell
from jalons.core.forms import JalonsForm, SubmissionKeyField, VersionField
from jalons.core.number_fields import FrenchNumberField
from jalons.core.values import DurationUnit, exact, format_number, french_spaces, parse_partial_date

KINDS = (
    ("number", "Un nombre"),
    ("percent", "Un pourcentage"),
    ("duration", "Une durée"),
    ("amount", "Un montant en euros"),
    ("composite", "Plusieurs nombres"),
    ("text", "Un texte, sans nombre"),
    ("nd", "ND : la donnée n’existe pas (encore)"),
    ("not_applicable", "Sans objet"),
    ("dash", "Un tiret"),
    ("empty", "Non renseigné"),
)
MAINS = (
    ("", "Sans objet"),
    ("explicit", "Il est écrit, sans doute possible"),
    ("inferred", "Il est déduit"),
    ("doubtful", "Il est douteux : à confirmer"),
    ("none", "Il n’y en a pas"),
)
RELATIONS = (
    "dont",
    "ventilation",
    "cohorte",
    "dénominateur",
    "numérateur",
    "taux",
    "autre mesure",
    "plus",
    "en cours",
)
UNDERSTOOD = ("kind", "number", "main", "unit", "qualifier")
DATES = ("as_of", "period_start", "period_end")
MOST_PARTS = 40
SPARE = 2
SIGNS = {"nd": "ND", "not_applicable": "/", "dash": "–", "empty": ""}


class IsoDate(forms.CharField):
    """A day or a month as the file format writes it; typed in any French form."""

    def __init__(self, **kwargs: Any) -> None:
        help_text = "par exemple 31/05/2022, ou mai 2022"
        super().__init__(**{"required": False, "max_length": 60, "help_text": help_text, **kwargs})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        read = parse_partial_date(text)
        if read is None or read.start is None or read.end is None:
            raise forms.ValidationError(
                french_spaces("Cette date n’est pas comprise : écrivez par exemple 31/05/2022, ou mai 2022.")
            )
        return read.end.isoformat() if read.start == read.end else f"{read.end:%Y-%m}"


class CellForm(JalonsForm):
    """`version`: what stands now, which the form is opened on. `correcting`: a reason is asked."""

    submission_key = SubmissionKeyField()
    seen = VersionField()
    raw = FreeText(
        label="Ce qui est écrit",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST,
        help_text=french_spaces("Tel qu’imprimé : « 9 781 dont 7 782 hors PE », « ND », « / »…"),
    )
    kind = forms.ChoiceField(label="C’est", choices=KINDS)
    number = FrenchNumberField(label="Nombre principal", required=False, decimals=DECIMALS)
    main = forms.ChoiceField(
        label="D’où vient le nombre principal",
        choices=[(c, french_spaces(w)) for c, w in MAINS],
        required=False,
    )
    unit = forms.CharField(label="Unité", max_length=30, required=False)
    qualifier = forms.CharField(
        label="Ce qui est compté",
        max_length=300,
        required=False,
        help_text=french_spaces(
            "« formés », « familles » : ce qui ne compte pas la même chose ne se compare pas."
        ),
    )
    as_of = IsoDate(label="Arrêté au")
    period_start = IsoDate(label="Période du")
    period_end = IsoDate(label="au")
    source = forms.CharField(label="Source", max_length=300, required=False)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(
        label=french_spaces("Pourquoi cette correction ?"),
        max_length=300,
        required=False,
        help_text=french_spaces("Ce qui était enregistré reste lisible, avec votre motif."),
    )

    def __init__(self, *args: Any, version: Cell | None, expected: Any, settled: bool, **kwargs: Any) -> None:
        kwargs["initial"] = initial_of(version) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.version, self.expected = version, expected
        self.fields["reason"].required = settled
        if version is None:
            del self.fields["reason"]
        self.parts = part_forms(self.data if self.is_bound else None, version)
        self.reading: CellReading | None = None

    @property
    def asks_why(self) -> bool:
        return "reason" in self.fields

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wrong = [part for part in self.parts if not part.is_valid()]
        if wrong and self.is_bound:
            raise forms.ValidationError(french_spaces("Une des parties est à corriger : voyez plus bas."))
        if not self.errors:
            # A field that is found wrong leaves `cleaned_data`.
            self.reading = self.read(dict(cleaned))
        return cleaned

    @property
    def tells_itself(self) -> bool:
        """Did the person say what is understood, instead of leaving it to the reading of what is written?"""
        if "raw" not in self.changed_data:
            return True
        return bool({*UNDERSTOOD} & {*self.changed_data}) or any(part.has_changed() for part in self.parts)

    def read(self, values: Mapping[str, Any]) -> CellReading | None:
        """None when `raw` alone says it."""
        if not self.tells_itself:
            read = read_typed(values["raw"], self.expected)
            if read.refused:
                self.add_error("raw", read.refused)
            return read
        raw, changed = values["raw"].strip(), {*self.changed_data}
        if self.version is not None and "raw" not in changed:
            raw = self.version.raw
        elif refused := read_typed(raw, self.expected).refused:
            self.add_error("raw", refused)
        kind, number, main = values["kind"], values["number"], values["main"]
        self.check_number(kind, number, values)
        if kind in BLANKS:
            return CellReading(raw or (SIGNS[kind] if "kind" in changed else ""), kind)
        parts = [part.to_json() for part in self.parts if part.is_told]
        if parts and kind in ("number", "text"):
            kind = "composite"
        number_words = format_number(number) if number is not None else ""
        if kind == "composite":
            if not main and changed & {"kind", "number", "main"}:
                main = "explicit" if number is not None else "none"
            words = raw or " ".join(
                filter(None, (number_words, *(str(part["label"] or "") for part in parts)))
            )
            return CellReading(words, kind, number, values["unit"], values["qualifier"], main, parts)
        unit = values["unit"] or ("%" if kind == "percent" and "kind" in changed else "")
        words = raw or " ".join(filter(None, (number_words, unit, values["qualifier"])))
        return CellReading(words, kind, None if kind == "text" else number, unit, values["qualifier"], main)

    def check_number(self, kind: str, number: Any, values: Mapping[str, Any]) -> None:
        if kind in ("number", "percent", "duration", "amount") and number is None:
            self.add_error("number", "Écrivez ce nombre, ou dites que ce n’en est pas un.")
        if kind in BLANKS and number is not None:
            self.add_error(
                "number", french_spaces("Un nombre est écrit : dites que c’en est un, ou videz-le.")
            )
        if number is not None and Decimal(number).adjusted() >= 14:
            self.add_error("number", french_spaces("Ce nombre a trop de chiffres : vérifiez-le."))
        if kind == "duration" and values["unit"] not in tuple(DurationUnit):
            self.add_error(
                "unit", french_spaces(f"Écrivez l’unité de cette durée : {', '.join(DurationUnit)}.")
            )
        if kind == "text" and not values["raw"].strip():
            self.add_error("raw", "Écrivez ce texte.")
        if kind == "composite" and number is None and values["main"] in ("explicit", "inferred", "doubtful"):
            self.add_error(
                "number", french_spaces("Écrivez le nombre principal, ou dites qu’il n’y en a pas.")
            )

    def reopened_on(self, current: Cell | None, **more: str) -> None:
        """What was typed stays; what was not touched says what stands now. The next sending is a new one."""
        touched_parts = any(part.has_changed() for part in self.parts)
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name, value in initial_of(current).items():
            if name not in self.changed_data:
                data[name] = as_typed(value)
        if not touched_parts:
            for part in part_forms(None, current):
                for name, value in {"label": "", "number": "", "relation": "", **part.initial}.items():
                    data[part.add_prefix(name)] = value
            self.parts = part_forms(data, current)
        data["seen"] = str(current.pk) if current else ""
        for name, value in more.items():
            data[name] = value
        self.data = data

    def dates(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in DATES}


def as_typed(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else format_number(value)


def initial_of(version: Cell | None) -> dict[str, Any]:
    if version is None:
        return {"kind": "empty"}
    return {
        "seen": version.pk,
        "raw": text_of(version),
        "kind": version.kind or "empty",
        "number": version.figure,
        "main": version.main,
        "unit": version.unit,
        "qualifier": version.qualifier,
        "source": version.source,
        "note": version.note,
        **{name: version.kept.get(name) or "" for name in DATES},
    }


class PartForm(JalonsForm):
    """One of the things that a composite says. `before`: the part as it stands, whose other keys are kept."""

    label = forms.CharField(label="Ce que c’est", max_length=300, required=False)
    number = forms.CharField(
        label="Nombre", max_length=60, required=False, help_text=french_spaces("ou « ND », « / »…")
    )
    relation = forms.ChoiceField(label="Lien avec le tout", required=False)
    gone = forms.BooleanField(label="Ôter", required=False)

    def __init__(self, *args: Any, before: Mapping[str, Any] | None, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before, self.rank = before, number
        known = (before or {}).get("relation") or ""
        names = [*RELATIONS, *([known] if known and known not in RELATIONS else [])]
        self.fields["relation"].choices = [("", "non dit"), *((name, name) for name in names)]  # type: ignore[attr-defined]
        if before is None:
            del self.fields["gone"]

    @property
    def may_go(self) -> bool:
        return "gone" in self.fields

    def clean_number(self) -> str:
        text: str = self.cleaned_data["number"]
        read = read_typed(text)
        if read.refused or (read.number is None and read.kind not in BLANKS):
            raise forms.ValidationError(
                french_spaces(read.refused or "Écrivez un nombre, « ND », « / », « – », ou rien.")
            )
        return text

    @property
    def is_told(self) -> bool:
        cleaned = self.cleaned_data
        return not cleaned.get("gone") and bool(cleaned.get("label") or cleaned.get("number") or self.before)

    def to_json(self) -> dict[str, Any]:
        """The part in the exchange format."""
        if self.before is not None and not self.has_changed():
            return dict(self.before)
        values, read = self.cleaned_data, read_typed(self.cleaned_data["number"])
        number = float(read.number) if isinstance(read.number, Decimal) else read.number
        part = {
            "label": values["label"] or None,
            "number": number,
            "relation": values["relation"],
            "kind": read.kind,
        }
        if self.before is None:
            part["raw"] = " ".join(filter(None, (values["number"], values["label"])))
        return {**(self.before or {}), **part}


def part_forms(data: Any, version: Cell | None) -> Sequence[PartForm]:
    known = list(version.parts) if version is not None else []
    count = min(len(known) + SPARE, max(MOST_PARTS, len(known)))
    part_forms = []
    for index in range(count):
        before = known[index] if index < len(known) else None
        initial = {} if before is None else part_initial(before)
        part_forms.append(
            PartForm(data, prefix=f"partie-{index}", before=before, number=index + 1, initial=initial)
        )
    return part_forms


def part_initial(part: Mapping[str, Any]) -> dict[str, Any]:
    number, kind = part.get("number"), part.get("kind") or "number"
    words = SIGNS.get(kind, "")
    if number is not None:
        words = format_number(exact(number))
    return {"label": part.get("label") or "", "number": words, "relation": part.get("relation") or ""}
