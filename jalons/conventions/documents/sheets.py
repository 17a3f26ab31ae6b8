"""Sheets laid out as they are printed: band, summary, objective, budget, indicators, follow-up, account."""

from collections.abc import Iterator, Sequence
from typing import Any

from jalons.conventions.documents.budget import budget_blocks
from jalons.conventions.documents.changed import Updated
from jalons.conventions.documents.matrix import indicator_tables
from jalons.conventions.documents.tracking import tracking_blocks
from jalons.conventions.documents.words import (
    item_line,
    item_lines,
    or_blank,
    or_empty,
    paragraph_line,
    prose,
    runs_of,
)
from jalons.conventions.dossier.content import Dossier, Sheet
from jalons.conventions.enums import Family
from jalons.conventions.models import SubAction
from jalons.conventions.models.printed import items_of, paragraphs_of, raw_of
from jalons.core.values import Emptiness, fold
from jalons.exports.acts import (
    HIGHEST,
    LETTERS_PER_CM,
    LINE_HEIGHT,
    ActLine,
    ActRow,
    Band,
    NewPage,
    Ruled,
    Run,
    Slot,
    Text,
    head,
    ruled,
    slot,
)
from jalons.exports.document import Heading

RESUME_HEADS = ("DESCRIPTION DE L’ACTION", "DATE DE MISE EN PLACE DE L’ACTION", "DURÉE DE L’ACTION")
ACTION_HEADS = ("ACTIONS MISES EN PLACE", "ÉTAT D’AVANCEMENT", "CALENDRIER", "PARTENAIRES")
ACTION_WIDTHS = (4.4, 6.4, 3.1, 3.1)
LETTERS_OF_COLUMN = 30  # that a centimetre of width holds before a row gets high


def sheet_blocks(dossier: Dossier, updated: Updated, *, level: int = 1) -> list[object]:
    """Every sheet, each on its own page, themes after their mother; the numbers that have no page are named."""
    blocks: list[object] = []
    if dossier.missing:
        blocks.append(Text(tuple(missing_lines(dossier)), remark=True))
    for at, sheet in enumerate(in_order(dossier)):
        if at:
            blocks.append(NewPage())
        blocks.extend(one_sheet(sheet, dossier, updated, level))
    return blocks or [Text((ActLine((Run("La convention n’a pas encore de fiche.", missing=True),)),))]


def missing_lines(dossier: Dossier) -> Iterator[ActLine]:
    """The numbers that the annexes name and that have no page of their own."""
    for missing in dossier.missing:
        words = " – ".join(filter(None, (f"Fiche {missing.number}" if missing.number else "", missing.label)))
        yield prose(f"{words or 'Fiche sans numéro'} : aucune page dans cette version.")


def in_order(dossier: Dossier) -> Iterator[Sheet]:
    for sheet in dossier.sheets:
        if not sheet.parent_key or sheet.parent_key not in dossier.by_key:
            yield sheet
            yield from dossier.themes(sheet)


def one_sheet(sheet: Sheet, dossier: Dossier, updated: Updated, level: int) -> list[object]:
    own, above = sheet.commitment, None
    if sheet.parent_key in dossier.by_key:
        above = dossier.by_key[sheet.parent_key]
    family = own.family_label or Family(own.family or Family.OTHER).label.upper()
    blocks: list[object] = [Band(family, strong=True)]
    if own.axis_theme and fold(own.axis_theme) != fold(own.title):
        blocks.append(Band(own.axis_theme))
    blocks.append(Heading(own.title or own.number_words, level))
    partial = bool(above or dossier.themes(sheet))
    blocks.extend(resume_blocks(sheet))
    blocks.extend(objective_blocks(sheet, dossier, partial=partial))
    blocks.extend(
        budget_blocks(sheet, dossier, updated, partial=bool(above), title=printed_title(sheet, BUDGET))
    )
    blocks.extend(block_title(printed_title(sheet, INDICATORS)))
    blocks.extend(indicator_tables(sheet, updated) or [unknown()])
    blocks.extend(tracking_blocks(sheet))
    blocks.extend(narrative_blocks(sheet))
    return [under(block, level) for block in blocks]


