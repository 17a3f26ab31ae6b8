"""Tables that lie on their side: dates or sites across, indicators down. Set upright when they can be read one way."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jalons.imports.enums import TargetKind
from jalons.imports.matching.indicators import plain_name, usual_words
from jalons.imports.reading.cells import ColumnNature
from jalons.imports.reading.context import SheetContext, context_of
from jalons.imports.reading.grid import Place, SheetGrid
from jalons.imports.reading.layout import RowKind, TableHeading
from jalons.imports.reading.rebuilding import (
    MOST_ACROSS,
    PART,
    SheetBody,
    body_of,
    lone_lines,
    rebuilt,
    turned,
)
from jalons.imports.reading.table import SheetTable, read_table
from jalons.imports.reading.totals import is_total
from jalons.imports.targets.abbreviations import knows
from jalons.imports.targets.by_funder import by_funder
from jalons.imports.targets.by_stage import by_stage, years_down
from jalons.imports.targets.dated import dated_heading
from jalons.imports.targets.fields import ImportTarget, header_key, target_of
from jalons.imports.targets.mapping import ColumnGuess, day_of, named
from jalons.imports.targets.recognise import Recognised, recognise
from jalons.spreadsheets.reading import SheetContent

OF_SITES = (TargetKind.SITES, TargetKind.CONDITIONS)
MOST_CELLS = 200_000
FEWEST_FIELDS = 3
FEWEST_DATES = 2
COUNTS = (ColumnNature.COUNT,)
BY_DATE = (
    "Ce tableau met les dates en colonnes : Jalons lit une ligne par site et par date. "
    "Un mois, un trimestre, un semestre valent leur dernier jour."
)
LAST_ONLY = (
    "Ce tableau compte deux fois, à deux dates, et dit le jour du passage : Jalons prend le dernier, à ce jour. "
    "L’autre n’est pas repris."
)
NAMELESS = "La colonne avant les mois n’a pas de titre : Jalons y lit les indicateurs."
ACROSS = "Ce tableau est couché : Jalons lit une ligne pour chacune de ses colonnes."
PERIODS = "Ce tableau met les dates en lignes : Jalons lit une colonne par date, une ligne par indicateur."
SITES_ACROSS = (
    "Ce tableau met les sites en colonnes et les dates en lignes : Jalons lit une ligne par site et par date. "
    "Un mois, un trimestre, un semestre valent leur dernier jour."
)
_BRACKETS = re.compile(r"\s*\(([^()]{2,60})\)\s*$")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what is made, on the day of the reading."""

    today: dt.date
    is_workbook: bool

    def __call__(self, sheet: SheetContent | None) -> SheetTable | None:
        if sheet is None:
            return None
        return read_table(sheet, knows, today=self.today, is_workbook=self.is_workbook)


def upright(table: SheetTable, *, today: dt.date, is_workbook: bool) -> SheetTable:
    """The table itself unless it lies on its side; then the one that it says."""
    read = Reader(today, is_workbook)
    straight = recognise(table)
    # Their numbers would be taken for others.
    if (made := by_date(table, straight, read) or by_stage(table, straight, read)) is not None:
        return made
    if max(table.grid.width, table.grid.height) > MOST_ACROSS:
        return table
    if (made := by_funder(table, straight, read) if is_money_of_nobody(straight) else None) is not None:
        return made
    if is_whole(table, straight):
        return table
    for attempt in (nameless, by_funder, years_down, periods_down, sites_over_dates, fields_down):
        if (made := attempt(table, straight, read)) is not None:
            return made
    return table


def is_whole(table: SheetTable, recognised: Recognised) -> bool:
    """Names alone are those of a table whose other fields are elsewhere."""
    fields, target = fields_of(recognised), recognised.target
    return target is not None and not target.missing(fields) and fields != {"name"}


def is_money_of_nobody(recognised: Recognised) -> bool:
    target = recognised.target
    return target is not None and target.kind is TargetKind.FUNDING and "funder" not in fields_of(recognised)


