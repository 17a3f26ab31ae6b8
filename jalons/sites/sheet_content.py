"""What the sheet of a site says, in words and figures. The page and the document are both made of it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from jalons.core.charts import LineChart, Point, Series
from jalons.core.values import (
    Sum,
    Value,
    format_date,
    format_long_date,
    format_moment,
    format_number,
    format_since,
    join_and,
    local_day,
    plural,
    ratio,
    total,
)
from jalons.discussions.selectors import Thread
from jalons.documents.selectors import Pieces
from jalons.history.querysets import AsOf
from jalons.sites.enums import OrientationKind, SiteKind
from jalons.sites.models import Orientation, Site, Survey
from jalons.sites.selectors import Move, Sheet

AGES = (
    ("minors_0_3", "de moins de 3 ans"),
    ("minors_3_6", "de 3 à 6 ans"),
    ("minors_6_12", "de 6 à 12 ans"),
    ("minors_12_16", "de 12 à 16 ans"),
    ("minors_16_18", "de 16 à 18 ans"),
)
DWELLINGS = (
    ("caravans", "caravane", "caravanes"),
    ("huts", "habitat autoconstruit", "habitats autoconstruits"),
    ("tents", "tente", "tentes"),
    ("cars", "voiture", "voitures"),
    ("mattresses", "matelas", "matelas"),
)
ELSEWHERE = "un site hors de votre territoire"


@dataclass(frozen=True, slots=True)
class Hero:
    """A figure in large; an empty `figure` shows `missing`. `coverage` says of what it is a part."""

    label: str
    figure: str
    coverage: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """A state: its sign (none: a quiet one), its words and the reason."""

    sign: str
    words: str
    why: str = ""


def place_words(sheet: Sheet) -> str:
    """« Lille (59) · terrain · depuis mars 2017 »."""
    site = sheet.site
    kind = "" if site.kind == SiteKind.UNKNOWN else site.get_kind_display().lower()
    since = sheet.occupation.words if sheet.occupation else ""
    where = f"{site.commune.name} ({site.commune.departement_id})"
    return " · ".join(part for part in (where, kind, since) if part)


def freshness_badge(sheet: Sheet) -> Badge:
    """How long ago the figure was observed, or since when the site is closed."""
    if sheet.closed_on:
        return Badge("unknown", f"Fermé depuis le {format_long_date(sheet.closed_on)}")
    if sheet.figure is None:
        return Badge("late", "Jamais recensé")
    since = format_since(sheet.figure.valid_on, today=sheet.at.day)
    return Badge(sheet.freshness, f"Recensé {since}")


def identity_rows(sheet: Sheet) -> list[tuple[str, Any]]:
    """(label, value or None): what the site is."""
    site, occupation = sheet.site, sheet.occupation
    rows: list[tuple[str, Any]] = [
        ("Type de site", site.get_kind_display()),
        ("Origines des habitants", ", ".join(site.get_origins_display()) or None),
        ("Installation", occupation and installation_words(occupation)),
        ("Objectif de résorption", site.resorption_target and str(site.resorption_target)),
    ]
    if sheet.closed_on and occupation:
        rows += [
            ("Fermeture", format_long_date(sheet.closed_on)),
            ("Raison", occupation.get_closing_reason_display()),
        ]
        if occupation.closing_note:
            rows.append(("Précision", occupation.closing_note))
    return rows


def installation_words(occupation: Any) -> str:
    since = format_long_date(occupation.valid_on)
    if occupation.starts_text:
        return occupation.starts_text
    return since if occupation.start_is_known else f"inconnue, avant le {since}"


# --- how many people -------------------------------------------------------------------------------------------


def source_words(survey: Survey) -> str:
    """« Diagnostic d’un opérateur, Les amis de Lille »."""
    kind = survey.get_source_kind_display()
    return f"{kind}, {survey.source}" if survey.source else kind


def how_words(survey: Survey) -> str:
    """« compté », or that nobody counted again."""
    how = survey.get_reliability_display().lower()
    return f"{how}, sans nouveau comptage" if survey.unchanged else how


def entered_by(fact: Any) -> str:
    """« Camille Exemple, DDETS du Nord »."""
    return f"{fact.author}, {fact.organisation}"


def figure_words(sheet: Sheet) -> str:
    """Date, source, reliability and author of the figure in use."""
    figure = sheet.figure
    if figure is None:
        return ""
    parts = (
        f"Recensement du {format_long_date(figure.valid_on)}",
        source_words(figure),
        how_words(figure),
        f"enregistré par {entered_by(figure)}",
    )
    return " · ".join(parts)


def heroes(sheet: Sheet) -> list[Hero]:
    """The five figures of the survey in use; each part says of what."""
    figure = sheet.figure
    if figure is None:
        return []
    told = figure.value
    people, minors = told("people"), told("minors")
    return [
        hero("Personnes", people, movement(sheet)),
        hero("Ménages", told("households"), size_of_households(people, told("households"))),
        hero("Femmes", told("women"), share_words(told("women"), people, "personnes")),
        hero("Mineurs", minors, share_words(minors, people, "personnes")),
        hero(
            "Mineurs scolarisés",
            told("minors_at_school"),
            share_words(told("minors_at_school"), minors, "mineurs"),
        ),
    ]


def hero(label: str, value: Value, coverage: str) -> Hero:
    if value.number is None:
        return Hero(label, "", missing=str(value))
    return Hero(label, format_number(value.number), coverage)


def share_words(part: Value, whole: Value, of: str) -> str:
    """« sur 112 personnes, soit 48 % »; nothing when one of the two is unknown."""
    share = ratio(part, whole)
    if share.number is None or whole.number is None:
        return ""
    return f"sur {format_number(whole.number)} {of}, soit {share}"


def size_of_households(people: Value, households: Value) -> str:
    if people.number is None or not households.number:
        return ""
    size = people.number / households.number
    return f"soit {format_number(size, 1)} {plural(size, 'personne', 'personnes')} par ménage"


def movement(sheet: Sheet) -> str:
    """« +8 depuis le 03/10/2025 »: against the figure in use before."""
    figure = sheet.figure
    before = next((s for s in in_use(sheet.surveys) if figure and s.valid_on < figure.valid_on), None)
    if figure is None or before is None or figure.people is None or before.people is None:
        return ""
    moved = figure.people - before.people
    if not moved:
        return f"comme le {format_date(before.valid_on)}"
    sign = "+" if moved > 0 else "−"
    return f"{sign}{format_number(abs(moved))} depuis le {format_date(before.valid_on)}"


def in_use(surveys: Sequence[Survey]) -> list[Survey]:
    """Those that may give the figure, in the order given."""
    return [survey for survey in surveys if survey.people is not None and not survey.set_aside]


def other_words(sheet: Sheet) -> list[str]:
    """What other sources say near that date, when it differs by more than a tenth."""
    return [
        f"{format_number(other.people or 0)} {plural(other.people or 0, 'personne', 'personnes')} le "
        f"{format_date(other.valid_on)} ({source_words(other)}, {how_words(other)})"
        for other in sheet.others
    ]


def survey_sentences(survey: Survey) -> list[str]:
    """A survey in words, one sentence each; what was not said is left out, what is unknown is named."""
    said = (
        people_sentence(survey),
        ages_sentence(survey),
        school_sentence(survey),
        dwellings_sentence(survey),
        unknown_sentence(survey),
        survey.note and f"Commentaire\u00a0: {survey.note}",
    )
    return [sentence for sentence in said if sentence]


def counted(number: int, one: str, several: str) -> str:
    return f"{format_number(number)} {plural(number, one, several)}"


def people_sentence(survey: Survey) -> str:
    day = format_long_date(survey.valid_on)
    if survey.people is None:
        return f"Le {day}, le nombre de personnes n’est pas connu."
    if survey.people == 0:
        return f"Le {day}, il n’y avait personne sur le site."
    told = f"Le {day}, {counted(survey.people, 'personne', 'personnes')}"
    if survey.households is not None:
        told += f" en {counted(survey.households, 'ménage', 'ménages')}"
    parts = []
    if survey.women is not None:
        parts.append(counted(survey.women, "femme", "femmes"))
    if survey.minors is not None:
        girls = "" if survey.girls is None else f" (dont {counted(survey.girls, 'fille', 'filles')})"
        parts.append(counted(survey.minors, "mineur", "mineurs") + girls)
    return f"{told}, dont {join_and(parts)}." if parts else f"{told}."


def ages_sentence(survey: Survey) -> str:
    parts = [
        f"{format_number(getattr(survey, field))} {label}"
        for field, label in AGES
        if getattr(survey, field) is not None
    ]
    return f"Âge des mineurs\u00a0: {join_and(parts)}." if parts else ""


def school_sentence(survey: Survey) -> str:
    number = survey.minors_at_school
    if number is None:
        return ""
    if number == 0:
        return "Aucun mineur n’est scolarisé."
    share = ratio(survey.value("minors_at_school"), survey.value("minors"))
    part = f" ({share})" if share.number is not None else ""
    return f"{counted(number, 'mineur est scolarisé', 'mineurs sont scolarisés')}{part}."


def dwellings_sentence(survey: Survey) -> str:
    parts = [
        counted(getattr(survey, field), one, several)
        for field, one, several in DWELLINGS
        if getattr(survey, field)
    ]
    return f"On y voit {join_and(parts)}." if parts else ""


def unknown_sentence(survey: Survey) -> str:
    """The counts that were asked for and that nobody could give."""
    unknown = [
        str(Survey._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in Survey.COUNTS
        if survey.value(name).emptiness == "nd"
    ]
    return f"Non disponible (ND)\u00a0: {join_and(unknown)}." if unknown else ""


def people_chart(sheet: Sheet) -> LineChart | None:
    """People over time, a shape for each kind of source; None while there is nothing to compare."""
    drawn = list(reversed(in_use(sheet.surveys)))
    if len({survey.valid_on for survey in drawn}) < 2:
        return None
    points = [
        Point(survey.valid_on, survey.people, survey.get_source_kind_display(), point_note(survey))
        for survey in drawn
    ]
    return LineChart(
        "Personnes au fil du temps",
        [Series("Personnes", points)],
        unit="personnes",
        note="Chaque forme est une source\u00a0; les recensements écartés ne sont pas dessinés.",
    )


def point_note(survey: Survey) -> str:
    return f"{survey.source}, {how_words(survey)}" if survey.source else how_words(survey)


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """One line of the table of surveys."""

    survey: Survey
    source: str
    how: str
    people: Value
    minors: Value
    entered: str
    standing: Badge


def survey_lines(sheet: Sheet) -> list[SurveyLine]:
    return [
        SurveyLine(
            survey=survey,
            source=source_words(survey),
            how=how_words(survey),
            people=survey.value("people"),
            minors=survey.value("minors"),
            entered=entered_by(survey),
            standing=standing_badge(survey, sheet),
        )
        for survey in sheet.surveys
    ]


def standing_badge(survey: Survey, sheet: Sheet) -> Badge:
    """Whether a survey gives the figure, gave it until when, or why not."""
    if sheet.figure is not None and survey.pk == sheet.figure.pk:
        return Badge("good", "utilisé")
    if survey.set_aside:
        return Badge("unknown", "écarté", survey.reason)
    if survey.people is None:
        return Badge("", "sans nombre de personnes")
    if sheet.at.known is None and survey.holds_until > survey.valid_on:
        return Badge("", f"utilisé jusqu’au {format_date(survey.holds_until)}")
    return Badge("", "non retenu")


# --- where people went, where they came from -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrientationLine:
    label: str
    people: Value
    households: Value
    note: str


def orientation_lines(orientations: Sequence[Orientation]) -> list[OrientationLine]:
    return [
        OrientationLine(
            OrientationKind(one.kind).label, one.value("people"), one.value("households"), one.note
        )
        for one in orientations
    ]


def orientation_sum(orientations: Sequence[Orientation]) -> Sum:
    return total(one.value("people") for one in orientations)


@dataclass(frozen=True, slots=True)
class MoveLine:
    """« Le 3 mars 2026 : 24 personnes (6 ménages) » and the site at the other end, named if it may be."""

    day: dt.date
    who: str
    site: Site | None
    name: str
    note: str
    said_by: str
    lineage: Any


def move_lines(moves: Sequence[Move]) -> list[MoveLine]:
    return [
        MoveLine(
            day=move.link.valid_on,
            who=moved_words(move),
            site=move.other,
            name=f"{move.other} ({move.other.commune})" if move.other else ELSEWHERE,
            note=move.link.note if move.other else "",
            said_by=str(move.link.organisation),
            lineage=move.link.lineage,
        )
        for move in moves
    ]


def moved_words(move: Move) -> str:
    people, households = move.link.people, move.link.households
    parts = []
    if people is not None:
        parts.append(counted(people, "personne", "personnes"))
    if households is not None:
        parts.append(counted(households, "ménage", "ménages"))
    return " en ".join(parts) if parts else "des habitants, nombre inconnu"


# --- journal ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """Something that happened or was said. `kind`: event, comment or document.

    `url` leads to the document. `lineage`: of an event. `withdraw_url`: where one withdraws one’s own comment.
    """

    when: dt.date | dt.datetime
    kind: str
    title: str
    text: str
    who: str
    organisation: str
    url: str = ""
    lineage: Any = None
    withdraw_url: str = ""


def event_entries(sheet: Sheet) -> Iterator[JournalEntry]:
    for event in sheet.events:
        yield JournalEntry(
            when=event.valid_on,
            kind="event",
            title=event.get_kind_display(),
            text=event.description,
            who=str(event.author),
            organisation=str(event.organisation),
            lineage=event.lineage,
        )


def comment_entries(thread: Thread, at: AsOf) -> Iterator[JournalEntry]:
    """The comments written by then; of a withdrawn one, only who wrote it and who withdrew it."""
    for line in thread.lines:
        comment = line.comment
        if not said_by(comment.created_at, at):
            continue
        text, url = comment.text, ""
        if comment.withdrawn_at:
            text = f"Retiré par {comment.withdrawn_by} le {format_moment(comment.withdrawn_at)}."
        elif line.may_withdraw and not at.is_past:
            url = reverse("discussions:withdraw", args=[comment.public_id])
        yield JournalEntry(
            when=comment.created_at,
            kind="comment",
            title="Commentaire retiré" if comment.withdrawn_at else "Commentaire",
            text=text,
            who=str(comment.author),
            organisation=str(comment.organisation),
            withdraw_url=url,
        )


def document_entries(pieces: Pieces, at: AsOf) -> Iterator[JournalEntry]:
    """The documents attached by then that this person may read."""
    for piece in pieces.pieces:
        document = piece.document
        if said_by(document.created_at, at):
            yield JournalEntry(
                when=document.created_at,
                kind="document",
                title=f"Document\u00a0: {document.title}",
                text=document.note,
                who=str(document.author),
                organisation=str(document.organisation),
                url=reverse("documents:download", args=[document.public_id]),
            )


def said_by(moment: dt.datetime, at: AsOf) -> bool:
    """Was it already written at this point of the past?"""
    day = local_day(moment)
    return day <= at.day and (at.known is None or day <= at.known)


def thread(*sources: Iterable[JournalEntry]) -> list[JournalEntry]:
    """One thread, newest first; a day without time comes before the moments of that day."""
    return sorted(
        (entry for source in sources for entry in source),
        key=lambda entry: (local_day(entry.when), isinstance(entry.when, dt.datetime), moment_of(entry)),
        reverse=True,
    )


def moment_of(entry: JournalEntry) -> float:
    return entry.when.timestamp() if isinstance(entry.when, dt.datetime) else 0.0