def under(block: object, level: int) -> object:
    """The titles of the blocks stand just under that of their sheet."""
    return Heading(block.text, level + 1) if isinstance(block, Heading) and block.level == UNDER else block


# Titles --------------------------------------------------------------------------------------------------

UNDER = 3  # the level of the title of a block, before that of its sheet is known
RESUME = ("RÉSUMÉ DU PROJET", "resume du projet")
BUDGET = ("VUE D’ENSEMBLE DU BUDGET", "vue d ensemble")
INDICATORS = ("INDICATEURS", "indicateurs")


def printed_title(sheet: Sheet, wanted: tuple[str, str]) -> str:
    """As printed on the sheet, else the usual one."""
    usual, start = wanted
    for heading in sheet.commitment.headings or ():
        if isinstance(heading, str) and fold(heading).startswith(start):
            return heading
    return usual


def block_title(words: str) -> list[object]:
    return [Heading(words, UNDER)]


def unknown() -> Text:
    return Text((ActLine((Run(Emptiness.EMPTY.words, missing=True),)),))


# Summary and objective -----------------------------------------------------------------------------------


def resume_blocks(sheet: Sheet) -> list[object]:
    title = printed_title(sheet, RESUME)
    if title == RESUME[0]:
        title = f"{title} ({sheet.commitment.number_words.upper()})"
    if not sheet.resume:
        return [*block_title(title), unknown()]
    heads = padded(sheet.commitment.resume_headers, RESUME_HEADS)
    rows = [
        ActRow(
            (
                Slot(or_empty(item_lines(row.description))),
                slot(row.start_words or Emptiness.EMPTY),
                slot(row.duration_words or Emptiness.EMPTY),
            )
        )
        for row in sheet.resume
    ]
    return [*block_title(title), ruled((10.0, 3.8, 3.2), [head(*heads)], rows)]


def padded(printed: Sequence[Any], usual: Sequence[str]) -> list[str]:
    """The printed heads, completed by the usual ones."""
    heads = [str(printed_head or "") for printed_head in printed or ()][: len(usual)]
    return [printed_head or usual[at] for at, printed_head in enumerate(heads)] + list(usual[len(heads) :])


def objective_blocks(sheet: Sheet, dossier: Dossier, *, partial: bool) -> list[object]:
    own = sheet.commitment
    if not sheet.sub_actions:
        if partial and not own.objective_heading:
            return []  # a sheet of themes: each of them says its own
        return [*block_title(objective_title(sheet, dossier)), unknown()]
    heads = head(*padded(own.sub_action_headers, ACTION_HEADS))
    rows = [row for action in sheet.sub_actions for row in action_rows(action)]
    return [*block_title(objective_title(sheet, dossier)), ruled(action_widths(sheet), [heads], rows)]


def action_widths(sheet: Sheet) -> list[float]:
    """The printed widths, a column in which somebody wrote a lot made wider."""
    longest = [0] * len(ACTION_WIDTHS)
    for action in sheet.sub_actions:
        texts = (
            action.action,
            *(raw_of(cell) for cell in (action.progress, action.calendar, action.partners)),
        )
        longest = [max(before, len(words)) for before, words in zip(longest, texts, strict=True)]
    return [
        width + min(max(letters - LETTERS_OF_COLUMN * width, 0) / 120, 3.0)
        for width, letters in zip(ACTION_WIDTHS, longest, strict=True)
    ]


def objective_title(sheet: Sheet, dossier: Dossier) -> str:
    return sheet.commitment.objective_heading or " ".join(filter(None, ("OBJECTIF", str(dossier.year or ""))))


