"""What was committed and spent, all lines at once."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from jalons.conventions.models import BudgetAmount
from jalons.conventions.money.execution.selectors import AskedAmount, AskedLine, AskedSheet
from jalons.conventions.money.execution.services import Spent
from jalons.core.forms import AmountField, SubmissionKeyField, VersionField, dress
from jalons.core.ui import THEIRS, Difference, choice_name
from jalons.core.values import Value, french_spaces
from jalons.editing.forms import FrenchForm, reopen

SEEN = "vu-"


class ExecutionForm(FrenchForm):
    """An amount for each part of each line, at each stage asked; beside it the version that was under the eyes."""

    submission_key = SubmissionKeyField()
    reason = forms.CharField(
        label="Pourquoi cette correction ?",
        required=False,
        max_length=300,
        help_text="Demandé quand un montant déjà écrit change. L’ancien reste lisible, avec votre motif.",
    )

    def __init__(self, data: Any = None, *, sheets: Sequence[AskedSheet], **kwargs: Any) -> None:
        self.sheets = sheets
        self.asked: dict[str, AskedAmount] = {
            asked.name: asked for sheet in sheets for line in sheet.lines for asked in line.fields
        }
        initial: dict[str, Any] = {name: asked.value for name, asked in self.asked.items()}
        initial |= {f"{SEEN}{name}": asked.amount.pk for name, asked in self.asked.items() if asked.amount}
        super().__init__(data, initial=initial, **kwargs)
        for name, asked in self.asked.items():
            amount = AmountField(label=french_spaces(asked.label), required=False)
            seen = VersionField()
            dress(amount)
            dress(seen)
            self.fields[name], self.fields[f"{SEEN}{name}"] = amount, seen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, asked in self.asked.items():
            if self.data.get(choice_name(name)) == THEIRS:
                cleaned[name] = asked.value
                self.errors.pop(name, None)
        self.versions = self.versions_seen()
        corrected = [
            name for name in self.changed() if cleaned[name] != self.asked[name].value and self.seen(name)
        ]
        if corrected and not cleaned.get("reason"):
            self.add_error("reason", "Un montant déjà écrit change\u00a0: dites pourquoi.")
        return cleaned

    def versions_seen(self) -> dict[int, BudgetAmount]:
        """The amounts that were under the eyes, by primary key."""
        lines = {asked.row.line.pk for asked in self.asked.values()}
        pks = [pk for name in self.asked if 0 < (pk := self.cleaned_data.get(f"{SEEN}{name}") or 0) < 2**63]
        return BudgetAmount.objects.filter(line__in=lines).in_bulk(pks)

    def seen(self, name: str) -> BudgetAmount | None:
        return self.versions.get(self.cleaned_data.get(f"{SEEN}{name}") or 0)

    def changed(self) -> list[str]:
        """The fields in which this person typed something else than what was there."""
        names = []
        for name in self.asked:
            seen = self.seen(name)
            before = seen.value if seen else Value.empty()
            if name in self.cleaned_data and self.cleaned_data[name] != before:
                names.append(name)
        return names

    def amounts_to_save(self) -> list[Spent]:
        """What `set_execution` takes. Needs `is_valid`."""
        spent_amounts = []
        for name in self.changed():
            asked, seen = self.asked[name], self.seen(name)
            value = self.cleaned_data[name]
            spent_amounts.append(
                Spent(asked.row.line, asked.part, asked.stage, value, seen.pk if seen else None)
            )
        return spent_amounts

    def sheet_fields(self) -> Iterator[tuple[AskedSheet, list[tuple[AskedLine, list[tuple[Any, Any]]]]]]:
        """Sheet by sheet, line by line, the fields of each with their version."""
        for sheet in self.sheets:
            yield (
                sheet,
                [
                    (line, [(self[field.name], self[f"{SEEN}{field.name}"]) for field in line.fields])
                    for line in sheet.lines
                ],
            )

    def differences(self) -> list[Difference]:
        """Where somebody wrote meanwhile something else than what is typed here."""
        versions = BudgetAmount.objects.select_related("author", "organisation")
        current = versions.in_bulk([asked.amount.pk for asked in self.asked.values() if asked.amount])
        differences = []
        for name, asked in self.asked.items():
            seen = self.seen(name)
            stands = current.get(asked.amount.pk) if asked.amount else None
            mine = self.cleaned_data[name]
            if (seen.pk if seen else None) == (stands.pk if stands else None) or mine == asked.value:
                continue
            before = seen.value if seen else Value.empty()
            differences.append(
                Difference(
                    name,
                    str(self.fields[name].label),
                    str(before),
                    str(asked.value),
                    str(mine),
                    who=str(stands.author) if stands else "",
                    organisation=str(stands.organisation) if stands else "",
                    when=stands.recorded_at if stands else None,
                    keep_mine=mine != before,
                )
            )
        return differences

    def reopened(self) -> None:
        """What was typed stays; the next sending is a new one, over what stands now."""
        seen = {
            f"{SEEN}{name}": str(field.amount.pk) if field.amount else ""
            for name, field in self.asked.items()
        }
        reopen(self, **seen)
