"""The money and the team of a dispositif."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jalons.accounts.models import Organisation
from jalons.accounts.organisations import Directory, organisation_label
from jalons.actions.enums import FundingType
from jalons.actions.forms.common import OrganisationRow
from jalons.actions.funders import contradicts, own_type
from jalons.actions.models import FundingLine
from jalons.actions.services import Money
from jalons.core.forms import AmountField, SubmissionKeyField, VersionField
from jalons.core.ui import Difference
from jalons.core.values import Kind, Sum, Value, format_euros, format_percent, french_spaces, total
from jalons.editing.forms import FrenchForm, shown_again
from jalons.editing.rows import Bundle, Rows, row_differences, took_theirs

CHOOSE = ("", "Choisir")
BAD_YEAR = "Écrivez une année entre 2000 et 2100, par exemple 2027."


class YearForm(FrenchForm):
    # A year is no quantity: « 2 027 » is not how it is written.
    annee = forms.IntegerField(
        label="Année",
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"class": "form-control j-tiny", "inputmode": "numeric"}),
        error_messages={"invalid": BAD_YEAR, "min_value": BAD_YEAR, "max_value": BAD_YEAR},
    )


PAIR = {"kind", "organisation"}


def wrong_pair(kind: str, funder: Organisation, proposed: FundingType | None) -> str:
    next_step = (
        f"Vérifiez le type proposé maintenant, « {proposed.label} », ou changez le financeur."
        if proposed
        else "Choisissez le type qui convient, ou changez le financeur."
    )
    return french_spaces(f"« {FundingType(kind).label} » et « {funder} » ne vont pas ensemble. {next_step}")


class PlannedRow(OrganisationRow):
    """A line of funding while the dispositif is declared: what is planned."""

    required_organisation = False
    role_label = "Financeur"
    amounts: tuple[str, ...] = ("planned",)

    kind = forms.ChoiceField(label="Type", choices=[CHOOSE, *FundingType.choices], required=False)
    planned = AmountField(label="Montant prévu")
    note = forms.CharField(label="Précision", required=False, max_length=300)

    field_order: Sequence[str] = ("kind", "organisation", "planned", "note")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("kind") and "kind" in cleaned:
            self.add_error("kind", self.no_kind())
        self.check_pair()
        return cleaned

    def check_pair(self) -> None:
        """Type and funder must agree. A line kept as it was is not refused for it."""
        kind, funder = self.cleaned_data.get("kind"), self.cleaned_data.get("found")
        if not kind or not funder or not contradicts(kind, funder):
            return
        if not PAIR & set(self.changed_data):
            return
        proposed = own_type(funder)
        self.add_error("kind", wrong_pair(kind, funder, proposed))
        typed: Any = self.data
        data = typed.copy()
        data[self.add_prefix("kind")] = proposed or ""
        self.data = data

    def no_kind(self) -> str:
        return "Choisissez le type de financement, ou videz toute la ligne."

    def money(self, year: int, line: FundingLine | None = None) -> Money:
        cleaned = self.cleaned_data
        return Money(
            year=year,
            kind=cleaned["kind"],
            funder=cleaned["found"],
            note=cleaned["note"],
            amounts={name: cleaned[name] for name in self.amounts},
            line=line,
        )

    def amount(self, name: str) -> Value | None:
        """What can be read so far, whether the form is judged or not."""
        try:
            return self.fields[name].clean(self[name].value())
        except ValidationError:
            return None


class MoneyRow(PlannedRow):
    """A line of funding of a year. `seen`: the version under the eyes, for a line that is already there."""

    amounts = FundingLine.AMOUNTS

    seen = VersionField()
    committed = AmountField(label="Engagé")
    executed = AmountField(label="Exécuté")

    field_order = ("kind", "organisation", "planned", "committed", "executed", "note", "seen")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["planned"].label = "Prévu"
        self.line: FundingLine | None = None  # the current version, once `settle` found it
        self.version: FundingLine | None = None  # the version seen

    @property
    def is_kept(self) -> bool:
        """Is it about a line that is already there?"""
        return bool(self["seen"].value())

    def no_kind(self) -> str:
        if self.is_kept:
            return "Choisissez le type de financement. Pour ôter la ligne, employez «\u00a0Retirer cette ligne\u00a0»."
        return super().no_kind()

    def settle(self, versions: Mapping[int, FundingLine], current: Mapping[Any, FundingLine]) -> None:
        """Finds the line that it is about; what the person chose to take from someone else wins."""
        self.version = versions.get(self.cleaned_data.get("seen") or 0)
        self.line = current.get(self.version.lineage) if self.version else None
        if self.line is None:
            return
        theirs = line_initial(self.line)
        for column in ("kind", "note", *self.amounts):
            if took_theirs(self.data, str(self.prefix), column):
                self.cleaned_data[column] = theirs[column]
        if took_theirs(self.data, str(self.prefix), "funder"):
            self.cleaned_data["found"] = self.line.funder

    @property
    def is_stale(self) -> bool:
        return self.version is not None and (self.line is None or self.line.pk != self.version.pk)

    def differences(self) -> list[Difference]:
        if self.version is None or self.line is None:
            return []
        typed = self.money(self.line.year).columns()
        label = FundingType(self.line.kind).label
        return row_differences(str(self.prefix), label, self.version, self.line, typed)


def line_initial(line: FundingLine) -> dict[str, Any]:
    amounts = {name: line.value(name) for name in FundingLine.AMOUNTS}
    funder = organisation_label(line.funder) if line.funder else ""
    return {"kind": line.kind, "organisation": funder, "note": line.note, "seen": line.pk, **amounts}


class FundingMain(FrenchForm):
    submission_key = SubmissionKeyField()
    reason = forms.CharField(
        label="Pourquoi ce changement ?",
        required=False,
        max_length=300,
        help_text="Facultatif. L’ancien montant reste lisible, avec votre motif.",
    )


class FundingForms(Bundle):
    """Every line of one year. `lines`: the current ones, with their funder."""

    def __init__(
        self,
        data: Any,
        *,
        lines: Sequence[FundingLine],
        directory: Directory,
        judged: bool = True,
        adding: bool = False,
    ) -> None:
        self.main = FundingMain(data if judged else None)
        if data is not None and not judged:
            shown_again(self.main, data)
        self.rows = Rows(
            MoneyRow,
            "lignes",
            data,
            initial=[line_initial(line) for line in lines],
            spare=0 if lines else 2,
            judged=judged,
            adding=adding,
            directory=directory,
        )

    def parts(self) -> Sequence[Any]:
        return [self.main, self.rows]

    def seen(self) -> list[int]:
        return [row.cleaned_data["seen"] for row in self.rows.typed_rows() if row.cleaned_data.get("seen")]

    def money_of(self, year: int) -> list[Money]:
        return [row.money(year, row.line) for row in self.rows.typed_rows()]


@dataclass(frozen=True, slots=True)
class Totals:
    """What the lines add up to, in words: « 4 000 € » for each column, « 50 % » for each line."""

    columns: Sequence[tuple[str, str]]
    shares: Sequence[str]  # of the planned amounts; empty when there is none to tell


def totals_of(rows: Iterable[PlannedRow]) -> Totals:
    planned_rows = list(rows)
    amounts = planned_rows[0].amounts if planned_rows else ("planned",)
    sums = {name: summed([row.amount(name) for row in planned_rows]) for name in amounts}
    planned = sums["planned"]
    labels = {name: str(FundingLine._meta.get_field(name).verbose_name) for name in amounts}  # type: ignore[union-attr]
    columns = [(labels[name], whole.display(format_euros)) for name, whole in sums.items() if whole.is_known]
    return Totals(columns, [share(row.amount("planned"), planned) for row in planned_rows])


def summed(amounts: Iterable[Value | None]) -> Sum:
    """A cell left empty is not a missing amount here: the line may only tell another one."""
    values = [Value.text("illisible") if amount is None else amount for amount in amounts]
    return total(amount for amount in values if amount != Value.empty())


def share(amount: Value | None, whole: Sum) -> str:
    """« 50 % »; nothing while another amount is missing, since the whole is not known."""
    if amount is None or amount.kind is not Kind.AMOUNT or not whole.is_complete or not whole.total:
        return ""
    return format_percent(Decimal(amount.number or 0) * 100 / Decimal(whole.total), 0)


class ReporterForm(FrenchForm):
    """Whose team, when a pilot may tell that of several operators."""

    operateur = forms.ChoiceField(label="L’équipe de quel opérateur ?", required=False)

    def __init__(self, *args: Any, reporters: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(reporter.pk), reporter.name) for reporter in reporters]
        self.fields["operateur"].choices = choices  # type: ignore[attr-defined]
