"""The sheet of a dispositif to take away: the contents of the screen and its follow-up, for PDF and Word."""

from collections.abc import Iterator, Sequence

from jalons.actions.models import ActionContact
from jalons.actions.selectors.sheet import Sheet
from jalons.actions.sheet import content
from jalons.actions.sheet.head import Asked, dates_in_words
from jalons.actions.sheet.money import Amount, MoneyLine, MoneyYear, money_years
from jalons.core.charts import every_figure_in_words, render_svg
from jalons.core.values import format_date, format_long_date, format_moment, format_number
from jalons.discussions.models import Comment
from jalons.exports.contract import About
from jalons.exports.document import (
    Block,
    Document,
    Facts,
    Figure,
    Grid,
    Head,
    Heading,
    Note,
    Paragraph,
    Said,
)
from jalons.history.services import Actor
from jalons.indicators.selectors.cell import Cell
from jalons.indicators.selectors.table import BlockTable, FollowTable, Line
from jalons.indicators.sheet.content import (
    SHOWN,
    chart_of,
    head,
    is_worth_telling,
    lines_at_zero,
    objective,
)
from jalons.territories.drawing import Feature, MapPlace, draw_places, places_words

TITLE = "Fiche du dispositif"
PRINTED = 12  # dates on paper: a year of monthly ones; all of them are in Jalons


def about_action(sheet: Sheet, by: Actor) -> About:
    """What the file covers: the dispositif, its dates, who takes it away in whose name."""
    return About(
        perimeter=f"{sheet.described.name} ({sheet.described.departement_id})",
        author=f"{by.user}, {by.organisation}",
        as_of=sheet.at.valid,
        known_on=sheet.at.known,
    )


def action_as_document(
    sheet: Sheet,
    by: Actor,
    *,
    follow: FollowTable,
    asked: Sequence[Asked],
    comments: Sequence[Comment],
    outlines: Sequence[Feature] = (),
) -> Document:
    """Every block that the reader may read; the comments given, or none. `outlines`: those of the départements around
    its places.
    """
    return Document(
        title=sheet.described.name,
        subtitle=f"{TITLE} · {sheet.described.departement} · {dates_in_words(sheet.run, sheet.at)}",
        about=about_action(sheet, by),
        blocks=[
            *watch(sheet, asked),
            *summary(sheet),
            *follow_up(follow),
            *team(sheet),
            *funding(sheet),
            *people(sheet),
            *places(sheet, outlines),
            *thread(comments),
        ],
    )


def watch(sheet: Sheet, asked: Sequence[Asked]) -> Iterator[Block]:
    for due in asked:
        when = "Suivi en retard, attendu" if due.late else "Indicateurs à remplir"
        yield Note(
            f"{when} avant le {format_long_date(due.on)}. Il manque\u00a0: {due.missing}.", warning=True
        )
    if sheet.closed_on:
        yield Heading("Bilan final")
        yield Paragraph(sheet.final_account or "Le bilan final n’est pas encore écrit.")


# --- what is declared ------------------------------------------------------------------------------------------


def summary(sheet: Sheet) -> Iterator[Block]:
    yield Heading("Intervention")
    yield Facts(
        [*content.intervention_rows(sheet), ("Rythme du suivi", sheet.described.get_rhythm_display())]
    )
    yield Heading("Objectifs", 2)
    yield Paragraph(sheet.described.objectives or "Les objectifs ne sont pas encore écrits.")


def places(sheet: Sheet, outlines: Sequence[Feature]) -> Iterator[Block]:
    yield Heading("Lieu")
    spots = content.spots(sheet)
    yield from map_of(sheet, spots, outlines)
    if spots:
        rows = [(spot.name, spot_kind(spot), spot.where, spot_point(spot)) for spot in spots]
        heads = (
            Head("Nom", weight=1.6),
            Head("Type"),
            Head("Adresse", weight=2),
            Head("Latitude ; longitude"),
        )
        yield Grid(heads, rows, caption="Terrains d’insertion et sites")
    for words in (content.hidden_words(sheet), content.other_places(sheet)):
        if words:
            yield Paragraph(f"{words[:1].upper()}{words[1:]}.")
    if not spots and not content.hidden_words(sheet) and not content.other_places(sheet):
        yield Paragraph("Le lieu n’est pas encore renseigné.")


