"""The money of a fiche: its lines with one field a funder, and what it is divided into."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jalons.conventions.dossier.content import TOTAL, BudgetRow
from jalons.conventions.dossier.dropping import depth_of
from jalons.conventions.enums import Stage
from jalons.conventions.models import BudgetAmount
from jalons.conventions.money.budget.services import AmountTold, LineTold, PartTold
from jalons.core.forms import VersionField
from jalons.core.ui import THEIRS, Difference, choice_name
from jalons.core.values import ParseError, fold, format_euros, missing_from_text, parse_amount
from jalons.editing.block_forms import BlockForms, BlockMain, BlockRow, line, plain, year_field
from jalons.history.conflicts import signature

PART = re.compile(r"(?:part_[a-z0-9_]{1,50}|total)")
MOST_PARTS = 12
LARGEST = Decimal(10) ** 12
REASON_HELP = "Facultatif. L’ancien montant reste lisible, avec votre motif."


def part_key(words: str) -> str:
    """« Région Hauts-de-France » as `part_region_hauts_de_france`."""
    name = re.sub(r"[^a-z0-9]+", "_", fold(words)).strip("_").removeprefix("part_")
    return f"part_{name[:50].strip('_')}" if name else ""


def amount_text(amount: BudgetAmount | None) -> str:
    if amount is None:
        return ""
    return amount.raw or ("-" if amount.euros is None else spaced(format_euros(amount.euros)))


def spaced(words: str) -> str:
    """With the spaces of a keyboard."""
    return words.replace("\u202f", " ").replace("\u00a0", " ")


class EurosField(forms.CharField):
    """An amount as `(raw, amount)`: « 13 197 804 € », « 12,50 »; « - » and « ND » have no amount. None when empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 60, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"class": "form-control j-tiny f-euros", "autocomplete": "off"}

    def clean(self, value: Any) -> tuple[str, Decimal | None] | None:
        text = super().clean(value)
        missing = missing_from_text(text)
        if missing and not text:
            return None
        if missing:
            return text, None
        try:
            euros = Decimal(parse_amount(text))
        except ParseError as error:
            raise ValidationError(str(error), code="invalid") from error
        if not 0 <= euros < LARGEST:
            raise ValidationError("Ce montant est négatif ou démesuré. Vérifiez-le.", code="large")
        return spaced(format_euros(euros)), euros


# --- lines -----------------------------------------------------------------------------------------------------


class BudgetMain(BlockMain):
    """`parts`: the funders that the page shows, so that a new one comes back with the form."""

    parts = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
    funder = line("Ajouter un financeur", 60, "Son nom : une colonne de plus, par exemple « Région ».")
    reason = line("Pourquoi ce changement ?", 300, REASON_HELP)

    def initial_of(self, record: Any) -> dict[str, Any]:
        return {}


