"""What a cell of a table of families says: a code, a day, a year; or why a person must say. Nothing is guessed."""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jalons.core.values import Precision, fold, french_spaces, parse_date, parse_partial_date
from jalons.households.families.enums import (
    ExitReason,
    FamilyLink,
    HealthCover,
    HousingRequestKind,
    RightState,
    SchoolLevel,
    Sex,
    WorkKind,
)
from jalons.households.imports.columns import DATA
from jalons.imports.reading.cells import ColumnNature, ReadAs, read_cell
from jalons.imports.reading.grid import RawCell
from jalons.imports.reading.table import SheetTable
from jalons.imports.reading.typed import Meaning
from jalons.sites.enums import Origin

ELDER = "elder"  # of a link: the person of reference, or the second adult
BY_AGE = "by_age"
NOTHING = "-"
YES_NO = ReadAs(ColumnNature.YES_NO)
DATE = ReadAs(ColumnNature.DATE)
OLDEST_YEAR, OLDEST_AGE = 1880, 118
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", re.ASCII)
_AGE = re.compile(r"(\d{1,3}) ?(?:ans?|a)?", re.ASCII)
_MONTHS_OLD = re.compile(r"(\d{1,2}) ?mois", re.ASCII)
_SPLIT = re.compile(r" ?(?:\+|,|;| et ) ?")  # never « / »: « s/o », « n/a »
_PART = re.compile(r"(\d{1,2}) ?(ad\w*|a|enf\w*|e|mineurs?|gosses?|bebes?|pers\w*|p)\b", re.ASCII)
_BETWEEN = re.compile(r"[\s+,;&/()\-]|\bet\b|\bdont\b")
MOST_PEOPLE = 30


@dataclass(frozen=True, slots=True)
class FieldReading:
    """What a cell says. `ask`: why a person must say, in French; `suggest`: what they would propose."""

    value: Any = None
    ask: str = ""
    suggest: str = ""

    @property
    def is_nothing(self) -> bool:
        return self.value is None and not self.ask


NO_READING = FieldReading()
OPTIONS: Mapping[str, Sequence[tuple[str, str]]] = {
    "sex": Sex.choices,
    "link": [
        (ELDER, "Père, mère ou chef de famille"),
        *(choice for choice in FamilyLink.choices if choice[0] != FamilyLink.REFERENCE),
    ],
    "nationality": Origin.choices,
    "level": [(BY_AGE, "D’après l’âge"), *SchoolLevel.choices],
    "work": WorkKind.choices,
    "health": [
        (f"{cover} {state}", f"{label} – {words.lower()}")
        for cover, label in HealthCover.choices
        for state, words in RightState.choices
    ],
    "housing": HousingRequestKind.choices,
    "exit_reason": ExitReason.choices,
    "yes_no": [("yes", "Oui"), ("no", "Non")],
}  # fmt: skip
# The options of each field that is one of a few codes.
CODED = {
    "sex": "sex", "link": "link", "nationality": "nationality", "level": "level", "work": "work", "health": "health",
    "housing": "housing", "exit_reason": "exit_reason", "enrolled": "level", "employment_service": "yes_no",
    "caf": "yes_no", "domiciliation": "yes_no", "training": "yes_no",
}  # fmt: skip
DAYS = {"arrival", "site_since", "first_contact", "entered", "left", "appointment"}
YEARS = {"birth", "age", "partner_birth"}


@cache
def words_of(field: str) -> dict[str, str]:
    """Code by folded words: those of the file, and the labels of the options."""
    listed = json.loads((DATA / "words.json").read_text(encoding="utf-8"))
    known = {fold(words): code for code, every in listed.get(field, {}).items() for words in every}
    return known | {fold(label): code for code, label in OPTIONS.get(field, ())}


@cache
def sex_of_link(words: str) -> str:
    listed = json.loads((DATA / "words.json").read_text(encoding="utf-8"))["sex_of_link"]
    return next((sex for sex, every in listed.items() if words in every), "")


def bare(text: str) -> str:
    return " ".join(fold(text).replace(".", " ").strip(" :()?!*").split())


