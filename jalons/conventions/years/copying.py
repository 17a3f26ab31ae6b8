"""The dossier of the year after, in memory: nothing saved, nothing of the old one changed."""

import copy
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

from jalons.conventions.dossier.content import (
    TRACES,
    AnnexContent,
    BudgetRow,
    Dossier,
    Sheet,
    TableContent,
    Tracking,
)
from jalons.conventions.dossier.copies import LEFT_OUT, flagged, twin
from jalons.conventions.enums import ConventionState
from jalons.conventions.models import Cell, Convention, MatrixRow, SubBudget
from jalons.conventions.models.printed import as_list, euros, objects_in
from jalons.conventions.years.columns import ColumnPlan, next_columns
from jalons.conventions.years.words import each_renamed, moved, moved_json, renamed, without_amounts

LONGEST_KEY = 120


def a_year_later(day: dt.date | None) -> dt.date | None:
    """The same day of the year after; 28 February for the 29th."""
    if day is None:
        return None
    last = day.month == 2 and day.day == 29
    return day.replace(year=day.year + 1, day=28 if last else day.day)


@dataclass(frozen=True, slots=True)
class ToRead:
    """What a person must read again: where, the text as it will be, what it was, why."""

    where: str
    text: str
    why: str
    before: str = ""


@dataclass
class SheetCopy:
    """A sheet and what becomes of it."""

    old: Sheet
    new: Sheet
    columns: ColumnPlan
    lines_left: list[str] = field(default_factory=list)  # budget lines of other years

    @property
    def figures(self) -> int:
        return sum(1 for cell in self.new.cells.values() if cell.kind)

    @property
    def doubts(self) -> list[str]:
        return self.columns.doubts


@dataclass
class Copy:
    dossier: Dossier
    sheets: list[SheetCopy] = field(default_factory=list)
    changed: list[ToRead] = field(default_factory=list)  # the year was certain
    to_read: list[ToRead] = field(default_factory=list)


