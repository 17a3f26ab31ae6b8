"""The form of a team: jobs and full-time equivalents."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jalons.actions.enums import Job
from jalons.actions.forms.money import CHOOSE
from jalons.actions.models import StaffLine
from jalons.actions.services import Worker
from jalons.core.forms import AmountField, FrenchDateField, SubmissionKeyField, VersionField
from jalons.core.values import Number, fold, format_number
from jalons.editing.forms import FrenchForm, shown_again
from jalons.editing.rows import Bundle, RowForm, Rows
from jalons.sites.forms.common import today, today_at_most

OCCASIONAL = "ponctuel"


class TeamFteField(forms.CharField):
    """« 0,75 » as a Decimal, « ponctuel » as itself, or None."""

    def __init__(self, **kwargs: Any) -> None:
        self.number = AmountField(maximum=999)
        super().__init__(**{"required": False, "max_length": 60, "empty_value": None, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        keys = {"data-figure": "decimal", "data-words": OCCASIONAL}
        return {"class": "form-control j-tiny", "autocomplete": "off", **keys}

    def prepare_value(self, value: Any) -> Any:
        return format_number(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Number | str | None:
        text = super().clean(value)
        if not text:
            return None
        if fold(text) in ("ponctuel", "ponctuelle", "ponctuels", "ponctuelles"):
            return OCCASIONAL
        wrong = "Écrivez un nombre d’ETP, par exemple 0,75, ou «\u00a0ponctuel\u00a0»."
        try:
            read = self.number.clean(text)
        except ValidationError as error:
            raise ValidationError([wrong, *error.messages]) from error
        if read.number is None or "€" in text:
            raise ValidationError(wrong)
        return Decimal(read.number)


class WorkerRow(RowForm):
    job = forms.ChoiceField(label="Métier", choices=[CHOOSE, *Job.choices], required=False)
    fte = TeamFteField(label="ETP")
    job_note = forms.CharField(label="Précision", required=False, max_length=80)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("job") and "job" in cleaned:
            self.add_error("job", "Choisissez le métier, ou videz toute la ligne.")
        if cleaned.get("fte") is None and "fte" in cleaned:
            self.add_error("fte", "Écrivez un nombre d’ETP, par exemple 0,75, ou «\u00a0ponctuel\u00a0».")
        return cleaned

    def worker(self) -> Worker:
        cleaned = self.cleaned_data
        fte = None if cleaned["fte"] == OCCASIONAL else cleaned["fte"]
        return Worker(cleaned["job"], fte, cleaned["job_note"])


def worker_initial(line: StaffLine) -> dict[str, Any]:
    return {"job": line.job, "job_note": line.job_note, "fte": OCCASIONAL if line.fte is None else line.fte}


class TeamMain(FrenchForm):
    """`seen`: the last line of this operator that the person saw; 0 when there was none."""

    submission_key = SubmissionKeyField()
    seen = VersionField()
    on = FrenchDateField(label="L’équipe à quelle date ?", not_after=today_at_most, initial=today)


class TeamForms(Bundle):
    """The whole team of an operator on a date, prefilled with the last one."""

    def __init__(
        self,
        data: Any,
        *,
        last: Sequence[StaffLine],
        seen: int,
        judged: bool = True,
        adding: bool = False,
    ) -> None:
        self.main = TeamMain(data if judged else None, initial={"seen": seen})
        if data is not None and not judged:
            shown_again(self.main, data)
        initial = [worker_initial(line) for line in last]
        self.rows = Rows(
            WorkerRow, "equipe", data, initial=initial, spare=1 if last else 3, judged=judged, adding=adding
        )

    def parts(self) -> Sequence[Any]:
        return [self.main, self.rows]

    def team(self) -> list[Worker]:
        return [row.worker() for row in self.rows.typed_rows()]
