"""One cell, in the light of its column and of its sheet: what it means, or why a person must say."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from jalons.core.values import exact, fold, format_date, french_spaces, missing_from_text
from jalons.core.values.text import unaccent
from jalons.imports.reading.context import SheetContext, colour_name
from jalons.imports.reading.days import read_calendar, read_day, read_serial
from jalons.imports.reading.grid import RawCell
from jalons.imports.reading.numbers import CellUnit, read_number, scale_words, times
from jalons.imports.reading.typed import Meaning, TypedCell, doubtful, number_cell, state_cell, text_cell


class ColumnNature(StrEnum):
    """What a column holds."""

    COUNT = "count"
    AMOUNT = "amount"
    FIGURE = "figure"  # a number of any kind: counts, shares, decimals
    DATE = "date"
    YES_NO = "yes_no"
    TEXT = "text"


NO_UNIT = CellUnit()
NUMBERS = (ColumnNature.COUNT, ColumnNature.AMOUNT, ColumnNature.FIGURE)
YES = frozenset(["oui", "o", "x", "ok", "vrai", "yes", "y"])
# How the national platform says that there is some, not enough.
BETTER = frozenset(["a ameliorer"])
NO = frozenset(["non", "n", "faux", "no", "pas", "aucun", "aucune"])
ERROR = re.compile(r"#(?:ref|div/0|n/a|value|valeur|nom|name|null|nul|nombre|num)[!?]?", re.IGNORECASE)
# A comment that doubts its number: « à vérifier », « chiffre de septembre », « 12 d’après la mairie ».
DOUBTS = re.compile(
    r"\?|\d|\b(?:verifi\w*|confirm\w*|estim\w*|environ|approx\w*|peut[- ]etre|sans doute|incertain\w*|douteu\w*|"
    r"provisoire\w*|(?:mois|annee|chiffre) (?:precedent\w*|dernier\w*|d'avant)|non (?:revu|refait|actualis\w*)|pas "
    r"(?:revu|refait|compte|actualis\w*)|manqu\w*|hors|sauf|sans compter|y compris|inclus|compris|dont|idem)\b"
)
DATES = re.compile(
    r"\d{1,2} ?[/.] ?\d{1,2}(?: ?[/.] ?\d{2,4})?|\b20\d\d\b|\b\d{1,2} ?h(?: ?\d\d)?\b", re.ASCII
)
NONE_OF = re.compile(r"(?:pas|aucune?|sans)(?: (?:de |d )?(?!tou|tjs|partout|encore|sur)\w+)?")
MERGED = "repris de la case fusionnée"
LARGEST_COUNT = 100_000


@dataclass(frozen=True, slots=True)
class ReadAs:
    nature: ColumnNature
    measure: CellUnit = NO_UNIT


def read_cell(raw: RawCell, kind: ReadAs, context: SheetContext, *, today: dt.date) -> TypedCell:
    """Never fails."""
    cell = commented(READERS[kind.nature](raw, kind, context, today), raw, kind.nature)
    if cell.is_empty:
        return cell
    cell = coloured(cell, raw, kind, context)
    if raw.is_spread:
        cell = cell.noted(MERGED)
    return cell.noted("formule : son dernier résultat") if raw.is_formula else cell


def coloured(cell: TypedCell, raw: RawCell, kind: ReadAs, context: SheetContext) -> TypedCell:
    """A number on a colour that a note of the table explains is asked: « en orange : chiffre du mois précédent »."""
    if not raw.fill or cell.meaning is not Meaning.NUMBER or kind.nature not in NUMBERS:
        return cell
    if raw.fill in context.fills:
        return doubtful(raw.text, f"couleur de « {context.fills[raw.fill]} »", suggest=cell.number)
    name = colour_name(raw.fill)
    if name not in context.colours:
        return cell
    return doubtful(raw.text, f"en {name} : « {context.colours[name]} »", suggest=cell.number)


def commented(cell: TypedCell, raw: RawCell, nature: ColumnNature | None = None) -> TypedCell:
    """What is pinned to a cell is said with it; a number whose comment doubts it, or says another one, is asked."""
    if not raw.comment:
        return cell
    words = f"commentaire de la case : « {raw.comment} »"
    is_number = cell.meaning is Meaning.NUMBER and nature in NUMBERS
    if is_number and not cell.ask and DOUBTS.search(DATES.sub(" ", unaccent(raw.comment))):
        return doubtful(raw.text, words, suggest=cell.number)
    if cell.ask:
        return replace(cell, reason=french_spaces(f"{cell.reason} ; {words}"))
    return cell.noted(words)


def common(raw: RawCell, context: SheetContext) -> TypedCell | None:
    """What is read the same in every column: nothing, the states, the errors of a spreadsheet."""
    if raw.is_blank:
        return TypedCell(Meaning.EMPTY)
    if not isinstance(raw.value, str):
        return None
    if context.unsaid and fold(raw.text) in context.unsaid:
        return TypedCell(Meaning.EMPTY)
    state = missing_from_text(raw.value)
    if state is not None:
        return state_cell(state, context.dash)
    if ERROR.fullmatch(raw.text):
        return doubtful(raw.text, "une erreur du tableur")
    return None


def read_figure(raw: RawCell, kind: ReadAs, context: SheetContext, today: dt.date) -> TypedCell:
    measure = kind.measure
    if measure.is_money and not measure.stated and context.scale != 1:
        measure = CellUnit(measure.unit, context.scale)
    told = common(raw, context)
    if told is None:
        told = of_text(raw, measure) if isinstance(raw.value, str) else of_number(raw, kind, measure)
    return checked(told, raw, kind)


def of_text(raw: RawCell, measure: CellUnit) -> TypedCell:
    return read_number(str(raw.value), measure)


def of_number(raw: RawCell, kind: ReadAs, measure: CellUnit) -> TypedCell:
    value = raw.value
    if isinstance(value, bool):
        return doubtful(raw.text, "vrai ou faux à la place d’un nombre")
    if isinstance(value, dt.date):
        return of_date(value, raw)
    if not isinstance(value, int | float):
        return doubtful(raw.text, "une heure ou une durée à la place d’un nombre")
    try:
        number = exact(value)
    except ValueError:
        return doubtful(raw.text, "un nombre démesuré")
    if raw.is_percent:
        return number_cell(times(number, 100), "un pourcentage")
    if measure.is_money and measure.scale != 1:
        return number_cell(times(number, measure.scale), scale_words(measure))
    return number_cell(number)


def of_date(value: dt.date, raw: RawCell) -> TypedCell:
    """The spreadsheet turned « 10-12 » into 10 December."""
    low, high = sorted((value.day, value.month))
    reason = f"le tableur en a fait une date ({format_date(value)}) : entre {low} et {high} ?"
    return doubtful(raw.text, reason, low=low, high=high)


def checked(cell: TypedCell, raw: RawCell, kind: ReadAs) -> TypedCell:
    """A count is whole, not negative, and not that of a whole town."""
    number = cell.number
    if kind.nature is not ColumnNature.COUNT or cell.meaning is not Meaning.NUMBER or number is None:
        return cell
    if isinstance(raw.value, str) and raw.text.startswith("+"):
        return doubtful(raw.text, "un nombre en plus : un écart, ou un compte ?")
    if number < 0:
        return doubtful(raw.text, "un nombre négatif")
    if not isinstance(number, int):
        return doubtful(raw.text, "un nombre à virgule", suggest=round(number))
    if number > LARGEST_COUNT:
        return doubtful(raw.text, f"plus de {LARGEST_COUNT} : vérifiez le nombre")
    return cell


def read_date(raw: RawCell, kind: ReadAs, context: SheetContext, today: dt.date) -> TypedCell:
    told = common(raw, context)
    if told is not None:
        return told
    value = raw.value
    if isinstance(value, dt.date):
        return read_calendar(value, raw.text)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return read_serial(
            value, from_1904=context.from_1904, known_system=context.is_workbook, text=raw.text
        )
    if not isinstance(value, str):
        return doubtful(raw.text, "une heure à la place d’une date")
    if re.fullmatch(r"[3-5]\d{4}", value.strip(), re.ASCII):
        return read_serial(float(value), from_1904=False, known_system=False, text=raw.text)
    return read_day(value, today=today, period=context.period)


def read_yes_no(raw: RawCell, kind: ReadAs, context: SheetContext, today: dt.date) -> TypedCell:
    told = common(raw, context)
    if told is not None:
        return told
    if isinstance(raw.value, bool):
        return TypedCell(Meaning.YES if raw.value else Meaning.NO)
    word = fold(raw.text).strip(" .")
    is_number = not isinstance(raw.value, str) or word.isdigit()
    if is_number:
        return doubtful(raw.text, "un nombre à la place de oui ou non")
    if word in YES:
        return TypedCell(Meaning.YES)
    if word in BETTER and context.unsaid:
        return TypedCell(Meaning.YES).noted("à améliorer : il y en a")
    if word in NO or NONE_OF.fullmatch(word):
        return TypedCell(Meaning.NO)
    return doubtful(raw.text, "ni oui ni non")


CROSSES = frozenset(["x", "xx", "oui", "non", "o", "n", "1", "ok", "✓", "✔", "☑", "☒", "✗", "✘", "•", "vrai"])


def read_crosses(yes: RawCell, no: RawCell) -> TypedCell:
    """A cross under « oui », or under « non »: nothing in either says nothing."""
    marks = [raw for raw in (yes, no) if not raw.is_blank]
    if not marks:
        return TypedCell(Meaning.EMPTY)
    if len(marks) == 2:
        return doubtful(yes.text, "une croix sous « oui » et une sous « non »")
    mark = marks[0]
    if fold(mark.text).strip(" .") not in CROSSES and mark.text.strip() not in CROSSES:
        return doubtful(mark.text, "ni une croix, ni rien")
    return TypedCell(Meaning.YES if mark is yes else Meaning.NO).noted(
        f"croix sous « {'oui' if mark is yes else 'non'} »"
    )


def read_words(raw: RawCell, kind: ReadAs, context: SheetContext, today: dt.date) -> TypedCell:
    told = common(raw, context)
    if told is not None and told.meaning is not Meaning.DASH:
        return told
    return text_cell(raw.text) if told is None else TypedCell(Meaning.DASH)


READERS: dict[ColumnNature, Callable[[RawCell, ReadAs, SheetContext, dt.date], TypedCell]] = {
    **dict.fromkeys(NUMBERS, read_figure),
    ColumnNature.DATE: read_date,
    ColumnNature.YES_NO: read_yes_no,
    ColumnNature.TEXT: read_words,
}