def read_value(field: str, raw: RawCell, table: SheetTable, today: dt.date) -> FieldReading:
    """Never fails. Without a word of its own, a cell says nothing."""
    if raw.is_blank or is_missing(raw, table, today):
        return NO_READING
    name = field.split(" ")[0]
    if name in YEARS or name == "child_birth":
        return read_year(raw, table, today, is_age=name == "age")
    if name in DAYS:
        return read_a_day(name, raw, table, today)
    if name == "composition":
        return read_composition(raw.text)
    if name in ("people", "adults", "children"):
        return read_count(raw.text)
    if name in CODED:
        return read_code(name, raw, table, today)
    return FieldReading(raw.text)


def is_missing(raw: RawCell, table: SheetTable, today: dt.date) -> bool:
    """« ND », « / », « - », an error of the spreadsheet… in any column."""
    cell = read_cell(raw, ReadAs(ColumnNature.TEXT), table.context, today=today)
    return cell.meaning not in (Meaning.TEXT, Meaning.DOUBTFUL)


def read_code(field: str, raw: RawCell, table: SheetTable, today: dt.date) -> FieldReading:
    words = bare(raw.text)
    options = CODED[field]
    if code := words_of(options).get(words):
        return NO_READING if code in (NOTHING, "no") else FieldReading(code)
    answer = read_cell(raw, YES_NO, table.context, today=today).meaning
    if answer is Meaning.NO or words in ("non", "aucun", "aucune", "neant"):
        return FieldReading("none") if field in ("level", "enrolled") else NO_READING
    if field in ("domiciliation", "training"):
        return (
            FieldReading("yes" if answer is Meaning.YES else raw.text)
            if words != "en cours"
            else to_ask(field, raw)
        )
    if options == "yes_no":
        is_number = words.replace(" ", "").isdigit()  # a number of allocataire: that there is one is enough
        if answer is Meaning.YES or is_number or isinstance(raw.value, dt.date):
            return FieldReading("yes")
        return to_ask(field, raw)
    if field == "enrolled" and answer is Meaning.YES:
        return FieldReading(BY_AGE, ask="scolarisé, à quel niveau ?", suggest=BY_AGE)
    if options == "housing" and (codes := several(options, words)):
        return FieldReading(codes)
    if field == "work" and answer is Meaning.YES:
        return FieldReading(None, ask="un emploi, de quelle sorte ?", suggest=WorkKind.OTHER)
    return to_ask(field, raw)


def several(options: str, words: str) -> str:
    """« SIAO + logement social »: two codes, when each is known."""
    codes = [words_of(options).get(part, "") for part in _SPLIT.split(words)]
    return " ".join(codes) if len(codes) > 1 and all(codes) and NOTHING not in codes else ""


def to_ask(field: str, raw: RawCell, why: str = "que veut dire ce mot ?") -> FieldReading:
    return FieldReading(None, ask=why)


def read_year(raw: RawCell, table: SheetTable, today: dt.date, *, is_age: bool = False) -> FieldReading:
    """The year alone is kept, whatever the cell says."""
    if isinstance(raw.value, dt.date):
        return year_or_asked(raw.value.year, today)
    text = bare(raw.text)
    if _YEAR.fullmatch(text):
        return year_or_asked(int(text), today)
    if months := _MONTHS_OLD.fullmatch(text):
        return FieldReading(
            None, ask="un âge en mois : quelle année ?", suggest=str(months_before(today, int(months[1])))
        )
    age = _AGE.fullmatch(text)
    if age and (is_age or not text.isdigit()) and int(age[1]) <= OLDEST_AGE:
        return FieldReading(today.year - int(age[1]))
    cell = read_cell(raw, DATE, table.context, today=today)
    if cell.day is not None:
        return year_or_asked(cell.day.year, today)
    years = _YEAR.findall(text)
    suggest = years[0] if len(set(years)) == 1 else ""
    return FieldReading(None, ask="une année de naissance à préciser", suggest=suggest)


def months_before(today: dt.date, months: int) -> int:
    return (today.year * 12 + today.month - 1 - months) // 12


def year_or_asked(year: int, today: dt.date) -> FieldReading:
    if OLDEST_YEAR <= year <= today.year:
        return FieldReading(year)
    return FieldReading(None, ask=french_spaces("une année de naissance qui ne se peut pas"))


