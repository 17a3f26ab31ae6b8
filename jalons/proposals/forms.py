"""Proposing in a minute, and answering."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from jalons.actions.enums import ActionTheme
from jalons.core.form_fields import PlainSelect
from jalons.core.forms import CodesField, FilterForm, FrenchDateField, SubmissionKeyField, VersionField
from jalons.editing.fact_forms import one_of
from jalons.editing.forms import FrenchForm
from jalons.proposals.enums import ProposalKind, ProposalState
from jalons.proposals.models import LONGEST_ANSWER, LONGEST_WHY
from jalons.proposals.selectors import Recipients

FURTHEST = dt.timedelta(days=3 * 366)


class ProposalForm(FrenchForm):
    """What, to whom, for when, why. The sites are chosen beside (`actions.forms.describe.SitesForm`)."""

    submission_key = SubmissionKeyField()
    kind = one_of(ProposalKind, "Que proposez-vous ?", initial=ProposalKind.ACTION)
    pilot = forms.ChoiceField(
        label="À qui l’adresser ?",
        help_text="Ceux qui ont un compte, lisent ces sites et peuvent répondre. Ils reçoivent un courriel.",
    )
    wanted_on = FrenchDateField(
        label="Pour quand ?",
        required=False,
        not_before=lambda today: today,
        not_after=lambda today: today + FURTHEST,
        help_text="Facultatif. jj/mm/aaaa, par exemple 31/12/2030.",
    )
    why = forms.CharField(
        label="Pourquoi ?",
        max_length=LONGEST_WHY,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Rempli de ce que Jalons sait du site : corrigez, complétez. Sans nom de personne.",
    )
    themes = CodesField(
        label="Champs d’intervention",
        choices=ActionTheme.choices,
        help_text="Pour un dispositif, si vous les connaissez déjà.",
    )

    def __init__(self, *args: Any, recipients: Recipients, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recipients = recipients
        choices = recipients.choices
        if recipients.first is None:
            choices = [("", "Choisir"), *choices]
        self.fields["pilot"].choices = choices  # type: ignore[attr-defined]

    def described(self) -> dict[str, Any]:
        """What the service takes beside the sites. Needs `is_valid`."""
        names = ("kind", "wanted_on", "why", "themes")
        values = {name: self.cleaned_data[name] for name in names}
        return {**values, "pilot": self.recipients.by_key[self.cleaned_data["pilot"]]}


class ProposalAnswerForm(FrenchForm):
    """The version that the person saw goes round in `seen`: another answer given meanwhile is read first."""

    submission_key = SubmissionKeyField()
    seen = VersionField()


class ProposalRefusalForm(ProposalAnswerForm):
    answer = forms.CharField(
        label="Pourquoi ?",
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="La personne qui propose le lira : ce qui manque, vers qui se tourner, quand reproposer.",
    )


class AgreementForm(ProposalAnswerForm):
    answer = forms.CharField(
        label="Un mot pour la suite",
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Facultatif : avec qui, à partir de quand, ce qu’il faut pour commencer.",
    )


class TakeBackForm(ProposalAnswerForm):
    answer = forms.CharField(
        label="Pourquoi la retirer ?",
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="La structure à qui elle est adressée le lira.",
    )


class ProposalFilterForm(FilterForm):
    MAIN = "etat departement"

    etat = forms.ChoiceField(label="État", choices=[("", "Tous"), *ProposalState.choices])
    departement = forms.ChoiceField(label="Département", choices=(), widget=PlainSelect)

    def __init__(self, *args: Any, departements: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Sequence[tuple[str, str]] = [("", "Tous"), *departements.items()]
        self.fields["departement"].choices = choices  # type: ignore[attr-defined]
