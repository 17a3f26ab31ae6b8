"""What is asked of a report, of its words and of its readers."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.accounts.models import User
from jalons.core.confined import UnreadFile
from jalons.core.form_fields import PlainSelect
from jalons.core.forms import CodesField, EmailField, SubmissionKeyField
from jalons.documents.checks import IMAGES, check_upload, too_large
from jalons.editing.fact_forms import ReasonForm, long_text, short_text
from jalons.editing.forms import FrenchForm, Group
from jalons.editing.record_forms import RecordForm
from jalons.editions.enums import ReportLanguage
from jalons.editions.models import LONGEST_COVER, LONGEST_WORDS, ReportText, described_options
from jalons.editions.periods import ReportPeriod, offered_periods
from jalons.editions.registry import ReportKind
from jalons.editions.services.logos import DrawnLogo, drawn_logo

AreaChoices = Sequence[tuple[str, Sequence[tuple[str, str]]]]
NOBODY = "Aucun compte ouvert n’a cette adresse : vérifiez-la dans l’annuaire."
YES, NO = "oui", "non"


class AskReportForm(FrenchForm):
    """Of which territory, of which period, with which parts. A territory adds a sentence, and nothing else."""

    territoire = forms.ChoiceField(label="Territoire", choices=())
    periode = forms.ChoiceField(label="Période", choices=(), widget=PlainSelect)
    langue = forms.ChoiceField(label="Langue", choices=())
    parties = CodesField(label="Parties du rapport")
    phrase = short_text(
        "Phrase de couverture",
        LONGEST_COVER,
        "Facultatif. Elle ouvre le rapport ; ne nommez aucun habitant.",
    )
    submission_key = SubmissionKeyField()

    def __init__(
        self,
        data: Any = None,
        *,
        kind: ReportKind,
        areas: AreaChoices,
        area: str,
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        self.kind = kind
        self.periods = {period.first.isoformat(): period for period in offered_periods(kind.rhythm, today)}
        chosen = list(self.periods)
        sections = [(section.key, section.title) for section in kind.sections if section.choosable]
        initial = {
            "territoire": area,
            # The last whole one, unless it goes on to its very end.
            "periode": chosen[0] if self.periods[chosen[0]].last == today else chosen[1],
            "langue": kind.languages[0],
            "parties": [key for key, _ in sections],
        }
        super().__init__(data, initial=initial, **kwargs)
        fields: Any = self.fields
        fields["territoire"].choices = areas
        fields["periode"].choices = [
            (key, period_words(period, today)) for key, period in self.periods.items()
        ]
        fields["parties"].choices = sections
        fields["langue"].choices = [(code, ReportLanguage(code).label) for code in kind.languages]
        if len(kind.languages) == 1:
            del self.fields["langue"]

    @property
    def period(self) -> ReportPeriod:
        return self.periods[self.cleaned_data["periode"]]

    @property
    def language(self) -> str:
        return str(self.cleaned_data.get("langue") or self.kind.languages[0])

    def options(self) -> dict[str, Any]:
        return described_options(list(self.cleaned_data["parties"]), self.cleaned_data["phrase"])


def period_words(period: ReportPeriod, today: dt.date) -> str:
    words = period.title[:1].upper() + period.title[1:]
    return f"{words} (en cours\u00a0: provisoire)" if period.last > today else words


class HalfYearForm(FrenchForm):
    """Bound to the address: of which territory, of which half-year one sees what is missing."""

    territoire = forms.ChoiceField(label="Territoire", choices=())
    semestre = forms.ChoiceField(label="Semestre", choices=(), widget=PlainSelect)

    def __init__(
        self, data: Any, *, areas: AreaChoices, periods: Sequence[ReportPeriod], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        fields: Any = self.fields
        fields["territoire"].choices = areas
        fields["semestre"].choices = [
            (period.first.isoformat(), period.title[:1].upper() + period.title[1:]) for period in periods
        ]


class ReopenForm(ReasonForm):
    """Why a half-year that was closed is opened again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        label = "Pourquoi rouvrir ce semestre ?"
        super().__init__(*args, label=label, help="Gardé dans l’historique de ce semestre.", **kwargs)


class LogoForm(FrenchForm):
    """A picture drawn again by Jalons before it is kept; the value is a `DrawnLogo`."""

    logo = forms.FileField(
        label="Image",
        allow_empty_file=True,
        help_text="PNG ou JPEG. Jalons la redessine, en petit, et ne garde rien d’autre du fichier.",
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
    )
    alt = forms.CharField(
        label="Ce qu’elle montre",
        max_length=150,
        help_text="Pour qui ne la voit pas : « Logo de la préfecture du Nord ».",
    )
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, dropped: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dropped = dropped

    def clean_logo(self) -> DrawnLogo:
        file = self.cleaned_data["logo"]
        upload = check_upload(file, name=file.name)
        if upload.kind not in IMAGES:
            raise forms.ValidationError("Ce fichier n’est pas une image PNG ou JPEG.", code="not_image")
        try:
            return drawn_logo(upload.file)
        except UnreadFile as error:
            raise forms.ValidationError(str(error), code=str(error.reason)) from error

    def clean(self) -> dict[str, Any]:
        if self.dropped:
            del self.errors["logo"]
            self.add_error("logo", too_large())
        return super().clean() or {}


class ReportTextForm(RecordForm):
    """What people write in a section. Saving it is also reading it again."""

    body = long_text("Votre texte", LONGEST_WORDS, "")
    groups = (Group("", ("body",)),)

    def __init__(self, data: Any = None, *, text: ReportText, title: str, **kwargs: Any) -> None:
        initial = self.initial_of(text) | {"expected_version": text.version}
        super().__init__(data, initial=initial, **kwargs)
        self.fields["body"].label = title
        self.fields["body"].required = False

    @staticmethod
    def initial_of(stored: Any) -> dict[str, Any]:
        return {"body": stored.body}


class ShareReportForm(FrenchForm):
    """Somebody who will read this edition, and nothing more."""

    email = EmailField(label="Adresse électronique", help_text="Celle de son compte Jalons.")
    may_write = forms.ChoiceField(
        label="Peut écrire les textes ?",
        choices=[(NO, "Non, lire seulement"), (YES, "Oui")],
        widget=forms.RadioSelect,
        initial=NO,
    )
    submission_key = SubmissionKeyField()

    def clean_email(self) -> User:
        typed = self.cleaned_data["email"]
        user = User.objects.filter(email__iexact=typed, is_active=True).first()
        if user is None:
            raise forms.ValidationError(NOBODY, code="nobody")
        return user
