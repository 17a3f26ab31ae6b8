"""One value beside the one that Jalons holds: new, the same, changed, to decide."""

from jalons.core.values import Emptiness, Value, french_spaces
from jalons.imports.enums import CellVerdict
from jalons.imports.judging.known import who_wrote
from jalons.imports.judging.verdicts import JudgedCell
from jalons.imports.reading.remembered import remembered
from jalons.imports.reading.typed import Meaning, TypedCell
from jalons.imports.targets.records import RecordCell
from jalons.sites.enums import Theme, TriState
from jalons.sites.models import LivingConditions, Survey

# Which question of the assessment a column answers.
ANSWERS = {
    "water": (Theme.WATER.value, "access"),
    "toilets": (Theme.SANITATION.value, "working"),
    "electricity": (Theme.ELECTRICITY.value, "access"),
    "waste": (Theme.WASTE.value, "regular"),
    "pests": (Theme.PESTS.value, "presence"),
}
NOTHING = Value.empty()
WORDS = {"yes": TriState.YES.label, "no": TriState.NO.label}
ANSWER_VALUES = {code: Value.text(words) for code, words in WORDS.items()}


def judge_count(record_cell: RecordCell, label: str, figure: Survey | None) -> JudgedCell:
    before = figure.value(record_cell.guess.field) if figure else NOTHING
    return judged(record_cell, label, before=before, after=record_cell.cell.value, fact=figure)


def judge_answer(record_cell: RecordCell, label: str, state: LivingConditions | None) -> JudgedCell:
    theme, question = ANSWERS[record_cell.guess.field]
    answer = state.answers.get(theme, {}).get(question, "") if state else ""
    before = ANSWER_VALUES.get(answer, NOTHING)
    cell = record_cell.cell
    if not cell.ask and cell.meaning not in (Meaning.YES, Meaning.NO):
        return untouched(record_cell, label, before)
    after = ANSWER_VALUES.get(cell.meaning.value, NOTHING)
    return judged(record_cell, label, before=before, after=after, fact=state)


def untouched(record_cell: RecordCell, label: str, before: Value) -> JudgedCell:
    note = record_cell.cell.note if record_cell.cell.is_empty else ""
    rule = french_spaces(f"n’efface rien ; {note}" if note else "n’efface rien")
    words = in_words(before)
    return JudgedCell(
        record_cell.key,
        label,
        record_cell.reference,
        record_cell.raw.text,
        CellVerdict.SAME,
        before=words,
        after=words,
        rule=rule,
    )


def judged(
    record_cell: RecordCell,
    label: str,
    *,
    before: Value,
    after: Value,
    fact: Survey | LivingConditions | None,
) -> JudgedCell:
    cell = record_cell.cell
    if cell.is_empty:
        return untouched(record_cell, label, before)
    judged_cell = JudgedCell(
        record_cell.key,
        label,
        record_cell.reference,
        record_cell.raw.text,
        CellVerdict.NEW,
        before=in_words(before),
    )
    judged_cell.rule = cell.reason or cell.note
    if cell.ask:
        judged_cell.verdict, judged_cell.suggest = CellVerdict.DOUBTFUL, suggestion(cell)
        return judged_cell
    judged_cell.after = in_words(after)
    if after.kind is before.kind and after == before:
        judged_cell.verdict = CellVerdict.SAME
    elif before.emptiness is not Emptiness.EMPTY and fact is not None:
        judged_cell.verdict, judged_cell.who = CellVerdict.CHANGED, who_wrote(fact)
    return judged_cell


def suggestion(cell: TypedCell) -> str:
    return "" if cell.suggest is None else str(cell.suggest)


def in_words(value: Value) -> str:
    return "" if value.kind is Emptiness.EMPTY else words_of(value)


@remembered
def words_of(value: Value) -> str:
    return str(value)