class Copier:
    """Copies one dossier of `year` into that of `year + 1`."""

    def __init__(self, dossier: Dossier, slug: str) -> None:
        self.old, self.year = dossier, dossier.year or 0
        self.old_slug, self.slug = dossier.convention.slug, slug
        self.amounts = set(known_amounts(dossier))
        self.copy = Copy(Dossier(self.convention()))

    def run(self) -> Copy:
        new, convention = self.copy.dossier, self.copy.dossier.convention
        for party in self.old.parties:
            new.parties.append(
                twin(
                    party,
                    convention=convention,
                    organisation=party.organisation,
                    departement=party.departement,
                    signed_on=None,
                )
            )
        for reference in self.old.references:
            new.references.append(flagged(twin(reference, convention=convention)))
            self.copy.to_read.append(ToRead("Visas", reference.raw, "visa de l’an passé"))
        self.text(new, convention)
        self.actions(new, convention)
        self.sheets(new)
        for missing in self.old.missing:
            new.missing.append(twin(missing, convention=convention))
        for annex in self.old.annexes:
            new.annexes.append(self.annex(annex, convention))
        return self.copy

    # Text -----------------------------------------------------------------------------------------------

    def convention(self) -> Convention:
        old = self.old.convention
        new: Convention = twin(
            old,
            slug=self.slug,
            year=self.year + 1,
            departement=old.departement,
            previous=old,
            state=ConventionState.DRAFT,
            heading_amount=None,
            signed_on=None,
            revision=0,
            unamended=0,
            unamended_since=None,
        )
        new.short_title = titled(old.short_title, self.year)
        new.title = renamed(old.title, self.year)
        new.nature_words = renamed(old.nature_words, self.year)
        new.amounts = left_amounts(old.amounts, self.year)
        new.payment = moved_json(without_amounts(copy.deepcopy(old.payment)), self.year)
        new.kept = {
            name: value for name, value in new.kept.items() if name not in ("heading_amount", "amounts")
        }
        if isinstance(new.kept.get("fiches_heading"), str):
            new.kept["fiches_heading"] = renamed(new.kept["fiches_heading"], self.year)
        return new

    def text(self, new: Dossier, convention: Convention) -> None:
        convention.preamble = self.paragraphs(convention.preamble, "Préambule")
        for article in self.old.articles:
            twinned = twin(article, convention=convention)
            twinned.title = renamed(article.title, self.year)
            twinned.paragraphs = self.paragraphs(twinned.paragraphs, f"Article {article.number}".strip())
            new.articles.append(flagged(twinned) if twinned.paragraphs != article.paragraphs else twinned)
        for clause in self.old.clauses:
            twinned = twin(clause, convention=convention, due_on=a_year_later(clause.due_on))
            twinned.text = self.sentence(clause.text, f"Clause « {clause.name} »")
            twinned.kept = {
                name: moved_json(value, self.year, clause.deadline) for name, value in twinned.kept.items()
            }
            if twinned.text != clause.text:
                flagged(twinned)
            new.clauses.append(twinned)

    def paragraphs(self, printed: Any, where: str) -> list[Any]:
        paragraphs = []
        for paragraph in copy.deepcopy(printed or []):
            if isinstance(paragraph, dict) and isinstance(paragraph.get("text"), str):
                paragraph = {name: value for name, value in paragraph.items() if name not in LEFT_OUT}
                paragraph["text"] = self.sentence(paragraph["text"], where)
            elif isinstance(paragraph, str):
                paragraph = self.sentence(paragraph, where)
            paragraphs.append(paragraph)
        return paragraphs

    def sentence(self, text: str, where: str) -> str:
        moved_text = moved(text, self.year, self.amounts)
        if moved_text.doubts:
            self.copy.to_read.append(ToRead(where, moved_text.text, " ; ".join(moved_text.doubts), text))
        elif moved_text.changed:
            self.copy.changed.append(ToRead(where, moved_text.text, "année changée", text))
        return moved_text.text

    def actions(self, new: Dossier, convention: Convention) -> None:
        for action in self.old.actions:
            twinned = twin(action, convention=convention, amount=None)
            twinned.sheet_key = self.key(action.sheet_key)
            twinned.label = renamed(action.label, self.year)
            twinned.kept = {
                name: moved_json(value, self.year)
                for name, value in twinned.kept.items()
                if name not in ("amount", "part_etat")
            }
            if twinned.kept.get("year") == self.year:
                twinned.kept["year"] = self.year + 1
            new.actions.append(twinned)

    # Sheets -----------------------------------------------------------------------------------------------

    def key(self, key: str) -> str:
        """An identifier that bore the name of the old convention bears that of the new one."""
        if not key.startswith(self.old_slug):
            return key
        return (self.slug + key.removeprefix(self.old_slug))[:LONGEST_KEY]

    def sheets(self, new: Dossier) -> None:
        parties = {party.pk: twin_ for party, twin_ in zip(self.old.parties, new.parties, strict=True)}
        made: dict[str, Sheet] = {}
        # A theme may be printed before its mother: those first, then everything in the printed order.
        for old in sorted(self.old.sheets, key=lambda sheet: bool(sheet.parent_key)):
            mother = made.get(old.parent_key)
            made[old.key] = sheet = Sheet(self.commitment(old, new, parties, mother))
            sheet.parent_key = mother.key if mother else ""
        for old in self.old.sheets:
            sheet = made[old.key]
            plan = next_columns(old, self.year)
            done = SheetCopy(old, sheet, plan)
            self.pieces(done)
            self.money(done)
            self.matrix(done)
            self.tracking(done)
            self.copy.sheets.append(done)
            new.sheets.append(sheet)

    def commitment(self, old: Sheet, new: Dossier, parties: dict[Any, Any], mother: Sheet | None) -> Any:
        commitment = old.commitment
        twinned = twin(
            commitment,
            convention=new.convention,
            previous=commitment,
            parent=mother.commitment if mother else None,
            party=parties.get(commitment.party_id) if commitment.party_id else None,
            action=commitment.action if commitment.action_id else None,
            narrative=None,
        )
        twinned.key = self.key(commitment.key)
        twinned.objective_heading = renamed(commitment.objective_heading, self.year)
        for name in ("headings", "resume_headers", "sub_action_headers", "budget_headers"):
            setattr(twinned, name, each_renamed(getattr(commitment, name), self.year))
        return flagged(twinned)

    def pieces(self, done: SheetCopy) -> None:
        commitment = done.new.commitment
        done.new.resume = [twin(row, commitment=commitment) for row in done.old.resume]
        for action in done.old.sub_actions:
            twinned = twin(action, commitment=commitment, is_new=None)
            twinned.key = self.key(action.key)
            done.new.sub_actions.append(flagged(twinned))
        made: dict[int, SubBudget] = {}
        for budget in done.old.sub_budgets:
            parent = made.get(id(budget.parent)) if budget.parent is not None else None
            twinned = twin(budget, commitment=commitment, parent=parent, amount=None, raw="")
            twinned.sub_action_key = self.key(budget.sub_action_key)
            made[id(budget)] = twinned
            done.new.sub_budgets.append(twinned)

    def money(self, done: SheetCopy) -> None:
        """The lines of the year, without amounts; those that recall another year stay behind."""
        for row in done.old.budget:
            if row.line.year not in (None, self.year):
                done.lines_left.append(row.line.label)
                continue
            line = twin(row.line, commitment=done.new.commitment, notes="", position=len(done.new.budget))
            line.label = renamed(row.line.label, self.year)
            line.year = self.year + 1 if row.line.year else None
            done.new.budget.append(BudgetRow(line))

    def matrix(self, done: SheetCopy) -> None:
        old, new, plan = done.old, done.new, done.columns
        commitment = new.commitment
        for after in plan.after:
            after.column.commitment = commitment
            new.columns.append(after.column)
        column_by_key = {after.source.key: after.column for after in plan.after if after.source is not None}
        groups = {}
        for group in old.groups:
            twinned = groups[group.key] = twin(group, commitment=commitment)
            twinned.cells = {
                column_by_key[key].key: words for key, words in group.cells.items() if key in column_by_key
            }
            new.groups.append(twinned)
        rows: dict[str, MatrixRow] = {}
        for row in above_first(old.rows):
            twinned = rows[row.key] = twin(
                row,
                commitment=commitment,
                group=groups.get(row.group.key) if row.group else None,
                parent=rows.get(row.parent.key) if row.parent else None,
                indicator=row.indicator,
            )
            twinned.key = self.key(row.key)
            nothing = twinned.kept.pop("@values", {})
            if nothing := {
                column_by_key[key].key: value for key, value in nothing.items() if key in column_by_key
            }:
                twinned.kept["@values"] = nothing
        new.rows = [rows[row.key] for row in old.rows]
        short_title = self.old.convention.short_title
        for (row_key, column_key), cell in old.cells.items():
            if column_key in column_by_key:
                column, row = column_by_key[column_key], rows[row_key]
                new.cells[row.key, column.key] = copied(cell, row, column, short_title)

    def tracking(self, done: SheetCopy) -> None:
        for tracking in done.old.tracking:
            table = twin(tracking.table, commitment=done.new.commitment, notes=[])
            table.title = renamed(tracking.table.title, self.year)
            table.key = self.key(tracking.table.key)
            table.columns = [
                {**column, "header": renamed(str(column.get("header") or ""), self.year)}
                for column in objects_in(table.columns)
            ]
            words = {column.get("key") for column in table.columns if column.get("kind") == "text"}
            rows = []
            for row in tracking.rows:
                twinned = twin(row, table=table, raw="")
                twinned.cells = {name: cell for name, cell in row.cells.items() if name in words}
                rows.append(twinned)
            done.new.tracking.append(Tracking(table, rows))

    def annex(self, content: AnnexContent, convention: Convention) -> AnnexContent:
        annex = twin(content.annex, convention=convention)
        annex.key = self.key(content.annex.key)
        annex.title, annex.subtitle = renamed(annex.title, self.year), renamed(annex.subtitle, self.year)
        annex.year = self.year + 1 if annex.year == self.year else annex.year
        annex_content = AnnexContent(annex)
        for printed in content.tables:
            table = twin(printed.table, annex=annex)
            table.title, table.headers = (
                renamed(table.title, self.year),
                each_renamed(table.headers, self.year),
            )
            lines = [
                twin(line, table=table, recall="", figures=dict.fromkeys(line.figures))
                for line in printed.lines
            ]
            annex_content.tables.append(TableContent(table, lines))
        return annex_content