def map_of(sheet: Sheet, spots: Sequence[content.Spot], outlines: Sequence[Feature]) -> Iterator[Figure]:
    """Where its places are in the département; nothing without a point or without an outline."""
    departement = sheet.described.departement
    title = f"Carte\u00a0: {departement.name}"
    map_places = [
        MapPlace(spot.name, spot.latitude, spot.longitude, ground=spot.site is None)
        for spot in spots
        if spot.latitude is not None and spot.longitude is not None
    ]
    if drawing := draw_places(title, map_places, outlines, departement.pk):
        yield Figure(drawing, alt=places_words(title, map_places), caption=title)


def spot_kind(spot: content.Spot) -> str:
    return "site" if spot.site else "terrain d’insertion"


def spot_point(spot: content.Spot) -> object:
    if spot.latitude is None or spot.longitude is None:
        return Said("non situé", missing=True)
    return f"{format_number(round(spot.latitude, 5))} ; {format_number(round(spot.longitude, 5))}"


def people(sheet: Sheet) -> Iterator[Block]:
    yield Heading("Intervenants et contacts")
    rows: list[Sequence[object]] = []
    for participation in content.takings(sheet):
        called = [contact_words(contact) for contact in participation.contacts] or [
            Said("aucun contact", missing=True)
        ]
        rows += [(str(participation.organisation), role_of(participation), words) for words in called]
    if rows:
        heads = (Head("Structure", weight=1.3), Head("Rôle", weight=1.3), Head("Contact", weight=2))
        yield Grid(heads, rows, caption="Qui intervient, et qui appeler")
    else:
        yield Paragraph("Personne n’est encore nommé.")


def role_of(taking: content.Taking) -> str:
    words = taking.words or "ne participe pas ou plus"
    return f"{words} ({taking.fills})" if taking.fills else words


def contact_words(contact: ActionContact) -> Said:
    details = (contact.name, contact.duty, contact.email, contact.phone.replace(" ", "\u00a0"))
    return Said(", ".join(part for part in details if part))


def team(sheet: Sheet) -> Iterator[Block]:
    yield Heading("Équipe")
    teams = content.teams(sheet)
    for operator_team in teams:
        heads = (Head("Métier", weight=3), Head("Temps de travail", numeric=True))
        sums = [("Ensemble", operator_team.whole)] if operator_team.whole else ()
        yield Grid(
            heads,
            operator_team.lines,
            caption=f"{operator_team.operator}, au {format_long_date(operator_team.on)}",
            sums=sums,
        )
    if not teams:
        yield Paragraph("L’équipe n’est pas encore renseignée.")


def funding(sheet: Sheet) -> Iterator[Block]:
    """Nothing for who may not read it, not even that it exists."""
    if sheet.funding is None:
        return
    yield Heading("Financements")
    years = money_years(sheet.funding, sheet.at.day)
    for year in years:
        yield money_grid(year)
    if not years:
        yield Paragraph("Aucun financement n’est encore renseigné.")


def money_grid(year: MoneyYear) -> Grid:
    heads = (
        Head("Type", weight=2),
        Head("Prévu", numeric=True),
        Head("Engagé", numeric=True),
        Head("Exécuté", numeric=True),
    )
    rows = [money_row(line) for line in year.lines]
    return Grid(heads, rows, caption=year.caption, sums=[money_row(year.totals)])


def money_row(line: MoneyLine) -> Sequence[object]:
    label = f"{line.kind} ({line.who})" if line.who else line.kind
    return (label, amount_cell(line.planned), amount_cell(line.committed), amount_cell(line.executed))


def amount_cell(amount: Amount) -> Said:
    words = f"{amount.words}, {amount.share}" if amount.share else amount.words
    return Said(words, missing=amount.missing)


# --- what was followed -----------------------------------------------------------------------------------------


def follow_up(follow: FollowTable) -> Iterator[Block]:
    yield Heading("Suivi")
    if follow.is_empty:
        yield Paragraph(
            "Aucun indicateur de suivi n’a été renseigné par l’opérateur ou le service en charge."
        )
        return
    if follow.is_by_month:
        yield Paragraph(
            "Une colonne par mois\u00a0: le dernier effectif du mois et la somme des mouvements de chaque opérateur. "
            "«\u00a0≥\u00a0»\u00a0: il manque la valeur d’un opérateur."
        )
    for block in follow.blocks:
        yield from followed_block(block, follow)


