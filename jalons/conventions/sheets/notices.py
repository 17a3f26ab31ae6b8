"""The alerts of a fiche, each beside the block that it concerns, with what people answered to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jalons.conventions.enums import AlertLevel, AlertScope
from jalons.conventions.models import Acknowledgement, Alert

TOP, RESUME, OBJECTIVE, BUDGET, FIGURES, TRACKING = (
    "top",
    "resume",
    "objective",
    "budget",
    "figures",
    "tracking",
)
BLOCKS = {AlertScope.MONEY: BUDGET, AlertScope.INDICATORS: FIGURES, AlertScope.DATES: RESUME}
KINDS = {AlertLevel.ERROR: "late", AlertLevel.WARNING: "warn", AlertLevel.INFO: "info"}
ORDER = [AlertLevel.ERROR, AlertLevel.WARNING, AlertLevel.INFO]
SHOWN = 3


@dataclass(frozen=True, slots=True)
class SheetNotice:
    kind: str
    level: str
    message: str
    fingerprint: str
    reason: str = ""  # why somebody says that it stays


@dataclass(frozen=True, slots=True)
class Notices:
    """`first` are in sight, `more` and `answered` unfold. `worst`: how serious the first is."""

    first: Sequence[SheetNotice] = ()
    more: Sequence[SheetNotice] = ()
    answered: Sequence[SheetNotice] = ()

    @property
    def any(self) -> bool:
        return bool(self.first or self.answered)

    @property
    def worst(self) -> str:
        return self.first[0].kind if self.first else "info"

    @property
    def count(self) -> int:
        return len(self.first) + len(self.more)


def notices_of(alerts: Iterable[Alert], answers: Mapping[str, Acknowledgement]) -> dict[str, Notices]:
    """By block of the page."""
    notices_by_block: dict[str, list[SheetNotice]] = {
        name: [] for name in (TOP, RESUME, OBJECTIVE, BUDGET, FIGURES, TRACKING)
    }
    for alert in sorted(alerts, key=lambda alert: (ORDER.index(AlertLevel(alert.level)), alert.pk)):
        block = BLOCKS.get(AlertScope(alert.scope), TOP)
        if block == FIGURES and "tracking" in alert.rule:
            block = TRACKING
        answer = answers.get(alert.fingerprint)
        notices_by_block[block].append(
            SheetNotice(
                KINDS[AlertLevel(alert.level)],
                AlertLevel(alert.level).label,
                alert.message,
                alert.fingerprint,
                answer.reason if answer else "",
            )
        )
    return {name: grouped(notices) for name, notices in notices_by_block.items()}


def grouped(sheet_notices: Sequence[SheetNotice]) -> Notices:
    standing = [sheet_notice for sheet_notice in sheet_notices if not sheet_notice.reason]
    return Notices(
        standing[:SHOWN],
        standing[SHOWN:],
        [sheet_notice for sheet_notice in sheet_notices if sheet_notice.reason],
    )
