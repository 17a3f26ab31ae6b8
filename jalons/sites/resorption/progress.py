"""How far the resorption of a site is prepared: each step in words on a day. Pure: nothing here reads the base."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.core.values import format_date, format_number, plural
from jalons.sites.enums import StepKind, StepState, StepStatus

# What may still be done, hence late.
PENDING = (StepState.FORESEEN, StepState.UNDER_WAY)
TOTAL = len(StepKind)


def status_of(
    state: str, planned_on: dt.date | None, *, day: dt.date, closed_on: dt.date | None = None
) -> StepStatus:
    """Late from the day after the date foreseen: a step foreseen today is not late. A closed site stops what was left
    to do: it is neither late nor expected any more, and is so again if the site is reopened.
    """
    if state not in PENDING:
        return StepStatus(state)
    if closed_on is not None and closed_on <= day:
        return StepStatus.STOPPED
    if planned_on is not None and planned_on < day:
        return StepStatus.LATE
    return StepStatus(state)


@dataclass(frozen=True, slots=True)
class StepLine:
    """One of the nine steps. `step`: what stands on the day, None when nothing was written.

    `misplaced`: what does not agree with the opening, in words.
    """

    kind: StepKind
    status: StepStatus
    step: Any = None
    misplaced: str = ""

    @property
    def is_known(self) -> bool:
        return self.step is not None

    @property
    def when(self) -> str:
        """« le 12/03/2026 », « prévue le 12/03/2026 », « depuis le 01/02/2026, fin prévue le 12/03/2026 »."""
        step = self.step
        if step is None or self.status == StepStatus.NOT_NEEDED:
            return ""
        if self.status == StepStatus.DONE:
            return f"le {format_date(step.valid_on)}"
        planned = f"le {format_date(step.planned_on)}" if step.planned_on else ""
        if step.state == StepState.UNDER_WAY:
            ends = f"fin prévue {planned}" if planned else ""
            return ", ".join(filter(None, [f"depuis le {format_date(step.valid_on)}", ends]))
        return planned if self.status == StepStatus.FORESEEN or not planned else f"prévue {planned}"

    @property
    def who(self) -> str:
        """« Camille Nord, DDETS du Nord »."""
        if self.step is None:
            return ""
        leaders = (self.step.led_by_person, self.step.led_by)
        return ", ".join(str(leader) for leader in leaders if leader is not None)

    @property
    def note(self) -> str:
        return self.step.note if self.step is not None else ""

    @property
    def words(self) -> str:
        """« Montage du marché : prévue le 12/03/2026 », « Ouverture : en retard, prévue le 12/03/2026 »."""
        return f"{self.kind.label}\u00a0: {self.standing[:1].lower()}{self.standing[1:]}"

    @property
    def standing(self) -> str:
        """« Faite le 12/03/2026 », « En retard, prévue le 12/03/2026 », « Sans objet »."""
        joint = " " if self.when.startswith(("le ", "depuis ")) else ", "
        return joint.join(filter(None, [self.status.label, self.when]))


@dataclass(frozen=True, slots=True)
class Preparation:
    """The nine steps of a site, in order."""

    lines: Sequence[StepLine]

    @property
    def begun(self) -> bool:
        return any(line.is_known for line in self.lines)

    def count(self, *statuses: StepStatus) -> int:
        return sum(line.status in statuses for line in self.lines)

    @property
    def needed(self) -> int:
        return TOTAL - self.count(StepStatus.NOT_NEEDED)

    @property
    def summary(self) -> str:
        """« 4 étapes faites sur 8, 1 en retard, 1 sans objet »."""
        done, late = self.count(StepStatus.DONE), self.count(StepStatus.LATE)
        stopped, needless = self.count(StepStatus.STOPPED), self.count(StepStatus.NOT_NEEDED)
        made = f"{format_number(done)} {plural(done, 'étape faite', 'étapes faites')} sur {self.needed}"
        if not done:
            made = f"Aucune étape faite sur {self.needed}" if self.needed else "Aucune étape n’est nécessaire"
        parts = [
            made,
            f"{late} en retard" if late else "",
            f"{stopped} {plural(stopped, 'interrompue', 'interrompues')} par la fermeture" if stopped else "",
            f"{needless} sans objet" if needless else "",
        ]
        return ", ".join(filter(None, parts))

    @property
    def stoppable(self) -> list[str]:
        """What closing the site would leave undone, in words."""
        return [line.words for line in self.lines if line.is_known and line.step.state in PENDING]

    @property
    def next_line(self) -> StepLine | None:
        """What to look at first: the step late for longest, then the one foreseen soonest, then one without a date."""
        waiting = [
            line
            for line in self.lines
            if line.status in (StepStatus.LATE, StepStatus.FORESEEN, StepStatus.UNDER_WAY)
        ]
        return min(
            waiting,
            key=lambda line: (line.step.planned_on is None, line.step.planned_on or dt.date.max),
            default=None,
        )


def preparation_of(steps: Iterable[Any], *, day: dt.date, closed_on: dt.date | None = None) -> Preparation:
    """The nine lines, from the rows that stand on `day`: one at most for each kind."""
    by_kind: Mapping[str, Any] = {step.kind: step for step in steps}
    opening = by_kind.get(StepKind.OPENING)
    opens_on = expected_day(opening) if opening is not None else None
    lines = []
    for kind in StepKind:
        step = by_kind.get(kind)
        if step is None:
            lines.append(StepLine(kind, StepStatus.UNKNOWN))
            continue
        status = status_of(step.state, step.planned_on, day=day, closed_on=closed_on)
        lines.append(StepLine(kind, status, step, misplaced_words(step, opening, opens_on)))
    return Preparation(lines)


def expected_day(step: Any) -> dt.date | None:
    """The day on which a step was done, or is foreseen; None when it is not needed or nobody said when."""
    if step.state == StepState.DONE:
        day: dt.date = step.valid_on
        return day
    return step.planned_on if step.state in PENDING else None


def misplaced_words(step: Any, opening: Any, opens_on: dt.date | None) -> str:
    """What prepares an opening comes before it, on the same day at the latest: said, never refused."""
    day = expected_day(step)
    if opens_on is None or day is None or step.kind == StepKind.OPENING or day <= opens_on:
        return ""
    which = "l’ouverture" if opening.state == StepState.DONE else "l’ouverture prévue"
    return f"après {which} du {format_date(opens_on)}"
