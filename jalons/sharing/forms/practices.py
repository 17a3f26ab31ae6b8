"""The filters of the good practices, writing one, answering one."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.actions.enums import ActionTheme
from jalons.core import clock
from jalons.core.forms import CodesField, FilterForm, FrenchDateField, SubmissionKeyField, VersionField
from jalons.editing.forms import FrenchForm, Group
from jalons.editing.record_forms import RecordForm
from jalons.sharing.models import Practice
from jalons.sharing.models.practice import LONGEST_BODY
from jalons.sharing.selectors.practices import PracticeFilter

OLDEST = dt.date(2010, 1, 1)
BODY_HELP = (
    "Une ligne vide fait un paragraphe ; « ## Titre » un titre, « - » une liste, « **mot** » met en gras, "
    "« [mot](https://…) » fait un lien. Ni adresse de site, ni nom de personne."
)


class PracticeFilterForm(FilterForm):
    chip_names = {"q": "Recherche"}
    MAIN = "q theme"

    q = forms.CharField(label="Mots", max_length=120)
    theme = forms.ChoiceField(label="Champ d’intervention", choices=[("", "Tous"), *ActionTheme.choices])

    def asked(self) -> PracticeFilter:
        given = self.criteria()
        return PracticeFilter(q=given.get("q", ""), theme=given.get("theme", ""))


class PracticeForm(RecordForm):
    groups = (
        Group("", ("title", "summary", "themes", "body")),
        Group("", ("actions", "reviewed_on")),
    )

    title = forms.CharField(label="Titre", max_length=160)
    summary = forms.CharField(
        label="En une phrase", max_length=300, help_text="Ce que l’on y apprend : elle se lit dans la liste."
    )
    themes = CodesField(label="Champs d’intervention", choices=ActionTheme.choices)
    body = forms.CharField(
        label="Texte", max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 18}), help_text=BODY_HELP
    )
    actions = CodesField(
        label="Dispositifs qui la montrent à l’œuvre",
        help_text="Chacun n’est nommé qu’à qui peut le lire, ou s’il est montré dans l’annuaire.",
    )
    reviewed_on = FrenchDateField(
        label="Relue le",
        not_before=lambda today: OLDEST,
        not_after=lambda today: today,
        help_text="Après dix-huit mois, la page dit « à relire ».",
    )

    def __init__(
        self, data: Any = None, *, practice: Practice, choices: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        initial = self.initial_of(practice) | {"expected_version": practice.version}
        super().__init__(data, initial=initial, **kwargs)
        if choices:
            self.fields["actions"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["actions"]

    @staticmethod
    def initial_of(stored: Any) -> dict[str, Any]:
        return {
            "title": stored.title,
            "summary": stored.summary,
            "themes": list(stored.themes),
            "body": stored.body,
            "actions": list(stored.actions),
            "reviewed_on": stored.reviewed_on or clock.today(),
        }


class PracticeStepForm(FrenchForm):
    """One step in the life of a page. `seen`: the version that the person read."""

    submission_key = SubmissionKeyField()
    seen = VersionField()


class PracticeAnswerForm(PracticeStepForm):
    answer = forms.CharField(label="Pourquoi ?", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
