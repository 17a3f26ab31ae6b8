"""The team of a dispositif, date by date."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from jalons.accounts.models import Organisation
from jalons.actions.enums import Job
from jalons.actions.models import Action, StaffLine
from jalons.core.values import Sum, Value, format_date, format_number, total
from jalons.history.querysets import NOW, AsOf

DATES = 6  # columns at once


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One job of one operator; a cell a date, in words, empty when it was not told at that date."""

    reporter: Organisation
    job: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """`dates`: the last ones at which a team was told, oldest first. `totals`: full-time equivalents, a date."""

    dates: tuple[dt.date, ...]
    lines: tuple[TeamLine, ...]
    totals: tuple[str, ...]

    @property
    def latest(self) -> str:
        """« 7,5 ETP au 27/09/2026 »; empty when no team was ever told."""
        return f"{self.totals[-1]} au {format_date(self.dates[-1])}" if self.dates else ""


BEFORE = 4  # dates told, beside the one to fill in


@dataclass(frozen=True, slots=True)
class TeamBefore:
    """What one operator told at its last dates, oldest first, by job and precision."""

    dates: tuple[dt.date, ...]
    words_by_job: Mapping[tuple[str, str], tuple[str, ...]]

    def cells(self, job: str, note: str) -> list[tuple[dt.date, str]]:
        """« 0,75 ETP » at each date, « – » when the job was not in the team."""
        words_by_date = self.words_by_job.get((job, note), ("–",) * len(self.dates))
        return list(zip(self.dates, words_by_date, strict=True))

    def gone(self, jobs: Collection[tuple[str, str]]) -> list[tuple[str, list[tuple[dt.date, str]]]]:
        """The jobs that are not among `jobs` any more."""
        labels = dict(Job.choices)
        return [
            (note if job == Job.OTHER and note else str(labels.get(job, job)), self.cells(job, note))
            for job, note in self.words_by_job
            if (job, note) not in jobs
        ]


def team_before(action: Action, reporter: Organisation) -> TeamBefore:
    """One query."""
    staff_lines = list(
        StaffLine.objects.known().filter(action=action, reporter=reporter).order_by("valid_on", "pk")
    )
    dates = sorted({line.valid_on for line in staff_lines})[-BEFORE:]
    by_job: dict[tuple[str, str], dict[dt.date, list[StaffLine]]] = defaultdict(lambda: defaultdict(list))
    for line in staff_lines:
        if line.valid_on in dates:
            by_job[line.job, line.job_note][line.valid_on].append(line)
    cells = {key: tuple(words(lines.get(day, [])) for day in dates) for key, lines in by_job.items()}
    return TeamBefore(tuple(dates), cells)


def team_table(action: Action, at: AsOf = NOW) -> Team:
    """The team at the last dates told; one who told nothing at a date still has its former team. One query."""
    staff_lines = list(
        StaffLine.objects.as_of(at)
        .filter(action=action)
        .select_related("reporter")
        .order_by("valid_on", "pk")
    )
    dates = sorted({line.valid_on for line in staff_lines})[-DATES:]
    by_reporter: dict[Organisation, dict[dt.date, list[StaffLine]]] = defaultdict(lambda: defaultdict(list))
    for line in staff_lines:
        by_reporter[line.reporter][line.valid_on].append(line)
    lines: list[TeamLine] = []
    sums = [Sum() for _ in dates]
    for reporter, teams in by_reporter.items():
        on_dates = [team_on(teams, day) for day in dates]
        jobs = dict.fromkeys(name for team in on_dates for name in (job_words(line) for line in team))
        for job in jobs:
            cells = (words([line for line in team if job_words(line) == job]) for team in on_dates)
            lines.append(TeamLine(reporter, job, tuple(cells)))
        sums = [
            whole + total(Value.of(line.fte) for line in team if line.fte is not None)
            for whole, team in zip(sums, on_dates, strict=True)
        ]
    totals = tuple(f"{format_number(whole.total)}\u00a0ETP" if whole.is_known else "–" for whole in sums)
    return Team(tuple(dates), tuple(lines), totals)


def team_on(teams: dict[dt.date, list[StaffLine]], day: dt.date) -> list[StaffLine]:
    """What an operator told last, up to a date."""
    past = [date for date in teams if date <= day]
    return teams[max(past)] if past else []


def job_words(line: StaffLine) -> str:
    return line.job_note if line.job == Job.OTHER and line.job_note else str(line.get_job_display())


def words(lines: Sequence[StaffLine]) -> str:
    """« 0,75 ETP », « 1 ETP, ponctuel », « – » when there is none."""
    counted = [line.fte for line in lines if line.fte is not None]
    parts = [f"{format_number(sum(counted))}\u00a0ETP"] if counted else []
    parts += ["ponctuel"] if any(line.occasional for line in lines) else []
    return ", ".join(parts) or "–"
