"""What operators tell of a dispositif: when, which parts, which figures, and what they correct afterwards."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jalons.actions.deadlines import nearest, schedule
from jalons.actions.enums import Block, Difficulty
from jalons.core.values import Emptiness
from jalons.demonstration.action_plans import MONTH, ActionPlan, Filler
from jalons.demonstration.chance import Calendar, Chance, data
from jalons.demonstration.families import Figures, Group, added
from jalons.history.services import Actor
from jalons.indicators.enums import Measure, Nature, ValueType
from jalons.indicators.models import Indicator
from jalons.thresholds.enums import DEFAULTS

FAR = dt.timedelta(days=200)
# Steps between two deadlines, by rhythm: of `follow_ups` months, so many are told.
EACH = {"monthly": 1, "quarterly": 3, "half_yearly": 6}
OFTEN_ND = ("puma-en-cours", "ame-en-cours", "entrees-femmes", "mission-locale", "mineurs", "recours-dalo")
# Nothing new to count there from one month to the next.
STEADY = (Block.SITE, Block.RIGHTS)

# A figure as it is told: a number, a share (numerator, denominator), words, or why there is none.
Figure = int | tuple[int, int] | str | Emptiness


@dataclass(slots=True)
class Report:
    """One follow-up with its figures by indicator. `before`: what it said until it was corrected."""

    filler: Filler
    on: dt.date
    since: dt.date
    blocks: tuple[str, ...]
    at: dt.datetime
    by: Actor
    figures: dict[str, Figure]
    unchanged: tuple[str, ...] = ()
    comments: dict[str, str] = field(default_factory=dict)
    difficulties: tuple[str, ...] = ()
    difficulty_note: str = ""
    measure: Measure = Measure.ACTUAL
    corrected_at: dt.datetime | None = None
    reason: str = ""
    before: dict[str, Figure] = field(default_factory=dict)


@dataclass(slots=True)
class Telling:
    """Everything needed to tell the follow-up of one dispositif. `asked`: what is typed, by code."""

    chance: Chance
    calendar: Calendar
    plan: ActionPlan
    asked: Mapping[str, Indicator]
    national: Sequence[dt.date]
    actors: Mapping[str, Actor]
    follow_ups: int

    @property
    def start(self) -> dt.date:
        return self.calendar.day(self.plan.started)

    @property
    def end(self) -> dt.date | None:
        closed = self.plan.closed_for_good
        return self.calendar.day(closed) if closed is not None else None

    def deadlines(self) -> list[dt.date]:
        more = list(self.national)
        if self.plan.due_in is not None:
            more.append(self.calendar.today + dt.timedelta(days=self.plan.due_in))
        until = self.end or self.calendar.today + FAR
        return schedule(self.plan.rhythm, start=self.start, until=until, limits=DEFAULTS, more=more)

    def fillers(self) -> list[Filler]:
        """Those who fill in: the operators, or the pilot when there is none."""
        return self.plan.operators or [Filler(self.plan.pilots[0], main=True)]

    def groups(self) -> Iterator[tuple[Group, list[Filler]]]:
        """Operators that share the parts out follow the same families; the others each have theirs."""
        shared = [filler for filler in self.fillers() if filler.blocks]
        alone = [[filler] for filler in self.fillers() if not filler.blocks]
        for fillers in ([shared] if shared else []) + alone:
            yield Group(self.chance, max(4, self.plan.families // max(1, len(alone)))), fillers


def reports(tell: Telling) -> list[Report]:
    """Every follow-up of a dispositif, operator by operator, oldest first."""
    if tell.plan.started <= 0:
        return []
    deadlines = tell.deadlines()
    reports: list[Report] = []
    for group, fillers in tell.groups():
        days = {id(filler): report_days(tell, filler, deadlines) for filler in fillers}
        steps = list(
            lived(tell, group, deadlines, [day for filler_days in days.values() for day in filler_days])
        )
        for filler in fillers:
            reports += told_by(tell, filler, days[id(filler)], steps)
    correct_some(tell, reports)
    return reports


def report_days(tell: Telling, filler: Filler, deadlines: Sequence[dt.date]) -> dict[dt.date, dt.date]:
    """Which deadlines an operator answers, and the date of the report that answers each."""
    if filler.state == "never":
        return {}
    over = [day for day in deadlines if day < tell.calendar.today]
    if filler.since is not None:
        over = [day for day in over if day > tell.calendar.day(filler.since) + dt.timedelta(days=14)]
    if filler.until is not None:
        over = [day for day in over if day < tell.calendar.day(filler.until)]
    if filler.state == "late" and tell.end is None:
        over = over[: -filler.skip]
    over = over[-max(1, tell.follow_ups // EACH[tell.plan.rhythm]) :]
    if tell.plan.varied:
        # Some months nobody finds the time; the last deadlines are left to the state of the plan.
        over = [day for day in over[:-2] if not tell.chance.happens(0.05)] + over[-2:]
    days: dict[dt.date, dt.date] = {}
    last = tell.start - dt.timedelta(days=1)
    for deadline in over:
        day = max(last + dt.timedelta(days=1), deadline - dt.timedelta(days=tell.chance.randint(0, 6)))
        last = days[deadline] = day if nearest(day, deadlines) == deadline else deadline
    if filler.state == "good" and tell.end is None:
        days |= ahead_of_time(tell, deadlines, last)
    return days


def ahead_of_time(tell: Telling, deadlines: Sequence[dt.date], last: dt.date) -> dict[dt.date, dt.date]:
    """The next deadline answered already, when it is near enough to be asked for."""
    ahead = [day for day in deadlines if day >= tell.calendar.today]
    yesterday = tell.calendar.day(1)
    asked = ahead and ahead[0] - tell.calendar.today <= DEFAULTS.follow_up_notice
    if asked and yesterday > last and nearest(yesterday, deadlines) == ahead[0]:
        return {ahead[0]: yesterday}
    return {}


@dataclass(frozen=True, slots=True)
class Step:
    """What the families became by a deadline."""

    deadline: dt.date
    stocks: Figures
    flows: Figures


def lived(
    tell: Telling, group: Group, deadlines: Sequence[dt.date], answered: Sequence[dt.date]
) -> Iterator[Step]:
    """One step a deadline, from the first that somebody answers; what came before makes one step."""
    before = tell.start
    for deadline in deadlines:
        if answered and min(answered) <= deadline <= max(answered):
            stocks, flows = group.step((deadline - before).days / MONTH)
            yield Step(deadline, stocks, flows)
            before = deadline


def told_by(
    tell: Telling, filler: Filler, days: Mapping[dt.date, dt.date], steps: Sequence[Step]
) -> list[Report]:
    written: list[Report] = []
    waiting: list[Figures] = []
    blocks = tuple(block for block in tell.plan.blocks if not filler.blocks or block in filler.blocks)
    first = tell.start if filler.since is None else tell.calendar.day(filler.since)
    for step in steps:
        waiting.append(step.flows)
        if step.deadline not in days:
            continue
        since = written[-1].on + dt.timedelta(days=1) if written else min(first, days[step.deadline])
        lacking = filler.state == "partial" and step.deadline == max(days) and len(blocks) > 1
        blocks_told = blocks[:-1] if lacking else blocks
        written.append(
            report(tell, filler, days[step.deadline], since, blocks_told, {**step.stocks, **added(waiting)})
        )
        waiting = []
        stay_steady(tell, written)
    return written


def report(
    tell: Telling, filler: Filler, on: dt.date, since: dt.date, blocks: tuple[str, ...], figures: Figures
) -> Report:
    chance = tell.chance
    figure_by_code: dict[str, Figure] = {}
    for code, indicator in tell.asked.items():
        if indicator.block in blocks:
            figure_by_code[code] = figures[code] if code in figures else local_figure(chance, indicator)
    varied = tell.plan.varied
    if chance.happens(0.25 if varied else 0.1):
        code = chance.choice(OFTEN_ND)
        if code in figure_by_code:
            figure_by_code[code] = Emptiness.ND
    report = Report(
        filler=filler,
        on=on,
        since=since,
        blocks=blocks,
        at=tell.calendar.moment(chance, on, chance.lag()),
        by=tell.actors[filler.key],
        figures=figure_by_code,
        comments=comments(chance, blocks, 0.18 if varied else 0.03),
    )
    if any(Block(block).asks_difficulties for block in blocks) and chance.happens(0.4):
        report.difficulties = tuple(sorted(chance.sample(list(Difficulty), chance.randint(1, 2))))
        if Difficulty.OTHER in report.difficulties:
            report.difficulty_note = chance.choice(data("action_words")["difficulty_notes"])
    if varied and chance.happens(0.03):
        report.measure = Measure.ESTIMATE
    return report


def comments(chance: Chance, blocks: Sequence[str], often: float) -> dict[str, str]:
    words = data("action_words")["comments"]
    return {str(block): chance.choice(words[block]) for block in blocks if chance.happens(often)}


def local_figure(chance: Chance, indicator: Indicator) -> Figure:
    """A figure for an indicator of the dispositif itself, as its line of the file says."""
    row = next(row for row in data("action_words")["locals"] if row["label"] == indicator.label)
    if "texts" in row:
        return str(chance.choice(row["texts"]))
    if "choices" in row:
        return str(chance.choice(row["choices"])[0])
    number = chance.randint(row["low"], row["high"])
    if row["value_type"] == ValueType.SHARE:
        enrolled = chance.randint(12, 30)
        return round(enrolled * number / 100), enrolled
    return number


def stay_steady(tell: Telling, reports: Sequence[Report]) -> None:
    """Now and then a part is said « inchangé »: the figures of last time, as they were."""
    if len(reports) < 2:
        return
    before, now = reports[-2:]
    for block in STEADY:
        if block in now.blocks and block in before.blocks and tell.chance.happens(0.3):
            codes = [code for code, indicator in tell.asked.items() if indicator.block == block]
            if all(tell.asked[code].nature == Nature.STOCK for code in codes):
                now.unchanged += (block,)
                now.figures |= {code: before.figures[code] for code in codes}


def correct_some(tell: Telling, reports: Sequence[Report]) -> None:
    """A few reports were first sent with mistakes, and said again some weeks later."""
    old = [
        report for report in reports if report.on < tell.calendar.day(45) and report.measure == Measure.ACTUAL
    ]
    for mistaken in tell.chance.sample(old, min(tell.plan.corrections, len(old))):
        numbers = [code for code, figure in mistaken.figures.items() if type(figure) is int and figure > 0]
        if not numbers:
            continue
        wrong = tell.chance.sample(numbers, min(len(numbers), tell.chance.randint(1, 3)))
        mistaken.before = {code: int(mistaken.figures[code]) + tell.chance.randint(1, 9) for code in wrong}  # type: ignore[arg-type]
        mistaken.corrected_at = tell.calendar.moment(
            tell.chance, mistaken.at.date(), tell.chance.randint(3, 30), evening=True
        )
        mistaken.reason = tell.chance.choice(data("action_words")["corrections"])