def fields_of(recognised: Recognised) -> set[str]:
    return {guess.field for guess in recognised.columns if guess.field}


# Sites down, dates across --------------------------------------------------------------------------------------


def by_date(table: SheetTable, recognised: Recognised, read: Reader) -> SheetTable | None:
    """« Commune | Site | 31/07/2026 | 31/08/2026 »: one row a site and a date."""
    target = recognised.target
    if target is None or target.kind not in OF_SITES or table.layout is None or table.grid.sheet.part == PART:
        return None
    dated = {guess.column: dated_heading(guess.heading, table, target) for guess in recognised.columns}
    dates = {column: day for column, (day, _) in dated.items() if day}
    undated = {guess.field for guess in recognised.columns if guess.column not in dates}
    if len(set(dates.values())) < FEWEST_DATES or not undated & {"name", "code", "address"}:
        return None
    if "observed_on" in undated and len(set(dates.values())) == FEWEST_DATES:
        return of_the_last_date(table, recognised, dates, dated, read)
    fixed = [
        guess for guess in recognised.columns if guess.column not in dates and is_repeated(guess, target)
    ]
    values = {column: value_name(dated[column][1], table, target) for column in dates}
    names = list(dict.fromkeys(values.values()))
    columns = {(dates[column], name): column for column, name in values.items()}
    if len(table.rows()) * len(set(dates.values())) * (len(fixed) + len(names)) > MOST_CELLS:
        return None
    sections = table.layout.sections if "commune" not in undated else {}
    head: list[Place | str] = ["Date de visite", *(["Commune"] if sections else []),
                               *(target.fields[guess.field].label for guess in fixed), *names]  # fmt: skip
    rows: list[list[Place | str]] = [head]
    hidden = []
    for row in table.rows():
        for day in sorted(set(dates.values())):
            places = [columns.get((day, name)) for name in names]
            if not any(column is not None and table.grid.stands(row, column) for column in places):
                continue
            if table.is_hidden_row(row):
                hidden.append(len(rows))
            rows.append(
                [
                    f"{day:%d/%m/%Y}",
                    *([sections.get(row, "")] if sections else []),
                    *((row, guess.column) for guess in fixed),
                    *("" if column is None else (row, column) for column in places),
                ]
            )
    return read(around(table, rows, hidden, BY_DATE))


def of_the_last_date(
    table: SheetTable,
    recognised: Recognised,
    dates: Mapping[int, dt.date],
    dated: Mapping[int, tuple[dt.date | None, list[str]]],
    read: Reader,
) -> SheetTable | None:
    """« Pers. sept. | Pers. oct. | Vu le »: the month before is there to be compared with."""
    target = recognised.target
    assert target is not None  # noqa: S101  # the caller looked
    last = max(dates.values())
    columns = [guess for guess in recognised.columns if dates.get(guess.column, last) == last]
    head: list[Place | str] = [
        value_name(dated[guess.column][1], table, target)
        if guess.column in dates
        else target.fields[guess.field].label
        if guess.field
        else guess.heading.words
        for guess in columns
    ]
    rows: list[list[Place | str]] = [head]
    for row in table.rows():
        rows.append([(row, guess.column) for guess in columns])
    hidden = [number for number, row in enumerate(table.rows(), 1) if table.is_hidden_row(row)]
    return read(around(table, rows, hidden, LAST_ONLY))


def is_repeated(guess: ColumnGuess, target: ImportTarget) -> bool:
    """What is true of a site at each date: its words, never a number without its date."""
    return (
        bool(guess.field)
        and target.fields[guess.field].kind.nature is ColumnNature.TEXT
        and guess.field != "note"
    )


