"""What the sheet of a site says, in words and figures. The page and the document are both made of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jalons.core.charts import LineChart, Point, Series
from jalons.core.values import (
    Sum,
    Value,
    format_date,
    format_long_date,
    format_number,
    format_since,
    plural,
    ratio,
    total,
)
from jalons.sites.enums import OrientationKind, SiteKind
from jalons.sites.models import Orientation, Site, Survey
from jalons.sites.selectors import Move, Sheet
from jalons.sites.sheet.words import counted, how_words, source_words

# How a move is told: to or from a site that is named, or that the reader may not see.
DEPARTURE = ("vers le site", "vers un site hors de votre territoire")
ARRIVAL = ("venant du site", "venant d’un site hors de votre territoire")


@dataclass(frozen=True, slots=True)
class Hero:
    """A figure in large; an empty `figure` shows `missing`. `coverage` says of what it is a part."""

    label: str
    figure: str
    coverage: str = ""
    missing: str = ""
    level: int = 0  # 1: a part of the people, 2: a part of that part


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
    value = figure.value
    people, minors = value("people"), value("minors")
    return [
        hero("Personnes", people, movement(sheet)),
        hero("Ménages", value("households"), size_of_households(people, value("households"))),
        hero("Femmes", value("women"), share_words(value("women"), people, "personnes"), level=1),
        hero("Mineurs", minors, share_words(minors, people, "personnes"), level=1),
        hero(
            "Mineurs scolarisés",
            value("minors_at_school"),
            share_words(value("minors_at_school"), minors, "mineurs"),
            level=2,
        ),
    ]


def hero(label: str, value: Value, coverage: str, *, level: int = 0) -> Hero:
    if value.number is None:
        return Hero(label, "", missing=str(value), level=level)
    return Hero(label, format_number(value.number), coverage, level=level)


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
            OrientationKind(orientation.kind).label,
            orientation.value("people"),
            orientation.value("households"),
            orientation.note,
        )
        for orientation in orientations
    ]


def orientation_sum(orientations: Sequence[Orientation]) -> Sum:
    return total(orientation.value("people") for orientation in orientations)


@dataclass(frozen=True, slots=True)
class MoveLine:
    """« 3 mars 2026 : 24 personnes en 6 ménages », `way`, and the site at the other end if it may be named."""

    day: dt.date
    who: str
    way: str
    site: Site | None
    name: str
    note: str
    said_by: str
    lineage: Any


def move_lines(moves: Sequence[Move], ways: tuple[str, str]) -> list[MoveLine]:
    return [
        MoveLine(
            day=move.link.valid_on,
            who=moved_words(move),
            way=ways[0] if move.other else ways[1],
            site=move.other,
            name=f"{move.other} ({move.other.commune})" if move.other else "",
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