class LineForm(BlockRow):
    columns = ("label", "year", "nature", "sheet_number", "notes")

    label = line("Intitulé", 300)
    year = year_field()
    nature = line("Nature", 80)
    sheet_number = line("N° de fiche", 20)
    notes = forms.CharField(
        label="Notes", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, parts: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = [part for part, _ in parts]
        self.stands: dict[str, BudgetAmount] = {}
        self.kept_amounts: dict[str, str] = {}
        for part, words in parts:
            self.add_field(f"m_{part}", EurosField(label=words))
            self.add_field(f"seen_{part}", VersionField())

    def initial_of(self, record: Any) -> dict[str, Any]:
        if record is None:
            return {}
        values = {name: getattr(record, name) for name in ("label", "year", "nature", "notes")}
        return {**values, "sheet_number": record.number}

    @property
    def is_blank(self) -> bool:
        return super().is_blank and not any(plain(self[f"m_{part}"].value()) for part in self.parts)

    def amount_fields(self) -> list[Any]:
        return [self[f"m_{part}"] for part in self.parts]

    def hidden_amounts(self) -> list[Any]:
        return [self[f"seen_{part}"] for part in self.parts]

    def settle_amounts(self, stands: Mapping[str, BudgetAmount], seen: Mapping[int, BudgetAmount]) -> None:
        """`stands`: the amounts of the line now, by part; `seen`: those that were under the eyes, by primary key."""
        self.stands = dict(stands)
        if self.is_removed:
            return
        for part in self.parts:
            name, now = f"m_{part}", stands.get(part)
            known = self.cleaned_data.get(f"seen_{part}")
            theirs, mine = amount_text(now), plain(self[name].value())
            if self.data.get(choice_name(self.add_prefix(name))) == THEIRS:
                self.kept_amounts[name] = theirs
            elif known != (now.pk if now else None) and plain(theirs) != mine:
                before = amount_text(seen.get(known or 0))
                if mine == plain(before):
                    self.kept_amounts[name] = theirs
                else:
                    label = f"{self.place_words}{self.fields[name].label}"
                    who = signature(now) if now else {}
                    self.conflicts.append(
                        Difference(self.add_prefix(name), label, before, theirs, mine, **who)
                    )

    def amounts(self) -> list[AmountTold]:
        """Only those whose words changed."""
        amounts = []
        for part in self.parts:
            name, now = f"m_{part}", self.stands.get(part)
            if name in self.kept_amounts or plain(self[name].value()) == plain(amount_text(now)):
                continue
            raw, euros = self.cleaned_data.get(name) or ("", None)
            amounts.append(AmountTold(part, raw, euros, now))
        return amounts

    def renewed(self) -> dict[str, str]:
        renewed_data = super().renewed()
        renewed_data |= {self.add_prefix(name): words for name, words in self.kept_amounts.items()}
        for part in self.parts:
            now = self.stands.get(part)
            renewed_data[self.add_prefix(f"seen_{part}")] = str(now.pk) if now else ""
        return renewed_data

    def told_line(self) -> LineTold:
        if self.is_removed:
            return LineTold(self.record, {}, removed=True)
        values = self.values_to_save()
        if "sheet_number" in values:
            values["number"] = values.pop("sheet_number")
        return LineTold(self.record, values, self.amounts())


class BudgetBlock(BlockForms):
    """`budget`: the lines with their amounts; `parts`: key and words of each column, the total first."""

    main_class, row_class = BudgetMain, LineForm

    def __init__(
        self,
        data: Any,
        *,
        record: Any,
        budget: Sequence[BudgetRow],
        parts: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:
        self.budget = {row.line.pk: row for row in budget}
        options["row"] = {"parts": parts}
        super().__init__(data, record=record, records=[row.line for row in budget], **options)
        self.main.initial["parts"] = ",".join(part for part, _ in parts)
        if data is None:
            self.fill_amounts()
        elif part_key(data.get("funder") or ""):
            self.main.initial["funder"] = ""  # its column is there now

    def fill_amounts(self) -> None:
        if self.rows is None:
            return
        for form, row in zip(self.rows.forms, self.budget.values(), strict=False):
            for part in form.parts:
                amount = row.amounts.get((part, Stage.PLANNED))
                form.initial[f"m_{part}"] = amount_text(amount)
                form.initial[f"seen_{part}"] = amount.pk if amount else None

    def settle(self) -> None:
        super().settle()
        keys = {row.cleaned_data.get(f"seen_{part}") for row in self.filled for part in row.parts} - {None}
        pks = [pk for pk in keys if isinstance(pk, int) and 0 < pk < 2**63]
        seen = BudgetAmount.objects.filter(line__commitment=self.record).in_bulk(pks)
        for row in self.filled:
            budget = self.budget.get(row.record.pk) if row.record is not None else None
            stands = {part: budget.amounts.get((part, Stage.PLANNED)) for part in row.parts} if budget else {}
            row.settle_amounts({part: amount for part, amount in stands.items() if amount is not None}, seen)

    def lines(self) -> list[LineTold]:
        return [row.told_line() for row in self.filled]


def asked_parts(data: Any, known: Sequence[str]) -> list[str]:
    """The columns of the form: those of the fiche, those it came back with, and the funder just named."""
    typed_parts = (
        [part for part in str(data.get("parts") or "").split(",") if PART.fullmatch(part)] if data else []
    )
    new = part_key(str(data.get("funder") or "")) if data else ""
    parts = [part for part in dict.fromkeys([*known, *typed_parts, *([new] if new else [])]) if part != TOTAL]
    return parts[:MOST_PARTS]


# --- sub-budgets -----------------------------------------------------------------------------------------------

LEVELS = (
    ("0", "Montant de la fiche"),
    ("1", "dont"),
    ("2", "dont (deuxième niveau)"),
    ("3", "dont (troisième niveau)"),
)


class BudgetPartForm(BlockRow):
    columns = ("label", "amount", "sub_action_key")

    label = forms.CharField(
        label="Intitulé", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    level = forms.ChoiceField(label="Place", choices=LEVELS, required=False)
    amount = EurosField(label="Montant")
    sub_action_key = forms.ChoiceField(label="Action", required=False)

    def __init__(self, *args: Any, actions: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["sub_action_key"]
        choices.choices = [("", "Aucune en particulier"), *actions]
        self.known_keys = {key for key, _ in actions}

    def initial_of(self, record: Any) -> dict[str, Any]:
        if record is None:
            return {}
        words = record.raw if record.amount is None else spaced(format_euros(record.amount))
        key = record.sub_action_key
        initial = {
            "label": record.label,
            "amount": words,
            "sub_action_key": key if key in self.known_keys else "",
        }
        if hasattr(record, "parent_id") and not hasattr(record, "history_id"):
            initial["level"] = str(min(depth_of(record), 3))
        return initial

    def cells(self) -> list[Any]:
        return [self[name] for name in ("level", "label", "amount", "sub_action_key")]

    def told_part(self) -> PartTold:
        values = self.values_to_save()
        if "amount" in values:
            values["raw"], values["amount"] = values.pop("amount") or ("", None)
        return PartTold(self.record, int(self.cleaned_data.get("level") or 0), values, self.is_removed)


class PartsMain(BlockMain):
    def initial_of(self, record: Any) -> dict[str, Any]:
        return {}


class PartsBlock(BlockForms):
    main_class, row_class = PartsMain, BudgetPartForm

    def told_parts(self) -> list[PartTold]:
        return [row.told_part() for row in self.filled]