def action_rows(action: SubAction) -> Iterator[ActRow]:
    """A row, or one for each bullet when bullets of two cells answer each other one by one."""
    label = tuple(action_lines(action))
    cells = (action.progress, action.calendar, action.partners)
    steps = aligned(*(items_of(cell) for cell in cells))
    if steps is None:
        yield ActRow((Slot(label), *(Slot(or_empty(item_lines(cell))) for cell in cells)))
        return
    yield from aligned_rows(label, steps, cells)


def action_lines(action: SubAction) -> Iterator[ActLine]:
    """Its text, on the lines in which it was printed when they still say it."""
    items = items_of({"items": action.kept.get("action_items")})
    items_text = " ".join(str(item.get("text") or "") for item in items)
    lines = [item_line(item) for item in items] if fold(items_text) == fold(action.action) and items else []
    if not lines:
        lines = (
            [ActLine(runs_of(action.action))]
            if action.action
            else [ActLine((Run(Emptiness.EMPTY.words, missing=True),))]
        )
    yield from lines
    if action.is_new and "nouveau" not in fold(f"{action.action} {raw_of(action.progress)}"):
        yield ActLine((Run("Nouveau", bold=True),))


def aligned(
    progress: list[dict[str, Any]], calendar: list[dict[str, Any]], partners: list[dict[str, Any]]
) -> list[list[dict[str, Any]]] | None:
    """The bullets of the progress cell, in groups which the other cells follow one by one; None when one cannot tell.

    Never guessed: where a blank line was lost, which date answers which bullet is not known any more.
    """
    others = [len(items) for items in (calendar, partners) if len(items) > 1]
    if not others or len(set(others)) > 1 or len(progress) < 2:
        return None
    tops: list[list[dict[str, Any]]] = []
    for item in progress:
        if not item.get("level") or not tops:
            tops.append([])
        tops[-1].append(item)
    if others[0] == len(progress):
        return [[item] for item in progress]
    return tops if others[0] == len(tops) else None


def aligned_rows(
    label: tuple[ActLine, ...], steps: list[list[dict[str, Any]]], cells: tuple[Any, ...]
) -> Iterator[ActRow]:
    count = len(steps)
    words = [item_lines(cell) for cell in cells]
    # Too high for one page: it may break between two bullets, and what is said once stands beside the first.
    apart = max(map(high, (label, *words), ACTION_WIDTHS)) > HIGHEST
    for at, step in enumerate(steps):
        joined, going_on = bool(at), at + 1 < count

        def slot_of(lines: Sequence[ActLine], joined: bool = joined, going_on: bool = going_on) -> Slot:
            return Slot(or_blank(lines), joined=joined, going_on=going_on)

        def spanning(lines: Sequence[ActLine], at: int = at) -> Slot:
            return slot_of(() if at else lines) if apart else Slot(tuple(lines), rows=count)

        slots = [spanning(label)] if not at or apart else []
        slots.append(slot_of([item_line(item) for item in step]))
        for lines, cell in zip(words[1:], cells[1:], strict=True):
            if len(items_of(cell)) == count:
                slots.append(slot_of((lines[at],)))
            elif not at or apart:
                slots.append(spanning(or_empty(lines)))
        yield ActRow(tuple(slots), with_next=at + 1 < count and not apart)


def high(lines: Sequence[ActLine], centimetres: float) -> float:
    """About how high a cell of this width is."""
    return sum(len(line.words) / (centimetres * LETTERS_PER_CM) + 1 for line in lines) * LINE_HEIGHT


# Account -------------------------------------------------------------------------------------------------


def narrative_blocks(sheet: Sheet) -> list[object]:
    narrative: Any = sheet.commitment.narrative
    if not narrative:
        return []
    lines = [paragraph_line(paragraph) for paragraph in paragraphs_of(narrative)]
    if not lines:
        return []
    return [*block_title(narrative.get("heading") or "BILAN"), Text(tuple(lines))]


def tables(blocks: Sequence[object]) -> list[Ruled]:
    return [block for block in blocks if isinstance(block, Ruled)]
