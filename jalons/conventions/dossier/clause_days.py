"""The day by which a clause obliges: the only reader of it. Stated by the text, or usual. Pure: no query.

In order: the day written for this convention; the day of the year of the clause (« 03-31 »), or the one that its words
introduce (« au plus tard le 31 mars »), in the year that its words name; the usual day, where the law has one.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jalons.conventions.models import Clause
from jalons.conventions.models.printed import as_text
from jalons.core.values import parse_partial_date
from jalons.core.values.date_parsing import MONTH_NUMBERS, MONTH_PATTERN, plain_date

REPORTING, TERMINATION, PERIOD = "reporting", "termination", "action_period"
# Years after that of the convention, month, day. Decree or circular: every convention of this kind has them.
USUAL: dict[str, tuple[int, int, int]] = {REPORTING: (1, 3, 31), TERMINATION: (0, 12, 31)}
# A report is of a year that is over: its day is in the year after when nothing says which.
YEARS_AFTER = {REPORTING: 1}

_DAY_OF_YEAR = re.compile(r"(\d{2})-(\d{2})", re.ASCII)
_YEAR = r"(?:[ ,/]+(?P<y>(?:19|20)\d{2}))?"
_BY = re.compile(
    r"\b(?:au plus tard|avant|d'ici|jusqu'au|pour le)(?: le| au)? "
    rf"(?P<d>\d{{1,2}})(?:(?: ?er)? (?P<m>{MONTH_PATTERN})|/(?P<n>\d{{1,2}})){_YEAR}(?P<rest>[^.;]*)",
    re.ASCII,
)
_FOLLOWING = re.compile(
    r"\b(?:annees?|exercices?|an)(?: [a-z]+)? (?:suivante?|qui suit|d'apres|ulterieure?)\b", re.ASCII
)
_PLUS = re.compile(r"\bn ?\+ ?([1-5])\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class ClauseDay:
    """`stated`: the text of the convention gives it; otherwise it is the usual one."""

    on: dt.date
    stated: bool = True

    @property
    def source(self) -> str:
        return "date dite par le texte" if self.stated else "date d’usage, le texte n’en dit pas"


@dataclass(frozen=True, slots=True)
class _Words:
    """A day that a sentence introduces. `years`: after that of the convention, None when it does not say."""

    month: int
    day: int
    year: int | None
    years: int | None


def clause_day(clause: Clause, year: int | None) -> ClauseDay | None:
    """The day of a clause in a convention of `year`; None when it obliges to none."""
    if clause.due_on is not None:
        return ClauseDay(clause.due_on)
    return textual_day(clause, year)


def textual_day(clause: Clause, year: int | None) -> ClauseDay | None:
    """As `clause_day` when no day is written for this convention alone: what the words or the usage give."""
    stated = _stated(clause, year)
    return ClauseDay(stated) if stated is not None else usual_day(clause.name, year)


def usual_day(name: str, year: int | None) -> ClauseDay | None:
    if year is None or name not in USUAL:
        return None
    years, month, day = USUAL[name]
    return ClauseDay(dt.date(year + years, month, day), stated=False)


def usual_day_of_year(name: str) -> str:
    """« 03-31 », as a clause holds it."""
    _, month, day = USUAL[name]
    return f"{month:02}-{day:02}"


def report_day(clauses: Iterable[Clause], year: int | None) -> ClauseDay | None:
    """When the execution report must be sent, whether a clause says so or not. None without any year."""
    clause = clause_named(clauses, REPORTING)
    return usual_day(REPORTING, year) if clause is None else clause_day(clause, year)


def period_days(clauses: Iterable[Clause], year: int | None) -> tuple[ClauseDay | None, ClauseDay | None]:
    """First and last days of the actions: those of the clause on the period, else those of the year."""
    clause = clause_named(clauses, PERIOD)
    held = clause.kept if clause is not None else {}
    usual = (dt.date(year, 1, 1), dt.date(year, 12, 31)) if year else (None, None)
    start, end = (written_day(held.get(key)) for key in ("start", "end"))
    return _day_or(start, usual[0]), _day_or(end, usual[1])


def _day_or(stated: dt.date | None, usual: dt.date | None) -> ClauseDay | None:
    if stated is not None:
        return ClauseDay(stated)
    return None if usual is None else ClauseDay(usual, stated=False)


def written_day(written: object) -> dt.date | None:
    """A day of the exchange format, or as French writes it; None for anything else."""
    if not isinstance(written, str) or not written:
        return None
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        read = parse_partial_date(written)
        return read.end if read else None


def clause_named(clauses: Iterable[Clause], name: str) -> Clause | None:
    return next((clause for clause in clauses if clause.name == name), None)


def _stated(clause: Clause, year: int | None) -> dt.date | None:
    words = list(_introduced(clause))
    match = _DAY_OF_YEAR.fullmatch(clause.deadline)
    if match is not None:
        month, day = int(match[1]), int(match[2])
        same = [word for word in words if (word.month, word.day) == (month, day)]
        chosen = same[0] if same else _Words(month, day, None, _years_after(_printed(clause)))
    elif words:
        chosen = words[0]
    else:
        return None
    if chosen.year is None and year is None:
        return None
    after = YEARS_AFTER.get(clause.name, 0) if chosen.years is None else chosen.years
    try:
        return dt.date(chosen.year or (year or 0) + after, chosen.month, chosen.day)
    except ValueError:
        return None


def _introduced(clause: Clause) -> Iterator[_Words]:
    """The days that the words of a clause introduce, those of its deadline first."""
    for text in (_printed(clause), clause.text):
        plain = plain_date(text)
        for match in _BY.finditer(plain):
            month = MONTH_NUMBERS[match["m"].rstrip(".")] if match["m"] else int(match["n"])
            before = plain[: match.start()].rpartition(".")[2]
            yield _Words(
                month,
                int(match["d"]),
                int(match["y"]) if match["y"] else None,
                _years_after(f"{before} {match['rest']}"),
            )


def _printed(clause: Clause) -> str:
    """The words of the deadline, which the file holds apart from the text."""
    return as_text(clause.kept.get("deadline_raw"))


def _years_after(words: str) -> int | None:
    """« de l’exercice suivant », « N+2 ». None when they say nothing of the year."""
    plain = plain_date(words)
    if match := _PLUS.search(plain):
        return int(match[1])
    if _FOLLOWING.search(plain):
        return 1
    return 0 if re.search(r"\b(?:de )?chaque annee\b|\bde l'annee en cours\b", plain) else None
