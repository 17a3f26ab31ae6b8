"""The figures of a sheet: typed, pasted, detailed."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.changes.pledge import ChangesVoted, Pledge
from jalons.conventions.changes.sheets_between import is_followed
from jalons.conventions.dossier.pages import actor_on, on_sheet, sheet_url
from jalons.conventions.dossier.past import dated
from jalons.conventions.figures.grid_forms import GridForm, seen_in, texts_in
from jalons.conventions.figures.grid_gaps import Place
from jalons.conventions.figures.selectors import FiguresGrid, grid_of, matrix_of, text_of
from jalons.conventions.figures.services import CellFigure, Clash, Outcome, set_figures
from jalons.conventions.models import Cell, Commitment
from jalons.core.services import write_once
from jalons.core.ui import THEIRS, Difference, choice_name
from jalons.core.values import format_number, french_spaces, plural
from jalons.editing.writing import ALREADY_WRITTEN, typed
from jalons.history.querysets import NOW, AsOf
from jalons.history.services import Actor

CORRECTING = "corriger"
COLUMN = "colonne"
GONE = "Cette ligne ou cette colonne a été ôtée du tableau pendant que vous écriviez."


def address(commitment: Commitment, name: str = "grid") -> str:
    return reverse(f"conventions:{name}", args=[commitment.convention.slug, commitment.public_id])


def asked_grid(request: HttpRequest, commitment: Commitment, at: AsOf = NOW) -> FiguresGrid:
    return grid_of(
        request.user,
        matrix_of(commitment, at),
        correcting=request.GET.get(CORRECTING) == "1",
        current=request.GET.get(COLUMN, ""),
        read_only=at.is_past,
    )


@dataclass
class Trouble:
    """What was sent and is not written: texts to show again, why, and what others wrote meanwhile."""

    texts: dict[Place, str] = field(default_factory=dict)
    wrong: dict[Place, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    pledge: ChangesVoted | None = None


@on_sheet(Right.FILL_FIGURES, past=True)
def grid(request: HttpRequest, commitment: Commitment, at: AsOf) -> HttpResponse:
    figures_grid = asked_grid(request, commitment, at)
    form = GridForm(typed(request), correcting=figures_grid.correcting, initial={"seen": figures_grid.seen})
    trouble = Trouble()
    if form.is_bound:
        if (done := save(request, commitment, figures_grid, form, trouble)) is not None:
            return done
        figures_grid = asked_grid(request, commitment)
        show_again(form, figures_grid, trouble)
    return show_grid(request, commitment, figures_grid, form, trouble)


def show_grid(
    request: HttpRequest, commitment: Commitment, figures_grid: FiguresGrid, form: GridForm, trouble: Trouble
) -> HttpResponse:
    at, _ = AsOf.read(request.GET)
    past = dated(request, at)
    context = {
        **frame(commitment, past["kept"]),
        **past,
        "grid": figures_grid,
        "form": form,
        "trouble": trouble,
        "pledge": trouble.pledge,
        "problems": [box for box in figures_grid.boxes if box.wrong],
        "writes": any(line.mine for line in figures_grid.lines),
        "all_mine": all(line.mine for line in figures_grid.lines),
        "arranges": not at.is_past and can(request.user, Right.FILL_COMMITMENT, commitment),
        "asked": figures_grid.asked,
        "actual_key": uuid.uuid4(),
        "cell_url": address(commitment, "cell"),
        "history_url": address(commitment, "cell_history"),
        "who": uuid.uuid5(uuid.NAMESPACE_OID, f"jalons-{request.user.pk}"),
    }
    return render(
        request, "conventions/figures/grid.html", context, status=409 if trouble.differences else 200
    )


def frame(commitment: Commitment, text: str = "") -> dict[str, Any]:
    return {
        "commitment": commitment,
        "convention": commitment.convention,
        "sheet_url": sheet_url(commitment) + text,
        "grid_url": address(commitment),
    }


# Saving ------------------------------------------------------------------------------------------------------


def save(
    request: HttpRequest, commitment: Commitment, figures_grid: FiguresGrid, form: GridForm, trouble: Trouble
) -> HttpResponse | None:
    """Writes what was typed. None when some of it could not be: `trouble` says what, the rest is written."""
    seen = seen_in(request.POST)
    texts = changed_texts(request, figures_grid, seen, trouble)
    if not form.is_valid():
        trouble.texts |= {place: text for place, text in texts.items() if figures_grid.box(place)}
        return None
    figures = []
    for place, text in texts.items():
        box = figures_grid.box(place)
        if box is None or not box.is_open:
            trouble.lost.append(text)
        else:
            figures.append(CellFigure(box.row, box.column, text))
    key = form.cleaned_data["submission_key"]
    reason = form.cleaned_data.get("reason", "")
    target = f"{address(commitment)}#enregistre-{key}"
    try:
        outcome = write_figures(
            request, commitment, figures, reason=reason, seen=seen, key=key, target=target
        )
    except ChangesVoted as changes:
        ask_first(changes, figures, trouble)
        return None
    if outcome is None:
        return redirect(target)
    keep_trouble(outcome, figures, trouble, seen)
    return None if trouble.texts or trouble.lost else redirect(target)


def write_figures(
    request: HttpRequest,
    commitment: Commitment,
    figures: Sequence[CellFigure],
    *,
    reason: str,
    seen: Mapping[Place, int | None],
    key: uuid.UUID,
    target: str,
) -> Outcome | None:
    """Writes once for this key, and says how much; None when it had been sent already."""
    outcomes: list[Outcome] = []
    convention, promise = commitment.convention, None
    if any(not is_followed(figure.column) for figure in figures):
        promise = Pledge(request, convention)

    def write_them() -> Outcome:
        by = actor_for_figures(request, figures)
        return set_figures(convention=convention, figures=figures, by=by, reason=reason, seen=seen)

    def write() -> str:
        outcome = Outcome()
        if promise:
            outcome = promise.keep(write_them, sheets=[commitment])
        elif figures:
            outcome = write_them()
        outcomes.append(outcome)
        return target

    write_once(key, user_key=str(request.user.pk), write=write, before=promise.read if promise else None)
    if not outcomes:
        messages.info(request, ALREADY_WRITTEN)
        return None
    tell(request, outcomes[0])
    return outcomes[0]


def ask_first(changes: ChangesVoted, figures: Sequence[CellFigure], trouble: Trouble) -> None:
    """Nothing was written: all that was typed is shown again, with what it would change of what was voted."""
    trouble.pledge = changes
    trouble.texts |= {figure.place: str(figure.typed) for figure in figures}


def tell(request: HttpRequest, outcome: Outcome) -> None:
    count = len(outcome.written)
    if count:
        cells = plural(count, "case enregistrée", "cases enregistrées")
        messages.success(request, f"{format_number(count)} {cells}.")
    elif not outcome.refused and not outcome.conflicts:
        messages.info(
            request, french_spaces("Rien n’a changé : ce que vous avez écrit était déjà enregistré.")
        )


def actor_for_figures(request: HttpRequest, figures: Sequence[CellFigure]) -> Actor:
    """The organisation that may fill these rows; the first of them says which."""
    return actor_on(request, figures[0].row, Right.FILL_FIGURES)


def changed_texts(
    request: HttpRequest, figures_grid: FiguresGrid, seen: Mapping[Place, int | None], trouble: Trouble
) -> dict[Place, str]:
    """What the person typed over what they saw. 403 for a row that is not theirs to fill."""
    lines = {line.row.pk: line for line in figures_grid.lines}
    texts = texts_in(request.POST)
    if any(place[0] in lines and not lines[place[0]].mine for place in texts):
        raise PermissionDenied(french_spaces("Cette ligne est remplie par une autre structure."))
    before = texts_seen(figures_grid, seen)
    return {
        place: text
        for place, text in texts.items()
        if " ".join(text.split()) != " ".join(before.get(place, "").split())
        and request.POST.get(choice_name("-".join(map(str, place)))) != THEIRS
    }


def texts_seen(figures_grid: FiguresGrid, seen: Mapping[Place, int | None]) -> dict[Place, str]:
    """What each box held when the page was opened: somebody else may have written since."""
    texts = {box.place: box.text for box in figures_grid.boxes}
    current = {box.place: box.cell.pk if box.cell else None for box in figures_grid.boxes}
    older = [version for place, version in seen.items() if version and current.get(place) != version]
    versions = (
        Cell.objects.filter(row__commitment=figures_grid.sheet.commitment.pk).in_bulk(older) if older else {}
    )
    for place, version in seen.items():
        if version is None:
            texts[place] = ""
        elif version in versions:
            texts[place] = text_of(versions[version])
    return texts


def keep_trouble(
    outcome: Outcome, figures: Sequence[CellFigure], trouble: Trouble, seen: Mapping[Place, int | None]
) -> None:
    text_by_place = {figure.place: str(figure.typed) for figure in figures}
    for row, column, why in outcome.refused:
        trouble.texts[row.pk, column.pk] = text_by_place[row.pk, column.pk]
        trouble.wrong[row.pk, column.pk] = why
    pks = [version for clash in outcome.conflicts if (version := seen.get(clash.figure.place))]
    versions = Cell.objects.in_bulk(pks) if pks else {}
    for clash in outcome.conflicts:
        trouble.texts[clash.figure.place] = text_by_place[clash.figure.place]
        version = seen.get(clash.figure.place)
        trouble.differences.append(difference(clash, versions.get(version) if version else None))


def difference(clash: Clash, before: Cell | None) -> Difference:
    figure, current = clash.figure, clash.current
    return Difference(
        "-".join(map(str, figure.place)),
        f"{figure.row.label or figure.row.breakdown} – {figure.column.words}",
        text_of(before),
        text_of(current),
        str(figure.typed),
        who=str(current.author) if current else "",
        organisation=str(current.organisation) if current else "",
        when=current.recorded_at if current else None,
    )


def show_again(form: GridForm, figures_grid: FiguresGrid, trouble: Trouble) -> None:
    """The grid as it stands now, with what could not be written where it was typed, ready to be sent again."""
    for place, text in trouble.texts.items():
        box = figures_grid.box(place)
        if box is None:
            trouble.lost.append(text)
            continue
        box.before, box.text, box.changed = box.text, text, True
        box.wrong = trouble.wrong.get(place, "")
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data["submission_key"], data["seen"], data["packed"] = str(uuid.uuid4()), figures_grid.seen, ""
    form.data = data