def next_dossier(dossier: Dossier, slug: str) -> Copy:
    """The convention of the year after, unsaved. Its year must be known."""
    return Copier(dossier, slug).run()


def copied(cell: Cell, row: MatrixRow, column: Any, text: str) -> Cell:
    """A figure of the past, which says where it was taken from."""
    twinned: Cell = twin(cell, row=row, column=column)
    if cell.kind:
        twinned.source = (f"{cell.source}, repris de {text}" if cell.source else f"Repris de {text}")[:300]
    return twinned


def above_first(rows: Iterable[MatrixRow]) -> list[MatrixRow]:
    def depth(row: MatrixRow) -> int:
        level, above = 0, row.parent
        while above is not None:
            level, above = level + 1, above.parent
        return level

    return sorted(rows, key=depth)


def titled(title: str, year: int) -> str:
    """The short title of the year after: it says its year."""
    next_title = renamed(title, year)
    return next_title if next_title != title else f"{title[:115]} {year + 1}"


def left_amounts(values: dict[str, Any], year: int) -> dict[str, Any]:
    """Rules in words stay; amounts are to be negotiated."""
    left_amounts = {
        name: without_amounts(copy.deepcopy(value))
        for name, value in values.items()
        if name not in TRACES and name != "split_part_etat"
    }
    left_amounts = {
        name: left_amount for name, left_amount in left_amounts.items() if left_amount not in ({}, [], None)
    }
    if "year" in left_amounts:
        left_amounts["year"] = year + 1
    return left_amounts


def known_amounts(dossier: Dossier) -> Iterable[Decimal]:
    """The amounts of the year that a text may say: those of the convention, and of its actions."""
    convention = dossier.convention
    amounts = convention.amounts.values()
    for figure in (
        convention.heading_amount,
        *amounts,
        *chain.from_iterable(map(as_list, amounts)),
        *(action.amount for action in dossier.actions),
    ):
        if (amount := euros(figure)) is not None:
            yield Decimal(amount)
