"""The words and figures that everybody shares: lists of choices, the socle, deadlines of all, thresholds."""

from dataclasses import dataclass
from typing import Any

from jalons.actions.enums import ActionPlace, ActionTheme, Difficulty, FundingType, Job, Rhythm
from jalons.actions.models import Deadline
from jalons.conventions.enums import ConventionNature, ConventionState, Family
from jalons.core.clock import paris_day
from jalons.core.values import format_number, plural
from jalons.indicators.models import Indicator
from jalons.sites.enums import (
    ClosingReason,
    DiagnosisStatus,
    EventKind,
    OrientationKind,
    Origin,
    OwnerKind,
    ProcedureKind,
    ProcedureStatus,
    Reliability,
    SiteKind,
    SourceKind,
)
from jalons.thresholds.enums import BOUNDS, Bounds, ThresholdCode
from jalons.thresholds.models import Threshold

CHOICES: dict[str, Any] = {
    "Type de site": SiteKind,
    "Propriétaire": OwnerKind,
    "Origines": Origin,
    "Source d’un recensement": SourceKind,
    "Fiabilité d’un recensement": Reliability,
    "Motif de fermeture": ClosingReason,
    "Orientation à la fermeture": OrientationKind,
    "Diagnostic social": DiagnosisStatus,
    "Étape de procédure": ProcedureKind,
    "Où en est une procédure": ProcedureStatus,
    "Événement": EventKind,
    "Thème d’un dispositif": ActionTheme,
    "Lieu d’un dispositif": ActionPlace,
    "Type de financement": FundingType,
    "Métier de l’équipe": Job,
    "Difficulté de scolarisation": Difficulty,
    "Rythme du suivi": Rhythm,
    "Nature d’une convention": ConventionNature,
    "État d’une convention": ConventionState,
    "Famille d’une fiche-action": Family,
}


@dataclass(frozen=True, slots=True)
class Nomenclature:
    title: str
    labels: list[str]


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """`row`: what the national administration set; None for the default."""

    code: ThresholdCode
    words: str
    days: int
    bounds: Bounds
    row: Threshold | None

    @property
    def value(self) -> str:
        """« 91 jours »."""
        return f"{format_number(self.days)}\u00a0{plural(self.days, 'jour', 'jours')}"


def nomenclatures() -> list[Nomenclature]:
    return [
        Nomenclature(title, [str(label) for _, label in choices.choices])
        for title, choices in CHOICES.items()
    ]


def socle() -> list[Indicator]:
    """The national indicators, in the order of the follow-up: one query."""
    return list(Indicator.objects.national().select_related("parent").order_by("position", "pk"))


def common_deadlines() -> list[Deadline]:
    """The days asked of every dispositif, those to come."""
    return list(Deadline.objects.filter(action=None, due_on__gte=paris_day()).order_by("due_on"))


def thresholds() -> list[ThresholdLine]:
    """Those in force, who set them last and when: one query."""
    rows = {row.code: row for row in Threshold.objects.select_related("changed_by", "changed_for")}
    return [
        ThresholdLine(
            code, code.label, rows[code].days if code in rows else bounds.default, bounds, rows.get(code)
        )
        for code, bounds in BOUNDS.items()
    ]


def threshold_history(row: Threshold) -> list[Any]:
    """Each value that was set, newest first."""
    past: Any = row.history
    return list(past.select_related("changed_by", "changed_for").order_by("-version"))