def followed_block(block: BlockTable, follow: FollowTable) -> Iterator[Block]:
    lines = [line for line in block.lines if not line.is_blank or line.objectives]
    blank = [line.indicator.label for line in block.lines if is_worth_telling(line)]
    if not lines and not block.remarks:
        return
    yield Heading(str(block.block.label), 2)
    chart = chart_of(block, follow)
    if chart is not None:
        yield Figure(render_svg(chart), alt=every_figure_in_words(chart), caption=chart.title)
    if lines:
        yield from follow_grids(block, lines, follow)
    for remark in block.remarks[:SHOWN]:
        yield Paragraph(
            remark_words(remark.text, remark.difficulties, str(remark.reporter), format_date(remark.on))
        )
    if blank:
        yield Paragraph(f"Jamais renseigné\u00a0: {', '.join(blank)}.")


def follow_grids(block: BlockTable, lines: Sequence[Line], follow: FollowTable) -> Iterator[Grid | Paragraph]:
    """The twelve last dates, the last ones first, as many in a table as a page holds. Details that only say 0 there are
    named under it.
    """
    count = len(follow.columns)
    first = max(count - PRINTED, 0)
    for end in range(count, first, -SHOWN):
        places = range(max(end - SHOWN, first), end)
        folded = details_at_zero(lines, places, follow)
        printed = [line for line in lines if line.indicator.pk not in folded]
        if end < count:  # what was not followed then yet
            printed = [line for line in printed if any(not line.cells[place].is_missing for place in places)]
        if not printed:
            continue
        yield follow_grid(block, printed, places, follow)
        zeros = [line.indicator.heading for line in lines if line.indicator.pk in folded]
        if zeros:
            yield Paragraph(f"À zéro sur ces dates\u00a0: {', '.join(zeros)}.")


FEW = 2  # details at zero: to name fewer under the table would save no room


def details_at_zero(lines: Sequence[Line], places: Sequence[int], follow: FollowTable) -> set[int]:
    zeros = lines_at_zero(lines, places, follow)
    details = {line.indicator.pk for line in lines if line.depth and line.indicator.pk in zeros}
    return details if len(details) >= FEW else set()


def follow_grid(block: BlockTable, lines: Sequence[Line], places: Sequence[int], follow: FollowTable) -> Grid:
    heads = [Head("Indicateur", weight=2.8)]
    for place in places:
        words = head(follow.columns[place], follow)
        heads.append(Head(f"{words.label} {words.year}", numeric=True))
    rows = [
        (Said(line_words(line), level=line.depth), *(cell_words(line.cells[place]) for place in places))
        for line in lines
    ]
    return Grid(heads, rows, caption=f"{block.block.label}{dates_words(places, follow)}")


def dates_words(places: Sequence[int], follow: FollowTable) -> str:
    """« , 12 dernières dates sur 18 » over the first table, « , suite » over the next."""
    count = len(follow.columns)
    if places[-1] + 1 < count:
        return ", dates d’avant"
    if count <= PRINTED:
        return ""
    return f", {PRINTED} dernières dates sur {format_number(count)}"


def line_words(line: Line) -> str:
    period = " (sur la période)" if line.indicator.is_flow and line.depth == 0 else ""
    aimed = objective(line)
    return f"{line.indicator.heading}{period}" + (f", {aimed}" if aimed else "")


def cell_words(cell: Cell) -> Said:
    share = f" ({cell.share})" if cell.share and not cell.is_missing else ""
    return Said(f"{cell.short}{share}", missing=cell.is_missing)


def remark_words(text: str, difficulties: Sequence[str], who: str, when: str) -> str:
    said_there = [text] if text else []
    if difficulties:
        said_there.append(f"Difficultés\u00a0: {', '.join(difficulties)}.")
    return f"{who}, {when}\u00a0: {' '.join(said_there)}"


def thread(comments: Sequence[Comment]) -> Iterator[Block]:
    if not comments:
        return
    yield Heading("Commentaires")
    for comment in comments:
        yield Paragraph(
            f"{comment.author} ({comment.organisation}), {format_moment(comment.created_at)}\u00a0: {comment.text}"
        )
