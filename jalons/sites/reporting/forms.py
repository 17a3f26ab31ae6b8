"""« Signaler un site », and the answers to a report."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.core import clock
from jalons.core.form_fields import FrenchDateField, SubmissionKeyField
from jalons.core.forms import JalonsForm
from jalons.documents.checks import too_large
from jalons.documents.enums import DocumentType
from jalons.documents.forms import AGAIN, UploadField
from jalons.sites.forms.place import PlaceForm
from jalons.sites.reporting.models import ANSWER_LENGTH

PHOTOS = (DocumentType.JPG, DocumentType.PNG)
REPORTING = "signaler"


def today(user_today: Any) -> Any:
    return user_today


class ReportForm(PlaceForm):
    """Where, when, what, a photo. `dropped`: the photo was too large and did not arrive."""

    seen_on = FrenchDateField(label="Vu le", not_after=today, initial=clock.today)
    message = forms.CharField(
        label="Ce que vous avez vu",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Combien de personnes ou d’abris, depuis quand, un danger. N’écrivez pas le nom d’un habitant.",
    )
    photo = UploadField(
        label="Photo",
        required=False,
        help_text="JPEG ou PNG. Du lieu, sans visage reconnaissable. Seules les personnes qui répondent la verront.",
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png"}),
    )
    submission_key = SubmissionKeyField()

    def __init__(self, data: Any = None, *, user: Any, dropped: bool = False, **kwargs: Any) -> None:
        super().__init__(data, user=user, right=Right.READ_SITES, **kwargs)
        self.dropped = dropped
        for name in ("kind", "name"):
            del self.fields[name]
        url = reverse("sites:addresses")
        self.fields["address"].widget.attrs["data-combobox-url"] = f"{url}?pour={REPORTING}"
        self.fields["commune"].widget.attrs["data-combobox-url"] = f"{url}?communes=1&pour={REPORTING}"

    def clean_photo(self) -> Any:
        photo = self.cleaned_data["photo"]
        if photo and photo.kind not in PHOTOS:
            raise ValidationError("Ce n’est pas une photo. Choisissez un fichier JPEG ou PNG.")
        return photo

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.dropped:
            self.errors.pop("photo", None)
            self.add_error("photo", too_large())
        elif self.errors and cleaned.get("photo"):
            self.add_error("photo", ValidationError(AGAIN, code="again"))
        return cleaned

    def where(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name] for name in ("address", "address_detail", "latitude", "longitude")
        }


class RefuseReportForm(JalonsForm):
    answer = forms.CharField(
        label="Réponse à son auteur",
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Il la lira telle quelle, avec votre nom.",
    )


class MergeReportForm(JalonsForm):
    """The sites around, closest first, then those of the commune."""

    site = forms.ChoiceField(label="C’est ce site", choices=())

    def __init__(self, *args: Any, sites: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [("", "Choisissez"), *sites]  # type: ignore[attr-defined]
