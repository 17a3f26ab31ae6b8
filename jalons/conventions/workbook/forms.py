"""Giving a workbook back, and agreeing to what it changes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings

from jalons.conventions.workbook.verdicts import Judged
from jalons.core.forms import JalonsForm, SubmissionKeyField, dress
from jalons.core.values import french_spaces
from jalons.documents.checks import size_in_words, too_large
from jalons.documents.forms import UploadField
from jalons.spreadsheets.signed import LONGEST

MINE, THEIRS = "classeur", "jalons"


class UploadForm(JalonsForm):
    """`dropped`: the file was too large and did not arrive (`uploads.dropped_files`)."""

    file = UploadField(label="Classeur rempli")

    def __init__(self, *args: Any, dropped: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dropped = dropped
        field = self.fields["file"]
        field.help_text = f"XLSX ou ODS. {size_in_words(settings.DOCUMENT_MAX_BYTES)} au plus."
        field.error_messages["required"] = "Choisissez le classeur rempli."
        field.widget.attrs["accept"] = ".xlsx,.ods"

    def clean(self) -> dict[str, Any]:
        if self.dropped:
            self.errors.pop("file", None)
            self.add_error("file", too_large())
        return self.cleaned_data


class ConfirmWorkbookForm(JalonsForm):
    """What the workbook changes (`carried`), a choice for each cell that somebody else changed meanwhile, and a box to
    tick for each that would be erased.
    """

    carried = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST)
    submission_key = SubmissionKeyField()

    def __init__(
        self,
        *args: Any,
        conflicts: Sequence[Judged] = (),
        erased: Sequence[Judged] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.erased = {f"efface-{judged.choice}": judged for judged in erased}
        for name, judged in self.erased.items():
            words = f"Effacer « {judged.before} » : {judged.where}, {judged.label}, {judged.column}"
            self.fields[name] = forms.BooleanField(label=french_spaces(words), required=False)
            dress(self.fields[name])
        self.conflicts = {f"choix-{judged.choice}": judged for judged in conflicts}
        for name, judged in self.conflicts.items():
            self.fields[name] = forms.ChoiceField(
                label=f"{judged.where}, {judged.label}, {judged.column}",
                choices=[
                    (THEIRS, french_spaces(f"Garder « {judged.before} », ce qui est dans Jalons")),
                    (MINE, french_spaces(f"Écrire « {judged.after} », ce que dit le classeur")),
                ],
                widget=forms.RadioSelect,
                error_messages={"required": "Choisissez laquelle des deux valeurs garder."},
            )
            self.fields[name].widget.template_name = "components/choices.html"

    def chosen(self) -> list[Judged]:
        """The conflicts where the workbook wins, and what somebody agrees to erase."""
        mine = [judged for name, judged in self.conflicts.items() if self.cleaned_data.get(name) == MINE]
        return mine + [judged for name, judged in self.erased.items() if self.cleaned_data.get(name)]

    def erased_fields(self) -> list[Any]:
        return [self[name] for name in self.erased]

    def conflict_fields(self) -> list[Any]:
        return [self[name] for name in self.conflicts]
