"""Attaching a file, and withdrawing it."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from jalons.accounts.subjects import Subject
from jalons.core.forms import JalonsForm, SubmissionKeyField
from jalons.documents.checks import (
    Upload,
    accepted_types,
    accepted_words,
    check_upload,
    size_in_words,
    too_large,
)
from jalons.documents.enums import DocumentType
from jalons.documents.services import NO_REASON

AGAIN = "Choisissez de nouveau le fichier\u00a0: le navigateur ne le garde pas."


class UploadField(forms.FileField):
    """The value is an `Upload`: a file whose content was checked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": None, "allow_empty_file": True, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        return check_upload(file, name=file.name) if file else None


class AttachForm(JalonsForm):
    """`dropped`: the file was too large and did not arrive (`uploads.dropped_files`).

    `sensitive`: the kind of thing, when the person may write what is sensitive there.
    """

    file = UploadField(label="Fichier")
    title = forms.CharField(
        label="Titre", max_length=200, required=False, help_text="Sans titre, le nom du fichier est employé."
    )
    note = forms.CharField(label="Précision", max_length=500, required=False)
    sensitive = forms.BooleanField(required=False)
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, sensitive: Subject | None, dropped: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dropped = dropped
        field = self.fields["file"]
        field.help_text = f"{accepted_words()}. {size_in_words(settings.DOCUMENT_MAX_BYTES)} au plus."
        field.error_messages["required"] = "Choisissez le fichier à joindre."
        field.widget.attrs["accept"] = ",".join(extensions())
        if sensitive is None:
            del self.fields["sensitive"]
        else:
            said, reads = self.fields["sensitive"], sensitive.read_sensitive.label.lower()
            said.label = f"C’est {sensitive.sensitive_words}"
            said.help_text = f"Seules les personnes qui peuvent {reads} la verront."

    def clean(self) -> dict[str, Any]:
        if self.dropped:
            # Said instead of « choisissez le fichier »: it was chosen, and it is too large.
            self.errors.pop("file", None)
            self.add_error("file", too_large())
        elif self.errors and "file" not in self.errors:
            self.add_error("file", ValidationError(AGAIN, code="again"))
        return self.cleaned_data

    @property
    def upload(self) -> Upload:
        return self.cleaned_data["file"]


def extensions() -> list[str]:
    """What the dialog of the browser proposes."""
    jpeg = [".jpeg"] if DocumentType.JPG in accepted_types() else []
    return [f".{kind.value}" for kind in accepted_types()] + jpeg


class WithdrawForm(JalonsForm):
    reason = forms.CharField(
        label="Pourquoi retirer ce document ?",
        max_length=300,
        help_text="Par exemple\u00a0: mauvais fichier, document remplacé, nom d’un habitant.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = NO_REASON
