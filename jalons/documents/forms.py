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
from jalons.documents.enums import DocumentCategory, DocumentType
from jalons.documents.services import NO_REASON

AGAIN = "Choisissez de nouveau le fichier\u00a0: le navigateur ne le garde pas."


class UploadField(forms.FileField):
    """The value is an `Upload`: a file whose content was checked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": None, "allow_empty_file": True, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        return check_upload(file, name=file.name) if file else None


class SeveralFiles(forms.ClearableFileInput):
    """Several may be chosen or dropped at once, which a browser does by itself."""

    allow_multiple_selected = True


class UploadsField(UploadField):
    """The value is a list of `Upload`: those that are good. What the others are refused for is in `refusals`.

    With none that is good, the field is in error, as it is for a single file.
    """

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        self.refusals: list[str] = []
        files = data if isinstance(data, list) and data else [data or None]
        good, errors = [], []
        for file in files:
            try:
                good.append(super().clean(file, initial))
            except ValidationError as error:
                errors.append(error)
                self.refusals += [
                    f"«\u00a0{getattr(file, 'name', '')}\u00a0»\u00a0: {message}"
                    for message in error.messages
                ]
        if good:
            return good
        if len(errors) == 1:
            raise errors[0]
        raise ValidationError(self.refusals, code="refused")


class AttachForm(JalonsForm):
    """`dropped`: the file was too large and did not arrive (`uploads.dropped_files`).

    `sensitive`: the kind of thing, when the person may write what is sensitive there.
    """

    file = UploadsField(label="Fichiers")
    category = forms.ChoiceField(
        label="Qu’est-ce que c’est ?",
        choices=DocumentCategory,
        required=False,
        initial=DocumentCategory.OTHER,
    )
    title = forms.CharField(
        label="Titre",
        max_length=200,
        required=False,
        help_text="Sans titre, ou pour plusieurs fichiers, le nom du fichier est employé.",
    )
    note = forms.CharField(label="Précision", max_length=500, required=False)
    sensitive = forms.BooleanField(required=False)
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, sensitive: Subject | None, dropped: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dropped = dropped
        field = self.fields["file"]
        most = size_in_words(settings.DOCUMENT_MAX_BYTES)
        field.help_text = f"Un ou plusieurs. {accepted_words()}. {most} au plus, tous ensemble."
        field.error_messages["required"] = "Choisissez le fichier à joindre."
        field.widget.attrs["accept"] = ",".join(extensions())
        if sensitive is None:
            del self.fields["sensitive"]
        else:
            checkbox, reads = self.fields["sensitive"], sensitive.read_sensitive.label.lower()
            checkbox.label = f"C’est {sensitive.sensitive_words}"
            checkbox.help_text = f"Seules les personnes qui peuvent {reads} la verront."

    def clean(self) -> dict[str, Any]:
        if self.dropped:
            # Said instead of « choisissez le fichier »: it was chosen, and it is too large.
            self.errors.pop("file", None)
            self.add_error("file", too_large())
        elif self.errors and "file" not in self.errors:
            self.add_error("file", ValidationError(AGAIN, code="again"))
        return self.cleaned_data

    @property
    def uploads(self) -> list[Upload]:
        return self.cleaned_data["file"]

    @property
    def refusals(self) -> list[str]:
        """Files that stay out while the others are attached, and why."""
        field: Any = self.fields["file"]
        return list(field.refusals)

    def values_to_save(self) -> dict[str, Any]:
        """What is said of each of the files. A title is that of one file."""
        values = {name: self.cleaned_data.get(name) for name in ("title", "note", "sensitive", "category")}
        return {
            "title": values["title"] or "" if len(self.uploads) == 1 else "",
            "note": values["note"] or "",
            "sensitive": bool(values["sensitive"]),
            "category": values["category"] or DocumentCategory.OTHER,
        }


class ReplaceForm(JalonsForm):
    file = UploadField(label="Nouvelle version")
    note = forms.CharField(
        label="Ce qui change", max_length=500, required=False, help_text="Montré à côté du document."
    )
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, dropped: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dropped = dropped
        field = self.fields["file"]
        field.help_text = f"{accepted_words()}. {size_in_words(settings.DOCUMENT_MAX_BYTES)} au plus."
        field.error_messages["required"] = "Choisissez la nouvelle version."
        field.widget.attrs["accept"] = ",".join(extensions())

    def clean(self) -> dict[str, Any]:
        if self.dropped:
            self.errors.pop("file", None)
            self.add_error("file", too_large())
        elif self.errors and "file" not in self.errors:
            self.add_error("file", ValidationError(AGAIN, code="again"))
        return self.cleaned_data


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
