"""Who is followed, in one sentence that people copy into a mail or a note."""

from collections.abc import Sequence

from jalons.actions.enums import Block
from jalons.core.values import format_number, join_and, plural
from jalons.indicators.selectors.cell import Cell
from jalons.indicators.selectors.table import FollowTable
from jalons.indicators.sheet.content import head

NOUNS = {
    "menages": ("ménage", "ménages"),
    "personnes": ("personne", "personnes"),
    "femmes": ("femme", "femmes"),
    "mineurs": ("mineur", "mineurs"),
}
PEOPLE = "personnes"


def public_sentence(follow: FollowTable) -> str:
    """« Au 31 mars 2020 : 7 ménages, 32 personnes dont 10 femmes (31 %) et 15 mineurs (47 %). »

    At the last date when people are known in full, else at the last when some are; empty when they never were.
    """
    lines = {
        line.indicator.code: line
        for block in follow.blocks
        if block.block == Block.PUBLIC
        for line in block.lines
        if line.indicator.code in NOUNS and not line.is_blank
    }
    place = last_known(lines[PEOPLE].cells) if PEOPLE in lines else None
    if place is None:
        return ""
    cells = {code: line.cells[place] for code, line in lines.items()}
    details = [detail(code, cells[code]) for code in ("femmes", "mineurs") if code in cells]
    households = counted("menages", cells["menages"]) if "menages" in cells else ""
    people = counted(PEOPLE, cells[PEOPLE]) + (f" dont {join_and(details)}" if details else "")
    counts = ", ".join(part for part in (households, people) if part)
    return f"{when(follow, place)}\u00a0: {counts}."


def last_known(cells: Sequence[Cell]) -> int | None:
    places = range(len(cells) - 1, -1, -1)
    whole = [place for place in places if cells[place].complete is not None]
    partly = [place for place in places if cells[place].at_least is not None]
    return next(iter([*whole, *partly]), None)


def when(follow: FollowTable, place: int) -> str:
    """« Au 31 mars 2020 », « En mars 2020 (1 opérateur sur 2) »."""
    column = follow.columns[place]
    heading = head(column, follow)
    coverage = f" ({heading.coverage})" if heading.coverage else ""
    return f"{'Au' if column.exact else 'En'} {heading.label} {heading.year}{coverage}"


def counted(code: str, cell: Cell) -> str:
    """« 7 ménages », « au moins 7 ménages »; empty when it is not known."""
    number = cell.complete if cell.complete is not None else cell.at_least
    if number is None:
        return ""
    lower = "au moins " if cell.complete is None else ""
    return f"{lower}{format_number(number)}\u00a0{plural(number, *NOUNS[code])}"


def detail(code: str, cell: Cell) -> str:
    """« 10 femmes (31 %) », « un nombre de femmes non connu (ND) »: what is missing is said too."""
    words = counted(code, cell)
    if not words:
        return f"un nombre de {NOUNS[code][1]} non connu ({cell.words})"
    return f"{words} ({cell.share})" if cell.share and cell.complete is not None else words
