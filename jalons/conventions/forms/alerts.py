"""Filtering the alerts, and saying why one stays."""

from collections.abc import Sequence
from typing import Any

from django import forms

from jalons.conventions.enums import AlertScope, Level
from jalons.conventions.selectors.alerts import BY_SCOPE, BY_SHEET, OPEN, STATES, WHOLE, AlertFilter
from jalons.core.form_fields import PlainSelect
from jalons.core.forms import Chip, FilterForm
from jalons.sites.forms.common import FactForm, Group

LONGEST_REASON = 500
ALL = ("", "Tous")
LEVELS = {Level.ERROR: "Erreurs", Level.WARNING: "À vérifier", Level.INFO: "Informations"}


class AlertFilterForm(FilterForm):
    """Bound to the address; what cannot be read filters nothing."""

    MAIN = "niveau domaine fiche"

    niveau = forms.ChoiceField(label="Niveau", choices=[ALL, *LEVELS.items()], widget=PlainSelect)
    domaine = forms.ChoiceField(label="Domaine", choices=[ALL, *AlertScope.choices], widget=PlainSelect)
    fiche = forms.ChoiceField(label="Fiche", choices=(), widget=PlainSelect)
    etat = forms.ChoiceField(label="État", choices=list(STATES.items()), widget=PlainSelect)
    par = forms.ChoiceField(
        label="Ranger par", choices=[(BY_SHEET, "Fiche"), (BY_SCOPE, "Domaine")], widget=PlainSelect
    )

    def __init__(self, *args: Any, sheets: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Toutes"), (WHOLE, "Convention entière"), *sheets]
        self.fields["fiche"].choices = choices  # type: ignore[attr-defined]

    def chips(self) -> list[Chip]:
        """An order takes nothing out of the list."""
        return [chip for chip in super().chips() if chip.name != "par"]

    def asked(self) -> AlertFilter:
        told = self.criteria()
        return AlertFilter(
            level=told.get("niveau", ""),
            scope=told.get("domaine", ""),
            sheet=told.get("fiche", ""),
            state=told.get("etat", OPEN),
            by_scope=told.get("par") == BY_SCOPE,
        )


class AcknowledgeForm(FactForm):
    """Why an alert stays. `seen`: the version of the answer that was under the person's eyes, 0 for none."""

    groups = (Group("", ("why",)),)

    why = forms.CharField(
        label="Pourquoi cette alerte peut rester",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": str(LONGEST_REASON)}),
        help_text=(
            "Une ou deux phrases que l’on comprendra dans un an : une décision, un accord, un choix de présentation. "
            "N’écrivez ni le nom ni la situation d’une personne."
        ),
    )
