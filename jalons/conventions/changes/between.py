"""What changes from one version of a convention to another: amount by amount, sheet by sheet. Pure: no query.

Both versions are dossiers, read from the base, from a file or from a frozen edition. Pieces are matched by their key,
by their name when they have none, then by their place.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from jalons.conventions.changes.describing import (
    NOTHING,
    Said,
    amount_said,
    cell_said,
    part_words,
    plain_cell,
    said_of,
)
from jalons.conventions.dossier.content import (
    TOTAL,
    AnnexContent,
    BudgetRow,
    DeliberationContent,
    Dossier,
    Sheet,
    Tracking,
)
from jalons.conventions.enums import ColumnMeasure, Stage
from jalons.core.values import Number, exact, fold, format_euros, format_number
from jalons.core.values.formats import MINUS
from jalons.core.values.numbers import add


class Area(StrEnum):
    """Which part of the convention a change is in."""

    SHEET = "sheet"
    TEXT = "text"
    PAYMENT_ARTICLE = "payment_article"
    HEADING = "heading"
    ANNEX = "annex"
    DELIBERATION = "deliberation"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is said otherwise. `sheet`: its key, empty when it is on none.

    `before`, `after`: in words, empty when nothing was said. `delta`: after minus before, in euros when `is_money`,
    None when one of them is no number. `part`: whose money (`part_etat`, `total`…).
    `follow_up`: what is written while the convention lives (accounts, figures so far, follow-up tables, signatures):
    nobody voted on it, and no amendment says it.
    """

    sheet: str
    where: str
    what: str
    before: str
    after: str
    delta: Number | None = None
    is_money: bool = False
    area: Area = Area.SHEET
    part: str = ""
    follow_up: bool = False

    @property
    def delta_words(self) -> str:
        """« +1 € », « −40 », nothing when there is no difference to tell."""
        return "" if self.delta is None else signed(self.delta, is_money=self.is_money)


def signed(delta: Number, *, is_money: bool = True) -> str:
    shown = (format_euros if is_money else format_number)(abs(Decimal(delta)))
    return shown if not delta else f"{'+' if delta > 0 else MINUS}{shown}"


def changes(before: Dossier, after: Dossier) -> list[Change]:
    """What `after` says otherwise than `before`, in the order of the document: text, sheets, annexes, votes."""
    return [
        *text_changes(before, after),
        *sheet_changes(before, after),
        *annex_changes(before, after),
        *vote_changes(before, after),
    ]


def amended(before: Dossier, after: Dossier) -> list[Change]:
    """The changes that an amendment says: what is followed up is none of its business."""
    return [each for each in changes(before, after) if not each.follow_up]


def contracted(before: Dossier, after: Dossier) -> list[Change]:
    """The changes of what was voted: objectives, amounts, words. The vote itself is told after it took place."""
    return [each for each in amended(before, after) if each.area is not Area.DELIBERATION]


# Matching ----------------------------------------------------------------------------------------------------

Name = Callable[[Any], Hashable]


def pairs(before: Sequence[Any], after: Sequence[Any], name: Name) -> Iterator[tuple[Any, Any]]:
    """Twins of both lists: those of one name (the first with the first), then what is left in the order it stands.

    None stands for the one that is not there.
    """
    waiting: dict[Hashable, list[Any]] = defaultdict(list)
    for each in before:
        waiting[name(each)].append(each)
    twins: dict[int, Any] = {}
    for each in after:
        if same := waiting.get(name(each)):
            twins[id(each)] = same.pop(0)
    taken = {id(each) for each in twins.values()}
    left = [each for each in before if id(each) not in taken]
    for each in after:
        twin = twins.get(id(each))
        if twin is None and left and not keyed(each):
            twin = left.pop(0)
        yield twin, each
    for gone in left:
        yield gone, None


