"""The words and figures that everybody shares: lists of choices, the socle, deadlines of all, thresholds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jalons.actions.deadlines import CATCH_UP, CLOSE, GRACE, NOTICE
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
from jalons.sites.querysets import DUE_AFTER, EVACUATION_HORIZON, STALE_AFTER

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
class Threshold:
    """`value`: « 91 jours »."""

    words: str
    value: str


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


def thresholds() -> Iterator[Threshold]:
    """The delays from which Jalons says something, read where they are used."""
    for words, delay in (
        ("Un site est « à mettre à jour »", DUE_AFTER),
        ("Un site est « plus à jour »", STALE_AFTER),
        ("Une évacuation prévue est signalée, au plus tôt", EVACUATION_HORIZON),
        ("Un suivi à venir est annoncé, au plus tôt", NOTICE),
        ("Un suivi sert une échéance proche, au plus", CLOSE),
        ("Un suivi manquant est un retard, après", GRACE),
        ("Un rappel manqué est rattrapé, au plus tard", CATCH_UP),
    ):
        yield Threshold(words, f"{format_number(delay.days)}\u00a0{plural(delay.days, 'jour', 'jours')}")
