"""What deserves a look on a site: states of the living conditions, warnings on a count, alerts. Nothing blocks."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jalons.core.values import format_date, format_number, plural
from jalons.sites.enums import Condition, DiagnosisStatus, Theme
from jalons.thresholds.enums import Limits

# A count that moves by this share and this many people since the one before is put in evidence.
JUMP_SHARE, JUMP_PEOPLE = 0.25, 10
# Two sources within this time that differ by more than this share are shown side by side.
DISAGREEMENT_DAYS, DISAGREEMENT_SHARE = 30, 0.10


def disagreeing(figure: Any, surveys: Iterable[Any]) -> list[Any]:
    """The surveys of another source, close in time to the one in use, that differ by more than 10 %. Newest first."""
    if figure is None:
        return []
    close = [
        other
        for other in surveys
        if other.pk != figure.pk
        and not other.set_aside
        and other.people is not None
        and (other.source_kind, other.source_id) != (figure.source_kind, figure.source_id)
        and abs((other.valid_on - figure.valid_on).days) <= DISAGREEMENT_DAYS
        and abs(other.people - figure.people) > DISAGREEMENT_SHARE * figure.people
    ]
    return sorted(close, key=lambda other: (other.valid_on, other.reliability), reverse=True)


def why_used(figure: Any, surveys: Iterable[Any]) -> str:
    """Why this survey gives the figure, in one sentence."""
    same_day = [
        s for s in surveys if s.valid_on == figure.valid_on and s.people is not None and not s.set_aside
    ]
    if len(same_day) <= 1:
        return "C’est le recensement le plus récent."
    if len({s.reliability for s in same_day}) > 1:
        how = figure.get_reliability_display().lower()
        return f"Plusieurs recensements ce jour-là : celui-ci est le plus fiable ({how})."
    return "Plusieurs recensements de même fiabilité ce jour-là : celui-ci a été enregistré en dernier."


class Level(StrEnum):
    LATE = "late"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Alert:
    """What to look at on a site: `text` says what, `why` adds the figures behind it."""

    level: Level
    text: str
    why: str = ""


def freshness(valid_on: dt.date | None, today: dt.date, limits: Limits) -> str:
    """« good » up to `survey_due`, « due » up to `survey_stale`, « late » beyond or when never counted."""
    if valid_on is None or today - valid_on > limits.survey_stale:
        return "late"
    return "due" if today - valid_on > limits.survey_due else "good"


def evacuation_alert(
    evacuation_on: dt.date | None, diagnosis: str | None, today: dt.date, limits: Limits
) -> list[Alert]:
    """An evacuation planned within `evacuation_soon` calls for a decision now."""
    if evacuation_on is None or evacuation_on > today + limits.evacuation_soon:
        return []
    when = "dépassée depuis le" if evacuation_on < today else "le"
    lacking = "" if diagnosis == DiagnosisStatus.DONE else ", sans diagnostic social"
    return [Alert(Level.LATE, f"Évacuation {when} {format_date(evacuation_on)}{lacking}")]


def conditions_alert(states: Mapping[Theme, Condition], minors: int | None) -> list[Alert]:
    bad = [Theme(theme).label.lower() for theme, state in states.items() if state == Condition.BAD]
    if not bad:
        return []
    why = f"{format_number(minors)} {plural(minors, 'mineur', 'mineurs')} sur le site" if minors else ""
    level = Level.LATE if Theme.WATER in [t for t, s in states.items() if s == Condition.BAD] else Level.DUE
    return [Alert(level, f"Conditions mauvaises\u00a0: {', '.join(bad)}", why)]


def jump_alert(figure: Any, surveys: Sequence[Any]) -> list[Alert]:
    """A count that moved a lot since the previous one that was in use."""
    before = [s for s in surveys if s.valid_on < figure.valid_on and s.people and not s.set_aside]
    if not before or figure.people is None:
        return []
    last = max(before, key=lambda s: (s.valid_on, s.reliability))
    moved = figure.people - last.people
    if abs(moved) < JUMP_PEOPLE or abs(moved) < JUMP_SHARE * last.people:
        return []
    share = round(100 * moved / last.people)
    sign = "+" if share > 0 else "−"
    why = f"de {format_number(last.people)} à {format_number(figure.people)} personnes"
    return [Alert(Level.DUE, f"{sign}{abs(share)} % depuis le {format_date(last.valid_on)}", why)]


def freshness_alert(figure: Any, today: dt.date, limits: Limits) -> list[Alert]:
    if figure is None:
        return [Alert(Level.DUE, "Jamais recensé")]
    if freshness(figure.valid_on, today, limits) != "late":
        return []
    days = (today - figure.valid_on).days
    since = f"{days // 30} mois" if days >= 60 else f"{days} jours"
    return [Alert(Level.DUE, f"Pas de recensement depuis {since}")]


def site_alerts(
    *,
    figure: Any,
    surveys: Sequence[Any],
    states: Mapping[Theme, Condition],
    evacuation_on: dt.date | None,
    diagnosis: str | None,
    today: dt.date,
    limits: Limits,
) -> list[Alert]:
    """Everything to look at on an open site, worst first. `evacuation_on` None when the reader may not know."""
    alerts = evacuation_alert(evacuation_on, diagnosis, today, limits)
    alerts += conditions_alert(states, figure.minors if figure else None)
    alerts += jump_alert(figure, surveys) if figure else []
    alerts += freshness_alert(figure, today, limits)
    return sorted(alerts, key=lambda alert: alert.level != Level.LATE)


def date_alerts(discords: Sequence[str]) -> list[Alert]:
    """Dates that do not agree, until one of the two is corrected."""
    return [Alert(Level.DUE, discord) for discord in discords]