def value_name(rest: Sequence[str], table: SheetTable, target: ImportTarget) -> str:
    """What the numbers of a dated column are: the rest of its heading, else what the sheet counts, else unknown."""
    if rest:
        key, _, _ = named([header_key(words) for words in rest], target)
        return target.fields[key].label if key else " ".join(rest)
    return counted([table.title, *table.texts(RowKind.TITLE)], target) or "Valeur"


def counted(texts: Iterable[str], target: ImportTarget) -> str:
    """« Effectifs par site »: the only thing that the titles count; nothing when they name two."""
    words = " ".join(f" {header_key(text)} " for text in texts)
    keys = {
        key
        for synonym, key in target.by_synonym.items()
        if len(synonym) > 3 and target.fields[key].kind.nature in COUNTS and f" {synonym} " in words
    }
    return target.fields[keys.pop()].label if len(keys) == 1 else ""


def around(
    table: SheetTable, rows: list[list[Place | str]], hidden: Sequence[int], note: str
) -> SheetContent:
    """Between the titles and the notes of the table."""
    grid = table.grid
    titles = lone_lines(grid, table.rows(RowKind.TITLE))
    notes = lone_lines(grid, table.rows(RowKind.NOTE))
    return rebuilt(
        grid, [*titles, *rows, *notes], part=PART, note=note, hidden=[len(titles) + row for row in hidden]
    )


# Months across, and nothing above the indicators ---------------------------------------------------------------


def nameless(table: SheetTable, straight: Recognised, read: Reader) -> SheetTable | None:
    """« | janv. | févr. | mars » above « Ménages | 10 | 11 | 12 »: what stands before the months."""
    grid = table.grid
    body = body_of(grid)
    texts = [cell.text for row in body.titles for cell in grid.own(row)]
    context = context_of(grid.sheet.title, texts, [], today=dt.date(2100, 1, 1))
    for depth, row in enumerate(body.rows[:3]):
        head = grid.own(row)
        dated = [cell.place[1] for cell in head if day_at(table, cell.text, context)]
        before = min(dated, default=0) - 1
        if len(dated) < FEWEST_DATES or before < 0 or not grid.cell(row, before).is_blank:
            continue
        names = [text for below in body.rows[depth + 1 :] if (text := grid.cell(below, before).text)]
        followed = sum(map(is_followed, names))
        if not followed or followed * 3 < len(names):  # they may be sites
            return None
        columns = range(before, grid.width)
        rows: list[list[Place | str]] = [
            [("Indicateur" if (at, column) == (row, before) else (at, column)) for column in columns]
            for at in body.rows[depth:]
        ]
        made = read(around_rows(grid, body, rows, NAMELESS))
        return made if made is not None and is_whole(made, recognise(made)) else None
    return None


# Fields down, sites across -------------------------------------------------------------------------------------


def fields_down(table: SheetTable, straight: Recognised, read: Reader) -> SheetTable | None:
    """« Site | Moulin | Canal », « Commune | Lille | Roubaix », « Personnes | 30 | 8 »."""
    made = read(turned(table.grid, part=PART, note=ACROSS))
    if made is None or made.layout is None:
        return None
    recognised = recognise(made)
    if len(fields_of(recognised)) < FEWEST_FIELDS or len(fields_of(recognised)) <= len(fields_of(straight)):
        return dates_over(made, recognised, read)
    first = made.layout.headings[0].column
    dated = sum(bool(day_of(TableHeading(0, (text,)), table)) for text in made.samples(first, 8))
    if dated >= FEWEST_DATES:  # months across: the follow-up of a dispositif whose first column has no name
        return None
    return dates_over(made, recognised, read) or made


def dates_over(made: SheetTable, recognised: Recognised, read: Reader) -> SheetTable | None:
    """Turned, its dates are across."""
    if made.layout is None:
        return None
    made.grid.sheet.part = ""
    dated = by_date(made, recognised, read)
    made.grid.sheet.part = PART
    return dated


# Dates down ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DatesDown:
    """A first column of dates under one line of headings."""

    body: SheetBody
    first: int
    columns: Sequence[int]
    context: SheetContext


