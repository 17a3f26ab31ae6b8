"""Handing a family, and answering."""

from typing import Any

from django import forms

from jalons.core.form_fields import FrenchDateField
from jalons.core.forms import JalonsForm
from jalons.households.enums import HandingRefusal
from jalons.households.families.enums import InformationLanguage, InformationWay
from jalons.households.families.handed import HandingAgreement
from jalons.households.handing.services import HandingAsked
from jalons.households.sheets.forms import SealedForm, choice_field
from jalons.households.sheets.kinds import Choices

ANSWERS = [(why.value, why.label) for why in HandingRefusal if why != HandingRefusal.CLOSED]


class HandForm(SealedForm):
    """The agreement of the family is required: when it was given, in which language and how she was told."""

    def __init__(self, *args: Any, receivers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.receivers = receivers
        self.add_fields(
            {
                "receiver": forms.ChoiceField(
                    label="À quelle structure", choices=[("", "Choisissez une structure"), *receivers]
                ),
                "agreed_on": FrenchDateField(
                    label="Accord de la famille donné le",
                    required=True,
                    not_after=lambda today: today,
                    help_text="",
                ),
                "language": choice_field("En quelle langue", InformationLanguage.choices, required=True),
                "way": choice_field("Informée comment", InformationWay.choices, required=True),
                "notes": forms.BooleanField(label="Joindre aussi les visites et les notes", required=False),
            }
        )

    def asked(self, household_id: Any) -> HandingAsked:
        typed = self.cleaned_data
        agreement = HandingAgreement(typed["agreed_on"], typed["language"], typed["way"])
        return HandingAsked(household_id, typed["receiver"], agreement, typed["notes"])


class DeclineForm(JalonsForm):
    why = forms.ChoiceField(label="Pourquoi", choices=ANSWERS)
