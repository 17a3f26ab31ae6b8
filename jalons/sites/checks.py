"""What deserves a second look in the data of a site: a count that moved, sources that differ. Nothing blocks.

What calls for somebody is another thing: `jalons.urgency` says it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from jalons.core.values import format_date, format_number
from jalons.sites.models.rivals import DISAGREEMENT_DAYS
from jalons.thresholds.enums import Limits

# A count that moves by this share and this many people since the one before is put in evidence.
JUMP_SHARE, JUMP_PEOPLE = 0.25, 10
# Two sources within this time that differ by more than this share are shown side by side.
DISAGREEMENT_SHARE = 0.10


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


def freshness(valid_on: dt.date | None, today: dt.date, limits: Limits) -> str:
    """« good » up to `survey_due`, « due » up to `survey_stale`, « late » beyond or when never counted."""
    if valid_on is None or today - valid_on > limits.survey_stale:
        return "late"
    return "due" if today - valid_on > limits.survey_due else "good"


def jump_words(figure: Any, surveys: Sequence[Any]) -> str:
    """« +42 % depuis le 12/12/2025 : de 100 à 142 personnes » for a count that moved a lot since the one before; else
    nothing.
    """
    before = [s for s in surveys if s.valid_on < figure.valid_on and s.people and not s.set_aside]
    if not before or figure.people is None:
        return ""
    last = max(before, key=lambda s: (s.valid_on, s.reliability))
    moved = figure.people - last.people
    if abs(moved) < JUMP_PEOPLE or abs(moved) < JUMP_SHARE * last.people:
        return ""
    share = round(100 * moved / last.people)
    sign = "+" if share > 0 else "−"
    counts = f"de {format_number(last.people)} à {format_number(figure.people)} personnes"
    return f"{sign}{abs(share)} % depuis le {format_date(last.valid_on)} : {counts}"