def dates_down(table: SheetTable) -> DatesDown | None:
    grid = table.grid
    body = body_of(grid)
    if len(body.rows) <= FEWEST_DATES:
        return None
    head = grid.filled(body.rows[0])
    first = min(cell.place[1] for row in body.rows for cell in grid.filled(row))
    columns = [cell.place[1] for cell in head if cell.place[1] > first and isinstance(cell.value, str)]
    texts = [cell.text for row in body.titles for cell in grid.own(row)]
    context = context_of(grid.sheet.title, texts, [], today=dt.date(2100, 1, 1))
    days = [day_at(table, grid.cell(row, first).text, context) for row in body.rows[1:]]
    if not columns or sum(map(bool, days)) < FEWEST_DATES or sum(map(bool, days)) * 5 < len(days) * 4:
        return None
    return DatesDown(body, first, columns, context)


def day_at(table: SheetTable, text: str, context: SheetContext) -> dt.date | None:
    around_it = SheetTable(table.title, table.grid, None, context)
    return day_of(TableHeading(0, (text,)), around_it) if text else None


def periods_down(table: SheetTable, straight: Recognised, read: Reader) -> SheetTable | None:
    """« Mois | Ménages | Personnes | Contrats signés »: a dispositif, month after month."""
    down = dates_down(table)
    if down is None:
        return None
    words = [table.grid.cell(down.body.rows[0], column).text for column in down.columns]
    followed = [text for text in words if is_followed(text)]
    if len(followed) * 2 < len(words):
        return None
    made = read(turned(table.grid, part=PART, note=PERIODS, corner="Indicateur"))
    if made is None:
        return None
    target = recognise(made).target
    return made if target is not None and target.kind is TargetKind.INDICATORS else None


def is_followed(text: str) -> bool:
    name = plain_name(text)
    return name in followed_names() or bool(named([header_key(text)], target_of(TargetKind.SITES))[0])


def followed_names() -> set[str]:
    return {plain_name(words) for names in usual_words().values() for words in names}


def sites_over_dates(table: SheetTable, straight: Recognised, read: Reader) -> SheetTable | None:
    """« Date | Moulin (Lille) | Canal (Roubaix) » under a title that says what is counted."""
    down, target = dates_down(table), target_of(TargetKind.SITES)
    if down is None:
        return None
    grid = table.grid
    names = {
        column: text
        for column in down.columns
        if not is_total(text := grid.cell(down.body.rows[0], column).text)
    }
    what = counted(
        [grid.sheet.title, *(cell.text for row in down.body.titles for cell in grid.own(row))], target
    )
    if not what or len(names) < FEWEST_DATES or any(is_followed(name) for name in names.values()):
        return None
    communes = {column: match[1] for column, name in names.items() if (match := _BRACKETS.search(name))}
    with_communes = len(communes) == len(names)
    head: list[Place | str] = ["Date de visite", *(["Commune"] if with_communes else []), "Nom du site", what]
    rows: list[list[Place | str]] = [head]
    for column, name in names.items():
        for row in down.body.rows[1:]:
            day = day_at(table, grid.cell(row, down.first).text, down.context)
            if not day or not grid.stands(row, column):
                continue
            place: list[Place | str] = [communes[column]] if with_communes else []
            bare = _BRACKETS.sub("", name) if with_communes else name
            rows.append([f"{day:%d/%m/%Y}", *place, bare, (row, column)])
    return read(around_rows(grid, down.body, rows, SITES_ACROSS))


def around_rows(
    grid: SheetGrid, body: SheetBody, rows: Sequence[Sequence[Place | str]], note: str
) -> SheetContent:
    """Between the titles and the notes of the sheet."""
    whole = [*lone_lines(grid, body.titles), *rows, *lone_lines(grid, body.notes)]
    return rebuilt(grid, whole, part=PART, note=note)
