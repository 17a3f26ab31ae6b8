"""The sheet of a territory: one or two pages for whoever goes there, with the very figures of its dashboard."""

from collections.abc import Iterator

from jalons.accounts.enums import Right
from jalons.accounts.permissions import has
from jalons.actions.selectors.listing import ActionFilter, filtered_actions
from jalons.actions.selectors.on_site import operators_of
from jalons.core.charts import every_figure_in_words, render_svg
from jalons.core.values import format_date, format_long_date, format_number, plural
from jalons.exports.contract import About
from jalons.exports.document import Block, Document, Facts, Figure, Grid, Head, Heading, Note, Paragraph, Said
from jalons.figures.registry import FigureQuestion
from jalons.reports.selectors.barometer import barometer
from jalons.reports.selectors.below import Below, below
from jalons.reports.selectors.blocks import (
    Readings,
    Tile,
    blocks_of,
    reading_limits,
    readings_and_places,
)
from jalons.reports.selectors.trends import trend_charts
from jalons.sites.exports import said_by
from jalons.urgency.engine import SiteReason, priorities
from jalons.urgency.exports import of_justice
from jalons.urgency.selectors import PriorityLine, PriorityList

WIDE = 960  # a flat drawing, so that all stands on two pages
# As many lines as they hold.
MOST_SITES, MOST_ACTIONS, MOST_PLACES, MOST_REASONS = 5, 4, 6, 2
NO_PROCEDURE = (
    "Les procédures n’y figurent pas : elles se lisent dans Jalons. Ce document ne nomme aucun habitant ; "
    "ne le laissez pas sur un site."
)


def territory_sheet(asked: FigureQuestion) -> Document:
    """What `asked.user` may read of a territory on a day, without any procedure: paper is read by others."""
    readings, inside = readings_and_places(asked)
    first, last = asked.days
    return Document(
        title=asked.area.label,
        subtitle=f"Fiche du territoire · du {format_long_date(first)} au {format_long_date(last)}",
        about=about(asked),
        blocks=[
            *summary(asked, readings),
            *moves(asked, readings),
            *curves(asked),
            *sites_to_see(asked),
            *going_on(asked),
            *places(below(asked, inside)),
            Note(f"Selon ce que peut lire {said_by(asked.user)}. {NO_PROCEDURE}"),
        ],
    )


def about(asked: FigureQuestion) -> About:
    first, last = asked.days
    return About(
        perimeter=asked.area.label,
        author=said_by(asked.user),
        as_of=asked.at.valid,
        known_on=asked.at.known,
        filters=[f"Période : du {format_date(first)} au {format_date(last)}"],
    )


def summary(asked: FigureQuestion, readings: Readings) -> Iterator[Block]:
    """The first figures of each block of the dashboard, with what they cover."""
    if not readings["sites-ouverts"].expected:
        yield Note("Aucun site n’est ouvert dans ce territoire à cette date.")
    for limit in reading_limits(asked):
        yield Note(limit)
    for block in blocks_of(asked, readings, everything=False):
        if block.tiles:
            yield Heading(block.title)
            yield Facts([(tile.figure.label, tile_words(tile)) for tile in block.tiles])
        if block.note:
            yield Paragraph(block.note)


def tile_words(tile: Tile) -> object:
    """« 51 (37 sites recensés sur 51) »."""
    coverage = f" ({tile.coverage})" if tile.coverage else ""
    return f"{tile.text}{coverage}" if tile.text else Said(f"{tile.missing}{coverage}", missing=True)


def moves(asked: FigureQuestion, readings: Readings) -> Iterator[Block]:
    changes = barometer(asked, readings)
    sentences = [*changes.rose, *changes.fell]
    yield Heading(f"Ce qui a bougé depuis le {format_long_date(changes.before)}")
    yield Paragraph("\n".join(sentences) or "Rien, d’après ce qui est connu à ces deux dates.")


def curves(asked: FigureQuestion) -> Iterator[Block]:
    """The people, over two years; nothing to draw when nobody was ever counted."""
    for chart in trend_charts(asked)[1:]:
        if any(point.value for series in chart.series for point in series.points):
            yield Figure(render_svg(chart, WIDE), alt=every_figure_in_words(chart), caption=chart.title)


def sites_to_see(asked: FigureQuestion) -> Iterator[Block]:
    """The sites that call for somebody, as the priorities rank them today; nothing of procedures."""
    if not asked.area.is_place or asked.at.is_past:
        return
    ranking = priorities(asked.user, asked.area.territory)
    order = ranking.order_without(Right.READ_JUSTICE)
    lines = PriorityList(ranking, {}, order).lines(order[:MOST_SITES])
    if not lines:
        return
    yield Heading("Les sites à voir d’abord")
    yield Grid(
        columns=[
            Head("Site", weight=1.4),
            Head("Personnes", numeric=True, weight=0.6),
            Head("Pourquoi", weight=2.6),
        ],
        rows=[
            [
                f"{line.site.name}, {line.place}",
                line.figure.people if line.figure else None,
                printed(line),
            ]
            for line in lines
        ],
    )


def printed(line: PriorityLine) -> str:
    """The first reasons, with the day of their fact; those of justice stay in Jalons."""
    reasons = [reason for reason in line.reasons if not of_justice(reason)][:MOST_REASONS]
    words = "\u00a0; ".join(dated_words(reason) for reason in reasons)
    return words[:1].upper() + words[1:]


def dated_words(reason: SiteReason) -> str:
    return f"{reason.words} ({format_date(reason.rise.day)})" if reason.rise.day else reason.words


def going_on(asked: FigureQuestion) -> Iterator[Block]:
    if not has(asked.user, Right.READ_ACTIONS):
        return
    actions = filtered_actions(asked.user, ActionFilter(area=asked.area), asked.at)
    rows = list(actions.select_related("intervention").order_by("name", "pk")[:MOST_ACTIONS])
    if not rows:
        return
    operators = operators_of([action.pk for action in rows], asked.at)
    yield Heading("Les dispositifs en cours")
    yield Grid(
        columns=[
            Head("Dispositif", weight=2.2),
            Head("Opérateur", weight=1.6),
            Head("Depuis"),
            Head("Fin prévue"),
        ],
        rows=[
            [
                action.name,
                ", ".join(operators.get(action.pk, [])),
                action.intervention.valid_on,
                action.intervention.planned_end,
            ]
            for action in rows
        ],
    )
    if more := actions.count() - len(rows):
        yield Paragraph(
            f"Et {format_number(more)} {plural(more, 'autre', 'autres')} : voir la liste dans Jalons."
        )


def places(below: Below | None) -> Iterator[Block]:
    """Where the sites are: the places that hold most of them."""
    if below is None or not below.rows:
        return
    rows = sorted(below.rows, key=lambda row: -row.count)
    words = [
        f"{row.name}, {row.sites} {plural(row.count, 'site', 'sites')}"
        + (f" et {row.people} habitants" if row.people else "")
        for row in rows[:MOST_PLACES]
    ]
    more = len(rows) - len(words)
    if more:
        words.append(f"{format_number(more)} {plural(more, 'autre', 'autres')}")
    yield Heading(f"Par {below.level.lower()}")
    yield Paragraph("\u00a0; ".join(words) + ".")