def keyed(piece: Any) -> bool:
    """What has an identifier of its own is never taken for another; nor is a sheet or a vote."""
    inner = next(
        (getattr(piece, name) for name in ("commitment", "annex", "table") if hasattr(piece, name)), piece
    )
    if isinstance(piece, Sheet | AnnexContent | DeliberationContent):
        return True
    return bool(getattr(piece, "key", "") or (isinstance(piece, Tracking) and getattr(inner, "key", "")))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the comparison stands."""

    area: Area
    sheet: str = ""
    where: str = ""
    follow_up: bool = False

    def at(self, where: str, *, follow_up: bool = False) -> "Place":
        return Place(self.area, self.sheet, where, self.follow_up or follow_up)


def change(place: Place, what: str, before: Said, after: Said, part: str = "") -> Change:
    comparable = before.number is not None and after.number is not None and before.unit == after.unit
    delta = None
    if comparable and before.number != after.number:
        delta = add(after.number or 0, exact(-Decimal(before.number or 0)))
    elif before.is_money or after.is_money:
        # An amount that appears or goes away counts whole.
        if after.number is not None and before.number is None:
            delta = after.number
        elif before.number is not None and after.number is None:
            delta = exact(-Decimal(before.number))
    same = before.words == after.words
    return Change(
        place.sheet,
        place.where,
        what[:1].upper() + what[1:],
        (before.printed or before.words) if same else before.words,
        (after.printed or after.words) if same else after.words,
        delta,
        before.is_money or after.is_money,
        place.area,
        part,
        place.follow_up,
    )


def compare(
    place: Place, before: dict[str, Said], after: dict[str, Said], parts: bool = False
) -> Iterator[Change]:
    """Item by item; the value itself has the empty name."""
    for name in [*after, *(name for name in before if name not in after)]:
        was, now = before.get(name, NOTHING), after.get(name, NOTHING)
        if was != now:
            yield change(
                place, part_words(name) if parts else name or "valeur", was, now, name if parts else ""
            )


def compare_lists(
    place: Place,
    before: Sequence[Any],
    after: Sequence[Any],
    name: Name,
    title: Callable[[Any], str],
    said: Callable[[Any], dict[str, Said]] = said_of,
    ordered: bool = True,
    is_follow_up: Callable[[Any], bool] = lambda piece: False,
) -> Iterator[Change]:
    """Pieces of one kind: those that came, those that went, what changed in the others, and their order.

    `ordered` false: the file has no order for them, and a database gives them back in its own.
    """
    kept: list[Any] = []
    for was, now in pairs(before, after, name):
        piece = now if now is not None else was
        where = ", ".join(filter(None, (place.where, title(piece))))
        # What was agreed and becomes followed up, or the reverse, is a change of what was agreed.
        here = place.at(where, follow_up=all(map(is_follow_up, filter(None, (was, now)))))
        if was is None or now is None:
            yield came_or_went(here, was is None)
        elif now is not None:
            kept.append((was, now))
        yield from compare(here, said(was) if was is not None else {}, said(now) if now is not None else {})
    order = {id(each): index for index, each in enumerate(before)}
    places = [order[id(was)] for was, _ in kept]
    if ordered and places != sorted(places):
        yield Change(
            place.sheet,
            place.where,
            "Ordre",
            "",
            "Les lignes sont dans un autre ordre",
            area=place.area,
            follow_up=place.follow_up,
        )


def came_or_went(place: Place, came: bool) -> Change:
    what = "Ajout" if came else "Retrait"
    return Change(
        place.sheet,
        place.where,
        what,
        "" if came else "présent",
        "présent" if came else "",
        area=place.area,
        follow_up=place.follow_up,
    )


def cut(words: str, longest: int = 90) -> str:
    line = " ".join(str(words).split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()}…"


# The text ----------------------------------------------------------------------------------------------------


def text_changes(before: Dossier, after: Dossier) -> Iterator[Change]:
    text, article = Place(Area.TEXT), Place(Area.PAYMENT_ARTICLE)
    was, now = said_of(before.convention), said_of(after.convention)
    for each in compare(text.at("Convention"), was, now):
        yield signing_apart(each) if not each.is_money else in_heading(each)
    parties = compare_lists(
        text, before.parties, after.parties, lambda p: (p.name, p.signatory), lambda p: f"Partie {p.name}"
    )
    yield from map(signing_apart, parties)
    yield from compare_lists(
        text, before.references, after.references, lambda r: r.raw, lambda r: f"Visa « {cut(r.raw, 60)} »"
    )
    yield from compare_lists(
        text, before.articles, after.articles, lambda a: a.number, lambda a: f"Article {a.number}"
    )
    yield from compare_lists(
        text,
        before.clauses,
        after.clauses,
        lambda c: c.name,
        lambda c: f"Clause {clause_words(c)}",
        ordered=False,
    )
    yield from compare_lists(
        article,
        before.planned,
        after.planned,
        lambda a: (a.departement_words, a.number, a.sheet_key),
        lambda a: f"Action {a.number} – {cut(a.label)}",
    )
    yield from compare_lists(
        text,
        before.listed,
        after.listed,
        lambda a: (a.departement_words, a.number),
        lambda a: f"Liste des actions, {a.departement_words} {a.number}".strip(),
    )
    yield from compare_lists(
        text, before.missing, after.missing, lambda m: m.number, lambda m: f"Fiche {m.number} sans page"
    )


# What is written when the parties sign, after the vote.
SIGNING = frozenset(["Signée le", "Fait à"])


def signing_apart(each: Change) -> Change:
    return replace(each, follow_up=True) if each.what in SIGNING else each


def in_heading(each: Change) -> Change:
    return Change(
        each.sheet,
        "Montants de la convention",
        each.what,
        each.before,
        each.after,
        each.delta,
        each.is_money,
        Area.HEADING,
    )


CLAUSES = {
    "termination": "de dénonciation",
    "reporting": "de rapport",
    "parity": "de parité",
    "duration": "de durée",
    "action_period": "sur la période des actions",
    "amendment": "d’avenant",
    "annexes": "sur les annexes",
    "evaluation": "d’évaluation",
    "flag_changes": "sur les fiches modifiées",
    "litigation": "sur les litiges",
}


def clause_words(clause: Any) -> str:
    return CLAUSES.get(clause.name, clause.name.replace("_", " "))


# Sheets ------------------------------------------------------------------------------------------------------


def sheet_changes(before: Dossier, after: Dossier) -> Iterator[Change]:
    for was, now in pairs(before.sheets, after.sheets, lambda sheet: sheet.key):
        key = (now or was).key
        place = Place(Area.SHEET, key)
        if was is None or now is None:
            yield came_or_went(place.at("Fiche"), was is None)
        yield from one_sheet(place, was or empty_sheet(now), now or empty_sheet(was))


def empty_sheet(like: Sheet) -> Sheet:
    return Sheet(type(like.commitment)(key=like.key))


def one_sheet(place: Place, was: Sheet, now: Sheet) -> Iterator[Change]:
    yield from compare_lists(
        place.at("Budget"),
        was.budget,
        now.budget,
        lambda row: (row.line.number, fold(row.line.label)),
        lambda row: cut(row.line.label),
        lambda row: said_of(row.line),
    )
    yield from budget_changes(place, was, now)
    yield from compare_lists(
        place.at("Sous-budget"),
        was.sub_budgets,
        now.sub_budgets,
        lambda one: (fold(one.parent.label) if one.parent else None, fold(one.label)),
        lambda one: cut(one.label),
    )
    for each in compare(place.at("Fiche"), head(was), head(now)):
        yield replace(each, follow_up=each.what.startswith(WRITTEN_ACCOUNT))
    yield from compare_lists(
        place,
        was.resume,
        now.resume,
        lambda row: row.position,
        lambda row: f"Résumé, ligne {row.position + 1}",
    )
    yield from compare_lists(
        place,
        was.sub_actions,
        now.sub_actions,
        key_or_action,
        lambda one: f"Action « {cut(one.action, 60)} »",
    )
    yield from matrix_changes(place, was, now)
    yield from tracking_changes(place, was, now)


def key_or_action(one: Any) -> Hashable:
    return one.key or fold(one.action)


WRITTEN_ACCOUNT = "Bilan rédigé"  # the narrative of a sheet, told once the year is over


def is_followed(column: Any) -> bool:
    """What a column holds is followed up, unless it is what was agreed: an objective, or no one knows what."""
    return column.measure in (ColumnMeasure.ACCOUNT, ColumnMeasure.ACTUAL)


def head(sheet: Sheet) -> dict[str, Said]:
    return said_of(sheet.commitment) | ({"fiche mère": Said(sheet.parent_key)} if sheet.parent_key else {})


def budget_changes(place: Place, was: Sheet, now: Sheet) -> Iterator[Change]:
    """Amount by amount, the parts first and the printed total last."""
    name: Name = lambda row: (row.line.number, fold(row.line.label))  # noqa: E731
    for before, after in pairs(was.budget, now.budget, name):
        here = place.at(f"Budget, {cut((after or before).line.label)}")
        yield from compare(here, amounts_of(before), amounts_of(after), parts=True)


def amounts_of(row: BudgetRow | None) -> dict[str, Said]:
    if row is None:
        return {}
    planned = {part: amount for (part, stage), amount in row.amounts.items() if stage == Stage.PLANNED}
    ordered = sorted(planned, key=lambda part: part == TOTAL)
    return {part: said for part in ordered if (said := amount_said(planned[part]))}


def matrix_changes(place: Place, was: Sheet, now: Sheet) -> Iterator[Change]:
    yield from compare_lists(
        place,
        was.columns,
        now.columns,
        lambda one: one.key,
        lambda one: f"Colonne « {cut(one.words)} »",
        is_follow_up=is_followed,
    )
    yield from compare_lists(
        place, was.groups, now.groups, lambda one: one.key, lambda one: f"Section « {cut(one.label)} »"
    )
    yield from compare_lists(
        place,
        was.rows,
        now.rows,
        lambda one: one.key,
        lambda one: f"Indicateur « {cut(one.label)} »",
        row_said,
    )
    rows = {row.key: row for sheet in (was, now) for row in sheet.rows}
    was_columns, now_columns = ({column.key: column for column in sheet.columns} for sheet in (was, now))
    columns = {**was_columns, **now_columns}
    for keys in dict.fromkeys([*now.cells, *was.cells]):
        before, after = cell_said(was.cells.get(keys)), cell_said(now.cells.get(keys))
        if before != after:
            row, column = rows[keys[0]], columns[keys[1]]
            stood = [
                each for each in (was_columns.get(keys[1]), now_columns.get(keys[1])) if each is not None
            ]
            here = place.at(f"{column.words}, « {cut(row.label)} »", follow_up=all(map(is_followed, stood)))
            yield from compare(here, before, after)


def row_said(row: Any) -> dict[str, Said]:
    above = {
        "détail de": Said(cut(row.parent.label or row.parent.key) if row.parent else ""),
        "section": Said(cut(row.group.label or row.group.key) if row.group else ""),
    }
    return said_of(row) | {name: said for name, said in above.items() if said}


def tracking_changes(place: Place, was: Sheet, now: Sheet) -> Iterator[Change]:
    name: Name = lambda one: one.table.key or fold(one.table.title)  # noqa: E731
    place = place.at(place.where, follow_up=True)
    yield from compare_lists(
        place,
        was.tracking,
        now.tracking,
        name,
        lambda one: f"Tableau « {cut(one.table.title)} »",
        lambda one: said_of(one.table),
    )
    for before, after in pairs(was.tracking, now.tracking, name):
        title = f"Tableau « {cut((after or before).table.title)} »"
        yield from compare_lists(
            place.at(title),
            before.rows if before else (),
            after.rows if after else (),
            lambda row: row.key or row.position,
            lambda row: f"ligne {row.position + 1}",
            tracking_row_said,
        )


def tracking_row_said(row: Any) -> dict[str, Said]:
    headers = {
        str(column.get("key")): str(column.get("header") or column.get("key"))
        for column in row.table.columns
        if isinstance(column, dict)
    }
    cells = {headers.get(key, key): plain_cell(told) for key, told in (row.cells or {}).items()}
    return {"ligne imprimée": Said(row.raw.strip()), **cells} if row.raw.strip() else cells


# Annexes and votes -------------------------------------------------------------------------------------------


def annex_changes(before: Dossier, after: Dossier) -> Iterator[Change]:
    place = Place(Area.ANNEX)
    yield from compare_lists(
        place,
        before.annexes,
        after.annexes,
        lambda one: one.annex.key,
        lambda one: str(one.annex) or "Annexe financière",
        lambda one: said_of(one.annex),
    )
    for was, now in pairs(before.annexes, after.annexes, lambda one: one.annex.key):
        here = place.at(str((now or was).annex) or "Annexe financière")
        old, new = (each.tables if each else [] for each in (was, now))
        name: Name = lambda one: one.table.key or fold(one.table.title)  # noqa: E731
        yield from compare_lists(
            here, old, new, name, lambda one: table_title(one), lambda one: said_of(one.table)
        )
        for first, second in pairs(old, new, name):
            yield from compare_lists(
                here.at(f"{here.where}, {table_title(second or first)}"),
                first.lines if first else (),
                second.lines if second else (),
                lambda line: (line.kind_words, line.number, line.action_number, fold(line.label)),
                lambda line: cut(line.label),
            )


def table_title(content: Any) -> str:
    return cut(content.table.title) or f"tableau {content.table.position + 1}"


def vote_changes(before: Dossier, after: Dossier) -> Iterator[Change]:
    place = Place(Area.DELIBERATION)
    name: Name = lambda one: (one.deliberation.assembly, one.deliberation.number)  # noqa: E731
    yield from compare_lists(
        place,
        before.deliberations,
        after.deliberations,
        name,
        lambda one: f"Délibération {one.deliberation.number}",
        lambda one: said_of(one.deliberation),
    )
    for was, now in pairs(before.deliberations, after.deliberations, name):
        here = place.at(f"Délibération {(now or was).deliberation.number}")
        yield from compare_lists(
            here,
            was.amounts if was else (),
            now.amounts if now else (),
            lambda one: (one.convention_key, one.meaning),
            lambda one: f"montant autorisé pour {one.convention_key}",
        )
        yield from compare_lists(
            here,
            was.lines if was else (),
            now.lines if now else (),
            lambda one: (one.operation, one.envelope),
            lambda one: f"ligne comptable {one.operation} {one.envelope}".strip(),
        )