def read_a_day(field: str, raw: RawCell, table: SheetTable, today: dt.date) -> FieldReading:
    cell = read_cell(raw, DATE, table.context, today=today)
    if cell.day is not None and not cell.ask:
        if 1900 <= cell.day.year <= today.year + 5:
            return FieldReading(cell.day)
        return FieldReading(None, ask="une date qui ne se peut pas")
    partial = parse_partial_date(raw.text)
    start = partial.start if partial.precision in (Precision.MONTH, Precision.YEAR) else None
    if start and partial.precision is Precision.MONTH and field == "arrival":
        return FieldReading(start)  # the register asks for the month of an arrival
    reason = cell.reason or "une date à préciser"
    suggest = start.strftime("%d/%m/%Y") if start and start.year >= 1900 else suggested(cell.suggest)
    return FieldReading(None, ask=reason, suggest=suggest)


def suggested(value: Any) -> str:
    """« 2026-09-15 » as it is typed; a month alone, by its first day."""
    try:
        return f"{dt.date.fromisoformat(f'{value}-01' if len(str(value)) == 7 else str(value)):%d/%m/%Y}"
    except ValueError:
        return ""


def read_count(text: str) -> FieldReading:
    number = re.fullmatch(r"(\d{1,2}) ?(?:pers\w*|ad\w*|enf\w*|p)?\.?", bare(text))
    if number and int(number[1]) <= MOST_PEOPLE:
        return FieldReading(int(number[1]))
    return FieldReading(None, ask="un nombre à préciser")


def read_composition(text: str) -> FieldReading:
    """(adults, children, people): « 2 ad + 3 enf », « couple, 1 enfant », « 5 pers. »."""
    words = bare(text)
    adults = children = people = 0
    rest = words
    if "couple" in words:
        adults, rest = 2, rest.replace("couple", " ")
    for part in _PART.finditer(words):
        number, what = int(part[1]), part[2]
        rest = rest.replace(part[0], " ", 1)
        if what.startswith("p"):
            people += number
        elif what.startswith("a"):
            adults += number
        else:
            children += number
    rest = re.sub(r"\bavec\b|\bdont\b", " ", rest)
    total = max(adults + children, people)
    if (
        total
        and total <= MOST_PEOPLE
        and not _BETWEEN.sub("", rest)
        and (not people or people >= adults + children)
    ):
        return FieldReading((adults, children, total))
    if words.isdigit() and 0 < int(words) <= MOST_PEOPLE:
        return FieldReading((0, 0, int(words)))
    return FieldReading(None, ask="combien d’adultes et d’enfants ?")


def answer_reading(field: str, answer: str, today: dt.date) -> FieldReading:
    """What a person answered that a text means; nothing when they leave it out. `ValueError` for what cannot be."""
    name = field.split(" ")[0]
    if answer in ("", NOTHING):
        return NO_READING
    if name in YEARS or name == "child_birth":
        year = int(answer)
        if not OLDEST_YEAR <= year <= today.year:
            raise ValueError
        return FieldReading(year)
    if name in DAYS:
        return FieldReading(day_typed(answer, today))
    if name == "composition":
        read = read_composition(answer)
        if read.value is None:
            raise ValueError
        return read
    if name in ("people", "adults", "children"):
        return FieldReading(int(answer))
    if name == "site" or name not in CODED:
        return FieldReading(answer)
    if answer not in dict(OPTIONS[CODED[name]]):
        raise ValueError
    return NO_READING if answer == "no" else FieldReading(answer)


def day_typed(text: str, today: dt.date) -> dt.date:
    day = parse_date(text, today=today)
    if not 1900 <= day.year <= today.year + 5:
        raise ValueError
    return day


def level_of_age(age: int | None) -> str:
    if age is None or not 3 <= age <= 18:
        return SchoolLevel.OTHER
    bounds = (
        (5, SchoolLevel.NURSERY),
        (10, SchoolLevel.PRIMARY),
        (14, SchoolLevel.MIDDLE),
        (18, SchoolLevel.HIGH),
    )
    return next(level for last, level in bounds if age <= last)
