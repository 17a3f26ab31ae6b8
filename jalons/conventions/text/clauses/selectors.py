"""What the text obliges to, with its days, as the page of the text shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from jalons.conventions.changes.text_between import clause_words
from jalons.conventions.dossier.clause_days import (
    PERIOD,
    REPORTING,
    ClauseDay,
    clause_day,
    clause_named,
    report_day,
)
from jalons.conventions.models import Clause, Convention


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """`name`: where it is edited, empty when it is not there."""

    title: str
    words: str
    article: str
    day: ClauseDay | None
    name: str


def clause_lines(convention: Convention, clauses: Sequence[Clause]) -> list[ClauseLine]:
    """Every clause that says something or gives a day. The report is always due, said or not."""
    candidates = [
        clause_line(clause, convention) for clause in clauses if clause.name != PERIOD or clause.text
    ]
    lines = [line for line in candidates if line.words or line.day]
    if clause_named(clauses, REPORTING) is None and (usual := report_day([], convention.year)):
        missing = Clause(name=REPORTING)
        lines.append(ClauseLine(title_of(missing), "", "", usual, REPORTING))
    return lines


def clause_line(clause: Clause, convention: Convention) -> ClauseLine:
    words = clause.text or str(clause.kept.get("deadline_raw") or clause.kept.get("document") or "")
    day = clause_day(clause, convention.year)
    return ClauseLine(title_of(clause), words, clause.article, day, str(clause.pk))


def title_of(clause: Clause) -> str:
    return f"Clause {clause_words(clause)}"
