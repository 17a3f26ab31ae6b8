"""Filtering the alerts, and saying why one stays."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.conventions.alerts.selectors import BY_CAUSE, BY_SCOPE, BY_SHEET, OPEN, STATES, WHOLE, AlertFilter
from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.core.form_fields import PlainSelect
from jalons.core.forms import Chip, FilterForm
from jalons.editing.fact_forms import FactForm
from jalons.editing.forms import Group

LONGEST_REASON = 500
FINGERPRINT = re.compile(r"[0-9a-f]{64}")
REASON_HELP = (
    "Une ou deux phrases que l’on comprendra dans un an : une décision, un accord, un choix de présentation. "
    "N’écrivez ni le nom ni la situation d’une personne."
)
ALL = ("", "Tous")
LEVELS = {AlertLevel.ERROR: "Erreurs", AlertLevel.WARNING: "À vérifier", AlertLevel.INFO: "Informations"}


class AlertFilterForm(FilterForm):
    """Bound to the address; what cannot be read filters nothing."""

    MAIN = "niveau domaine fiche"

    niveau = forms.ChoiceField(label="Niveau", choices=[ALL, *LEVELS.items()], widget=PlainSelect)
    domaine = forms.ChoiceField(label="Domaine", choices=[ALL, *AlertScope.choices], widget=PlainSelect)
    fiche = forms.ChoiceField(label="Fiche", choices=(), widget=PlainSelect)
    etat = forms.ChoiceField(label="État", choices=list(STATES.items()), widget=PlainSelect)
    par = forms.ChoiceField(
        label="Ranger par",
        choices=[(BY_CAUSE, "Importance"), (BY_SHEET, "Fiche"), (BY_SCOPE, "Domaine")],
        widget=PlainSelect,
    )

    def __init__(self, *args: Any, sheets: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Toutes"), (WHOLE, "Convention entière"), *sheets]
        self.fields["fiche"].choices = choices  # type: ignore[attr-defined]

    def chips(self) -> list[Chip]:
        """An order takes nothing out of the list."""
        return [chip for chip in super().chips() if chip.name != "par"]

    def asked(self) -> AlertFilter:
        criteria = self.criteria()
        return AlertFilter(
            level=criteria.get("niveau", ""),
            scope=criteria.get("domaine", ""),
            sheet=criteria.get("fiche", ""),
            state=criteria.get("etat", OPEN),
            by=criteria.get("par", BY_CAUSE),
        )


class Marks(forms.MultipleChoiceField):
    """Alerts by their fingerprints. One that was answered or corrected meanwhile is no fault: it is left as it is."""

    def valid_value(self, value: Any) -> bool:
        return FINGERPRINT.fullmatch(str(value)) is not None


class AcknowledgeCauseForm(FactForm):
    """One reason for several alerts of the same cause: those that are ticked. All of them are at first."""

    groups = (Group("", ("alerts", "why")),)

    alerts = Marks(
        label="Alertes que ce motif explique",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une alerte."},
    )
    why = forms.CharField(
        label="Pourquoi ces alertes peuvent rester",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": str(LONGEST_REASON)}),
        help_text=REASON_HELP,
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["alerts"].choices = choices  # type: ignore[attr-defined]


class AcknowledgeForm(FactForm):
    """Why an alert stays. `seen`: the version of the answer that was under the person's eyes, 0 for none."""

    groups = (Group("", ("why",)),)

    why = forms.CharField(
        label="Pourquoi cette alerte peut rester",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": str(LONGEST_REASON)}),
        help_text=REASON_HELP,
    )
