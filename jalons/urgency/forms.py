"""The filters of the list of priorities, muting a reason, setting a scale."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from jalons.core import clock
from jalons.core.form_fields import PlainSelect
from jalons.core.forms import FilterForm, FrenchDateField, FrenchNumberField
from jalons.editing.fact_forms import FactForm, one_of, short_text
from jalons.editing.forms import Group, Shown
from jalons.editing.record_forms import RecordForm
from jalons.urgency.enums import LimitUnit, RuleWeight, WeatherLevel
from jalons.urgency.models import PriorityScale
from jalons.urgency.rule import AlertRule
from jalons.urgency.rules import RULES
from jalons.urgency.scales import TerritoryScale
from jalons.urgency.selectors import HANDLED, UNHANDLED, WHOLE, PriorityFilter

HANDLINGS = ((UNHANDLED, "Personne ne s’en occupe"), (HANDLED, "Quelqu’un s’en occupe"))


class PriorityFilterForm(FilterForm):
    MAIN = "raison suivi departement"
    chip_names = {"raison": "Raison"}

    raison = forms.ChoiceField(label="Raison", choices=())
    suivi = forms.ChoiceField(label="Qui s’en occupe ?", choices=[("", "Peu importe"), *HANDLINGS])
    departement = forms.ChoiceField(label="Département", choices=(), widget=PlainSelect)

    def __init__(
        self,
        *args: Any,
        rules: Sequence[tuple[str, str]],
        departements: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        places = [("", "Mon territoire"), (WHOLE, "Tout ce que je peux voir"), *departements]
        self.fields["raison"].choices = [("", "Toutes"), *rules]  # type: ignore[attr-defined]
        self.fields["departement"].choices = places  # type: ignore[attr-defined]

    def asked(self) -> PriorityFilter:
        given = self.criteria()
        return PriorityFilter(
            departement=given.get("departement", ""),
            reason=given.get("raison", ""),
            handling=given.get("suivi", ""),
        )


MUTED_FOR, LONGEST_MUTE = dt.timedelta(days=30), dt.timedelta(days=366)


class MuteForm(FactForm):
    groups = (Group("", ("why", "until")),)

    why = forms.CharField(
        label="Pourquoi ne plus compter cette raison pour l’instant ?",
        max_length=300,
        help_text="Chaque personne qui peut lire cette raison le lira.",
    )
    until = FrenchDateField(
        label="Jusqu’au",
        not_before=lambda today: today + dt.timedelta(days=1),
        not_after=lambda today: today + LONGEST_MUTE,
        initial=lambda: clock.today() + MUTED_FOR,
        help_text="Ce jour-là, la raison compte de nouveau. Un an au plus.",
    )


class ScaleForm(RecordForm):
    """Two fields a rule. What is left as it is elsewhere is not stored, and follows what is set there."""

    def __init__(
        self, data: Any = None, *, scale: PriorityScale, elsewhere: TerritoryScale, **kwargs: Any
    ) -> None:
        super().__init__(data, initial=self.initial_of(scale) | {"expected_version": scale.version}, **kwargs)
        for rule in RULES.values():
            self.add_rule(rule, elsewhere)
        self.add_field("reason", short_text("Pourquoi ce changement ?", 300, "Visible dans l’historique."))
        self.fields["reason"].required = True

    def add_rule(self, rule: AlertRule, elsewhere: TerritoryScale) -> None:
        usual = RuleWeight(elsewhere.weight(rule)).label.lower()
        choices = [("", f"Comme ailleurs ({usual})"), *RuleWeight.choices]
        self.add_field(
            f"weight_{rule.code}",
            forms.ChoiceField(label="Dans l’ordre des sites", choices=choices, required=False),
        )
        if rule.limit:
            bounds, limit = rule.limit.bounds, rule.limit
            words = {
                LimitUnit.DAYS: "Seuil, en jours",
                LimitUnit.PERCENT: "Seuil, en %",
                LimitUnit.COUNT: "Seuil",
            }
            usual = limit.words(elsewhere.limit(rule))
            amount = FrenchNumberField(
                label=words[limit.unit],
                minimum=bounds.least,
                maximum=bounds.most,
                required=False,
                help_text=f"De {bounds.least} à {bounds.most}. Vide : comme ailleurs ({usual}).",
            )
            self.add_field(f"limit_{rule.code}", amount)

    def all_groups(self) -> tuple[Group, ...]:
        groups = [
            Group(rule.sentence, (f"weight_{code}", f"limit_{code}"), rule.meaning.format("ce seuil"))
            for code, rule in RULES.items()
        ]
        return (*groups, Group("", ("reason",)))

    def folded(self) -> Iterator[tuple[Shown, bool]]:
        """Each group, and whether it opens: something is set there, or is wrong."""
        for section in self.sections():
            bounds = [bound for bound, _ in section.fields]
            yield section, any(bound.errors or bound.value() not in (None, "") for bound in bounds)

    @staticmethod
    def initial_of(scale: Any) -> dict[str, Any]:
        weights = {f"weight_{code}": str(scale.weights.get(code, "")) for code in RULES}
        return weights | {f"limit_{code}": scale.limits.get(code) for code in RULES}

    def chosen(self, prefix: str) -> dict[str, int]:
        """What was set, by code of rule: « weight » or « limit ». Needs `is_valid`."""
        given = {code: self.cleaned_data.get(f"{prefix}_{code}") for code in RULES}
        return {code: int(amount) for code, amount in given.items() if amount not in (None, "")}


class WeatherForm(FactForm):
    groups = (Group("", ("level", "since", "until")),)

    level = one_of(WeatherLevel, "Niveau de vigilance")
    since = FrenchDateField(label="Premier jour", initial=clock.today)
    until = FrenchDateField(label="Dernier jour", help_text="Pour finir l’épisode, mettez la date d’hier.")

    def initial_of(self, fact: Any) -> dict[str, Any]:
        return self.shown_of(fact)

    @staticmethod
    def shown_of(alert: Any) -> dict[str, Any]:
        last = alert.ended_on - dt.timedelta(days=1)
        return {"level": alert.level, "since": alert.valid_on, "until": last, "seen": alert.pk}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since - dt.timedelta(days=1):
            self.add_error("until", "L’épisode finit avant de commencer.")
        return cleaned
