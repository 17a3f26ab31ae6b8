"""The sheet of a site to take away: the same contents as on the screen, in neutral blocks for PDF and Word."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from jalons.core.charts import every_figure_in_words, render_svg
from jalons.core.values import format_date, format_long_date
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
from jalons.sites.cards import ShownCard
from jalons.sites.enums import Condition, ProcedureStatus, TriState
from jalons.sites.resorption.sheet import resorption_block, resorption_blocks
from jalons.sites.selectors import Move, Sheet
from jalons.sites.sheet import content
from jalons.sites.sheet.journal import JournalEntry
from jalons.sites.sheet.words import survey_sentences
from jalons.territories.drawing import Feature, MapPlace, draw_places, places_words

TITLE = "Fiche du site"
NOT_SAID = "non renseigné"
SURVEYS_ON_PAPER = 12  # a year of monthly ones; all of them are in Jalons
# What stands beside a state that has no reason.
REASONLESS = defaultdict(lambda: "rien à signaler", {Condition.UNKNOWN: "non évalué"})


def about_sheet(sheet: Sheet, by: Actor) -> About:
    """What the file covers: the site, its dates, who takes it away in whose name."""
    return About(
        perimeter=f"{sheet.site.name}, {sheet.site.commune} ({sheet.site.commune.departement_id})",
        author=f"{by.user}, {by.organisation}",
        as_of=sheet.at.valid,
        known_on=sheet.at.known,
    )


def sheet_as_document(
    sheet: Sheet,
    by: Actor,
    journal: Sequence[JournalEntry],
    comments: Sequence[JournalEntry],
    cards: Sequence[ShownCard] = (),
    outlines: Sequence[Feature] = (),
) -> Document:
    """Every block that the reader may read; the comments given, or none; the cards of other apps; `outlines`: those of
    the départements around.
    """
    return Document(
        title=sheet.site.name,
        subtitle=f"{TITLE} · {content.place_words(sheet)}",
        about=about_sheet(sheet, by),
        blocks=[
            *blocks(sheet, cards, outlines),
            *thread("Journal", journal),
            *thread("Commentaires", comments),
        ],
    )


def blocks(sheet: Sheet, cards: Sequence[ShownCard], outlines: Sequence[Feature]) -> Iterator[Block]:
    yield from watch(sheet)
    if block := resorption_block(sheet, cards, writes=False):
        yield from resorption_blocks(block)
    yield from conditions(sheet)
    yield from people(sheet)
    yield from moves(sheet)
    for card in cards:
        yield from card.blocks()
    yield from description(sheet)
    yield from map_of(sheet, outlines)
    yield from reserved(sheet)


def map_of(sheet: Sheet, outlines: Sequence[Feature]) -> Iterator[Block]:
    """Where the site is in its département; nothing without a point or without an outline."""
    site = sheet.site
    if site.latitude is None or site.longitude is None:
        return
    departement = site.commune.departement
    title = f"Carte\u00a0: {site.commune} ({departement.name})"
    places = [MapPlace(site.name, site.latitude, site.longitude)]
    if drawing := draw_places(title, places, outlines, departement.pk):
        yield Figure(drawing, alt=places_words(title, places), caption=title)


def watch(sheet: Sheet) -> Iterator[Block]:
    badge = content.freshness_badge(sheet)
    if sheet.closed_on and sheet.occupation:
        reason = sheet.occupation.get_closing_reason_display()
        note = f"\u00a0: {sheet.occupation.closing_note}" if sheet.occupation.closing_note else ""
        yield Note(f"{badge.words}. {reason}{note}.")
    for discord in sheet.to_check:
        yield Note(f"À vérifier\u00a0: {discord}", warning=True)


def people(sheet: Sheet) -> Iterator[Block]:
    yield Heading("Combien de personnes\u00a0?")
    if sheet.figure is None:
        lacking = "Aucun recensement ne dit encore combien de personnes vivent ici."
        yield Paragraph(lacking if sheet.surveys else "Personne n’a encore été recensé ici.")
    else:
        yield Facts([(hero_label(hero), hero_words(hero)) for hero in content.heroes(sheet)])
        yield Paragraph(f"{content.figure_words(sheet)}. {sheet.why}")
        for other in content.other_words(sheet):
            yield Note(f"Une autre source dit autre chose\u00a0: {other}.")
        yield Paragraph(" ".join(survey_sentences(sheet.figure)))
    chart = content.people_chart(sheet)
    if chart is not None:
        yield Figure(
            render_svg(chart), alt=every_figure_in_words(chart), caption=f"{chart.title}. {chart.note}"
        )
    if sheet.surveys:
        yield survey_grid(sheet)


def hero_label(hero: content.Hero) -> Said:
    """A part of the people stands under them, a little further: « dont femmes »."""
    words = f"dont {hero.label[:1].lower()}{hero.label[1:]}" if hero.level else hero.label
    return Said(words, level=hero.level)


def hero_words(hero: content.Hero) -> str | None:
    if not hero.figure:
        return None if hero.missing == NOT_SAID else hero.missing
    return f"{hero.figure} ({hero.coverage})" if hero.coverage else hero.figure


def survey_grid(sheet: Sheet) -> Grid:
    heads = (
        Head("Date"),
        Head("Source", weight=2.2),
        Head("Personnes", numeric=True),
        Head("dont mineurs", numeric=True),
        Head("Enregistré par", weight=1.8),
        Head("État", weight=1.6),
    )
    rows = [
        (
            format_date(line.survey.valid_on),
            f"{line.source} ({line.how})",
            line.people,
            line.minors,
            line.entered,
            f"{line.standing.words}\u00a0: {line.standing.why}" if line.standing.why else line.standing.words,
        )
        for line in content.survey_lines(sheet)
    ]
    caption = "Tous les recensements, du plus récent au plus ancien"
    if len(rows) > SURVEYS_ON_PAPER:
        caption = f"Les {SURVEYS_ON_PAPER} derniers recensements, sur {len(rows)}"
    return Grid(heads, rows[:SURVEYS_ON_PAPER], caption=caption)


def conditions(sheet: Sheet) -> Iterator[Block]:
    yield Heading("Conditions de vie")
    if sheet.state is None:
        yield Paragraph("Les conditions de vie n’ont pas encore été décrites.")
        return
    heads = (Head("Thème"), Head("État"), Head("Pourquoi", weight=2.5))
    rows = [
        (
            condition.theme.label,
            condition.condition.label,
            ", ".join(condition.reasons) or REASONLESS[condition.condition],
        )
        for condition in sheet.conditions
    ]
    day = format_long_date(sheet.state.valid_on)
    yield Grid(heads, rows, caption=f"Vu le {day} par {content.entered_by(sheet.state)}")
    if sheet.state.note:
        yield Paragraph(sheet.state.note)


def moves(sheet: Sheet) -> Iterator[Block]:
    if sheet.closed_on or sheet.departures:
        yield Heading("Où sont allés les habitants\u00a0?")
        if sheet.orientations:
            yield orientation_grid(sheet)
        yield from move_paragraphs(sheet.departures, content.DEPARTURE)
        if not sheet.orientations and not sheet.departures:
            yield Paragraph("Personne n’a dit où les habitants sont allés.")
    if sheet.arrivals:
        yield Heading("D’où venaient-ils\u00a0?")
        yield from move_paragraphs(sheet.arrivals, content.ARRIVAL)


def orientation_grid(sheet: Sheet) -> Grid:
    heads = (Head("Orientation", weight=3), Head("Personnes", numeric=True), Head("Ménages", numeric=True))
    lines = content.orientation_lines(sheet.orientations)
    rows = [
        (f"{line.label} ({line.note})" if line.note else line.label, line.people, line.households)
        for line in lines
    ]
    sums = [("Total", content.orientation_sum(sheet.orientations), None)]
    by = content.entered_by(sheet.occupation)
    return Grid(heads, rows, caption=f"Orientations à la fermeture, selon {by}", sums=sums)


def move_paragraphs(moves: Sequence[Move], ways: tuple[str, str]) -> Iterator[Block]:
    for move in content.move_lines(moves, ways):
        note = f", {move.note}" if move.note else ""
        name = f" {move.name}" if move.name else ""
        day = format_long_date(move.day)
        yield Paragraph(f"{day}\u00a0: {move.who} {move.way}{name}{note} (selon {move.said_by}).")


def description(sheet: Sheet) -> Iterator[Block]:
    site = sheet.site
    yield Heading("Le site")
    point = f"{site.latitude:.5f} ; {site.longitude:.5f}" if site.latitude is not None else None
    where = ", ".join(part for part in (site.address, str(site.commune)) if part)
    yield Facts(
        [
            ("Adresse", where),
            ("Précision sur le lieu", site.address_detail),
            ("Latitude et longitude", point),
            ("Autres appellations", ", ".join(alias_words(alias) for alias in sheet.aliases) or "aucune"),
            *content.identity_rows(sheet),
            ("Diagnostic social", diagnosis_words(sheet)),
        ]
    )


def alias_words(alias: Any) -> str:
    return f"{alias.name} ({alias.used_by})" if alias.used_by else alias.name


def diagnosis_words(sheet: Sheet) -> str | None:
    diagnosis = sheet.diagnosis
    if diagnosis is None:
        return None
    led = f", par {diagnosis.led_by}" if diagnosis.led_by else ""
    note = f". {diagnosis.note}" if diagnosis.note else ""
    when = f"au {format_long_date(diagnosis.valid_on)}, selon {diagnosis.organisation}"
    return f"{diagnosis.get_status_display()}{led}{note} ({when})"


def reserved(sheet: Sheet) -> Iterator[Block]:
    """The blocks that need a right of their own; without it nothing says that they exist."""
    if sheet.procedures is not None:
        yield Heading("Procédures")
        yield procedure_grid(sheet) if sheet.procedures else Paragraph("Aucune procédure n’est connue.")
    if sheet.shows_owner:
        yield Heading("Propriétaire")
        yield Paragraph(owner_words(sheet))


def procedure_grid(sheet: Sheet) -> Grid:
    heads = (
        Head("Date"),
        Head("Étape", weight=2),
        Head("Où en est-on\u00a0?", weight=1.4),
        Head("Autorité", weight=1.4),
        Head("Évacuation prévue", weight=1.2),
        Head("Enregistré par", weight=1.6),
    )
    rows = [
        (
            format_date(step.valid_on),
            f"{step.get_kind_display()} ({step.note})" if step.note else step.get_kind_display(),
            step_words(step),
            step.body or "non précisée",
            format_date(step.evacuation_on) if step.evacuation_on else "aucune date",
            content.entered_by(step),
        )
        for step in sheet.procedures or ()
    ]
    return Grid(heads, rows, caption="Étapes, de la plus récente à la plus ancienne")


def step_words(step: Any) -> str:
    status = "inconnu" if step.status == ProcedureStatus.UNKNOWN else step.get_status_display()
    return f"{status}, appel en cours" if step.appeal == TriState.YES else status


def owner_words(sheet: Sheet) -> str:
    owner = sheet.ownership
    if owner is None:
        return "Propriétaire inconnu."
    name = f"\u00a0: {owner.name}" if owner.name else ""
    note = f". {owner.note}" if owner.note else ""
    return (
        f"{owner.get_kind_display()}{name}{note} (au {format_long_date(owner.valid_on)}, "
        f"selon {owner.organisation})."
    )


def thread(title: str, entries: Sequence[JournalEntry]) -> Iterator[Block]:
    if not entries:
        return
    yield Heading(title)
    for entry in entries:
        sentence = f"\u00a0: {entry.text}" if entry.text else ""
        yield Paragraph(
            f"{format_long_date(entry.when)} · {entry.title}{sentence} ({entry.who}, {entry.organisation})"
        )
