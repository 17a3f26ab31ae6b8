"""The execution report of each party: where it stands, who is next, what is missing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.alerts.services import blocking
from jalons.conventions.dossier.content import Dossier
from jalons.conventions.dossier.ledger import councils
from jalons.conventions.enums import ReportState
from jalons.conventions.models import Alert, Commitment, Convention, ExecutionReport, Party
from jalons.conventions.report.empty_cells import ACCOUNT, SPENT, Holes, holes_of
from jalons.conventions.report.owners import Hole
from jalons.conventions.report.services import (
    ORDER,
    RETURNED,
    due_of,
    missing_objectives,
    next_state,
    of_party,
)
from jalons.core.values import format_number, plural

WHO = {
    ReportState.TO_FILL: "Le Département",
    ReportState.FILLED: "Le Département",
    ReportState.REVIEWED: "L’État",
    ReportState.VOTED: "L’assemblée départementale",
    ReportState.SENT: "Le Département",
    ReportState.PUBLISHED: "Le Département",
    ReportState.PRESENTED: "Le Département",
}
ACTIONS = {
    ReportState.FILLED: "Dire le rapport complété",
    ReportState.REVIEWED: "Relire le rapport",
    ReportState.VOTED: "Dire le rapport voté",
    ReportState.SENT: "Transmettre aux préfets",
    ReportState.PUBLISHED: "Dire le rapport mis en ligne",
    ReportState.PRESENTED: "Dire le rapport présenté",
}
TEXTS = (
    ("financial_account", "Bilan financier"),
    ("results", "Résultats obtenus"),
    ("global_account", "Bilan global"),
)
EXPECTED = {
    ReportState.FILLED: "Remplir les bilans et les montants exécutés, rédiger les trois textes, puis le dire.",
    ReportState.REVIEWED: "L’État relit le rapport, puis le valide ou le rend avec ses remarques.",
    ReportState.VOTED: "Faire délibérer l’assemblée départementale, puis écrire la date de la délibération.",
    ReportState.SENT: "Transmettre le rapport voté au préfet de région et au préfet de département.",
    ReportState.PUBLISHED: "Mettre le rapport en ligne sur l’espace de la stratégie.",
    ReportState.PRESENTED: "Présenter le rapport à la conférence régionale des acteurs.",
}


@dataclass(frozen=True, slots=True)
class ReportStepView:
    label: str
    on: dt.date | None
    done: bool
    current: bool


@dataclass
class ReportSeen:
    """`report` None: nobody has begun it. `late`: past its date and not sent."""

    party: Party | None
    due_on: dt.date
    report: ExecutionReport | None = None
    late: bool = False
    accounts: list[Hole] = field(default_factory=list)
    spent: list[Hole] = field(default_factory=list)
    without_column: list[Commitment] = field(default_factory=list)
    objectives: list[Hole] = field(default_factory=list)
    errors: list[Alert] = field(default_factory=list)
    may_write: bool = False
    may_review: bool = False

    @property
    def title(self) -> str:
        return self.party.name if self.party else "Rapport d’exécution"

    @property
    def state(self) -> ReportState:
        return ReportState(self.report.state) if self.report else ReportState.TO_FILL

    @property
    def steps(self) -> list[ReportStepView]:
        """From « Complété » on: « À compléter » is where it starts."""
        days = self.report.steps if self.report else {}
        reached = ORDER.index(self.state)
        return [
            ReportStepView(
                state.label, day_of(days.get(state.value)), ORDER.index(state) <= reached, state == self.next
            )
            for state in ORDER[1:]
        ]

    @property
    def next(self) -> ReportState | None:
        return next_state(self.state)

    @property
    def who(self) -> str:
        return WHO[self.next] if self.next else ""

    @property
    def expected(self) -> str:
        return EXPECTED[self.next] if self.next else "Le rapport est présenté : il n’y a plus rien à faire."

    @property
    def action(self) -> str:
        return ACTIONS[self.next] if self.next else ""

    @property
    def texts(self) -> list[tuple[str, str]]:
        return [(label, getattr(self.report, name) if self.report else "") for name, label in TEXTS]

    @property
    def returned(self) -> dict[str, Any] | None:
        """`{"on", "why", "by"}` when it was given back and is not complete again."""
        step = self.report.steps.get(RETURNED) if self.report else None
        if not isinstance(step, dict) or self.state != ReportState.TO_FILL:
            return None
        return {"why": step.get("why", ""), "by": step.get("by", ""), "on": day_of(step.get("on"))}

    @property
    def is_writable(self) -> bool:
        """Its texts change until it is voted."""
        return self.report is not None and ORDER.index(self.state) < ORDER.index(ReportState.VOTED)

    @property
    def is_open(self) -> bool:
        """Something may still be mended before it leaves."""
        return ORDER.index(self.state) < ORDER.index(ReportState.SENT)

    @property
    def is_for_state(self) -> bool:
        return self.next == ReportState.REVIEWED

    @property
    def missing(self) -> list[str]:
        """In words, what is left before it is complete."""
        lines = []
        if self.without_column:
            count = len(self.without_column)
            words = plural(count, "fiche n’a pas encore de colonne", "fiches n’ont pas encore de colonne")
            lines.append(f"{format_number(count)} {words} pour le bilan de l’année")
        for holes, singular, several in (
            (self.accounts, "case de bilan vide", "cases de bilan vides"),
            (self.spent, "montant exécuté manquant", "montants exécutés manquants"),
            (self.objectives, "objectif manquant", "objectifs manquants"),
        ):
            if holes:
                lines.append(f"{format_number(len(holes))} {plural(len(holes), singular, several)}")
        blank = [label for label, text in self.texts if not text.strip()]
        lines += [f"« {label} » n’est pas rédigé" for label in blank]
        return lines


def day_of(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def reporting_parties(convention: Convention) -> list[Party | None]:
    """Each Département that signs writes its own; the convention as a whole has one when none is named."""
    parties = list(convention.parties.select_related("departement"))
    for party in parties:
        party.convention = convention
    signing: list[Party | None] = list(councils(Dossier(convention, parties=parties)))
    return signing if len(signing) > 1 else [None]


def reports_seen(convention: Convention, user: Any, today: dt.date) -> list[ReportSeen]:
    """The reports of the parties whose sheets the person may read."""
    stored = {report.party_id: report for report in convention.reports.select_related("party", "edition")}
    due = due_of(convention)
    reports = []
    holes = holes_of(convention, user, today)
    objectives = missing_objectives(convention)
    errors = blocking(convention)
    for party in reporting_parties(convention):
        report = stored.get(party.pk if party else None)
        place = report or ExecutionReport(convention=convention, party=party, due_on=due)
        place.convention = convention
        if not can(user, Right.READ_CONVENTIONS, place):
            continue
        seen = ReportSeen(party, place.due_on, report)
        fill_seen(seen, place, holes, objectives, errors)
        seen.may_write = can(user, Right.WRITE_CONVENTION, place)
        seen.may_review = can(user, Right.VALIDATE_CONVENTION, place)
        seen.late = today > place.due_on and ORDER.index(seen.state) < ORDER.index(ReportState.SENT)
        reports.append(seen)
    return reports


def fill_seen(
    seen: ReportSeen,
    place: ExecutionReport,
    holes: Holes,
    objectives: Sequence[Hole],
    errors: Sequence[Alert],
) -> None:
    year = place.convention.year
    mine = [hole for hole in holes.items if of_party(hole.commitment, place)]
    seen.accounts = [hole for hole in mine if hole.kind == ACCOUNT and hole.year == year]
    seen.spent = [hole for hole in mine if hole.kind == SPENT]
    seen.without_column = [commitment for commitment in holes.without_column if of_party(commitment, place)]
    seen.objectives = [objective for objective in objectives if of_party(objective.commitment, place)]
    seen.errors = [error for error in errors if error.commitment is None or of_party(error.commitment, place)]
