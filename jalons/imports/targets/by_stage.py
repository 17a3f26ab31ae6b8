"""Money whose lines say what their amounts are: « Prévu » then « Payé » down, years or funders across."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from jalons.imports.reading.grid import Place, SheetGrid
from jalons.imports.reading.rebuilding import PART, body_of, lone_lines, rebuilt
from jalons.imports.reading.table import SheetTable
from jalons.imports.reading.totals import is_total
from jalons.imports.targets.fields import target_of
from jalons.imports.targets.mapping import whole_year
from jalons.imports.targets.recognise import Recognised
from jalons.imports.targets.stages import is_funder, lone_stage, stage_of_words, year_of_words
from jalons.spreadsheets.reading import SheetContent

Read = Callable[[SheetContent | None], SheetTable | None]
FEWEST = 2
BY_STAGE = "Ce tableau dit sur chaque ligne si elle est prévue ou payée : Jalons lit une ligne par financeur."
BY_YEAR = (
    "Ce tableau met les années en lignes et les financeurs en colonnes : Jalons lit une ligne par financeur."
)
# What stands before the name of a dispositif in a title.
_OF = (
    "suivi du ", "suivi des ", "suivi de la ", "suivi de l'", "suivi de ", "plan de ", "financements ", "financement ",
    "budget ", "du ", "des ", "de la ", "de l'", "de l’", "de ", "– ", "- ", ": ",
)  # fmt: skip


@dataclass
class AmountsByStage:
    """Where each amount of one dispositif and one funder stands, by stage and year."""

    named: list[Place]
    amounts: dict[tuple[str, int], Place] = field(default_factory=dict)


def by_stage(table: SheetTable, recognised: Recognised, read: Read) -> SheetTable | None:
    """« Action | Financeur | | 2024 | 2025 » above « MOUS | État | Prévu | 100 | 110 » and « | | Payé | 98 | »."""
    grid, target = table.grid, recognised.target
    if target is None or target.kind != "funding" or grid.sheet.part == PART or table.layout is None:
        return None
    years = {guess.column: year for guess in recognised.columns if (year := whole_year(guess.heading))}
    named = [guess for guess in recognised.columns if guess.field in ("action", "funder")]
    others = [
        guess.column
        for guess in recognised.columns
        if guess.column not in years and guess.column not in {guess.column for guess in named}
    ]
    column = next((column for column in others if tells_stages(table, column)), None)
    if column is None or not years or not named:
        return None
    lines = money_lines(table, [guess.column for guess in named], column, years)
    keys = sorted({key for line in lines for key in line.amounts}, key=lambda key: (key[1], key[0]))
    labels = [target.fields[guess.field].label for guess in named]
    head: list[Place | str] = [*labels, *(f"{target.fields[stage].label} {year}" for stage, year in keys)]
    rows: list[list[Place | str]] = [
        head, *([*line.named, *(line.amounts.get(key, "") for key in keys)] for line in lines),
    ]  # fmt: skip
    return read(around(grid, rows, BY_STAGE))


def tells_stages(table: SheetTable, column: int) -> bool:
    texts = [text for row in table.rows() if (text := table.cell(row, column).text)]
    return len(texts) >= FEWEST and all(map(lone_stage, texts)) and len(texts) * 5 >= len(table.rows()) * 4


def money_lines(
    table: SheetTable, named: Sequence[int], column: int, years: dict[int, int]
) -> list[AmountsByStage]:
    """A name begins a line; so does a stage that the line already has."""
    lines: list[AmountsByStage] = []
    in_total = False
    for row in range(table.rows()[0], table.rows()[-1] + 1):
        stage = lone_stage(table.cell(row, column).text)
        own = [table.cell(row, at) for at in named]
        starts = any(not cell.is_blank and not cell.is_spread for cell in own)
        if starts:
            in_total = any(is_total(cell.text) for cell in own)
        if not stage or in_total:
            continue
        again = bool(lines) and any(already == stage for already, _ in lines[-1].amounts)
        if starts or again or not lines:
            lines.append(AmountsByStage([(row, at) for at in named]))
        for at, year in years.items():
            lines[-1].amounts[stage, year] = (row, at)
    return lines


def years_down(table: SheetTable, recognised: Recognised, read: Read) -> SheetTable | None:
    """« Année | État | MEL » above « 2024 prévu | 100 | 60 »: of the dispositif that the title names."""
    grid, body = table.grid, body_of(table.grid)
    target = target_of("funding")
    if grid.sheet.part == PART or len(body.rows) <= FEWEST:
        return None
    first = min(cell.place[1] for row in body.rows for cell in grid.filled(row))
    titles = [cell.text for row in body.titles for cell in grid.own(row)]
    funders = {
        cell.place[1]: cell.place
        for cell in grid.own(body.rows[0])
        if cell.place[1] > first and is_funder(cell.text)
    }
    stages_by_row = {
        row: (year_of_words([text]), stage_of_words([text]) or stage_of_words([table.title, *titles]))
        for row in body.rows[1:]
        if (text := grid.cell(row, first).text) and not is_total(text)
    }
    if (
        len(funders) < FEWEST
        or len(stages_by_row) < FEWEST
        or not all(year and stage for year, stage in stages_by_row.values())
    ):
        return None
    stages = list(dict.fromkeys(stage for _, stage in stages_by_row.values()))
    rows: list[list[Place | str]] = [
        ["Dispositif", "Financeur", "Année", *(target.fields[stage].label for stage in stages)]
    ]
    name = dispositif_of(titles)
    for column, place in funders.items():
        for year in dict.fromkeys(year for year, _ in stages_by_row.values()):
            at = {stage: (row, column) for row, (of, stage) in stages_by_row.items() if of == year}
            if any(grid.stands(*where) for where in at.values()):
                rows.append([name, place, year, *(at.get(stage, "") for stage in stages)])
    return read(around(grid, rows, BY_YEAR))


def dispositif_of(titles: Sequence[str]) -> str:
    """« Financement de la MOUS » speaks of « MOUS »: what it is is then looked for, and asked when it is not known."""
    name = titles[0].strip() if titles else ""
    while lead := next((words for words in _OF if name.lower().startswith(words)), ""):
        name = name[len(lead) :].strip()
    return name


def around(grid: SheetGrid, rows: Sequence[Sequence[Place | str]], note: str) -> SheetContent:
    body = body_of(grid)
    whole = [*lone_lines(grid, body.titles), *rows, *lone_lines(grid, body.notes)]
    return rebuilt(grid, whole, part=PART, note=note)
