"""What is observed on a site: counts, living conditions, events, diagnosis, owner, procedures, resettlements."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from jalons.core import clock
from jalons.core.values import Value, format_date, to_columns
from jalons.editing.refusals import Refused
from jalons.history.querysets import AsOf
from jalons.history.services import Actor, Stale, correct, enter
from jalons.sites.enums import EventKind, ProcedureKind, Reliability, SourceKind
from jalons.sites.models import (
    LivingConditions,
    Ownership,
    Procedure,
    Site,
    SiteEvent,
    SocialDiagnosis,
    Survey,
)
from jalons.sites.questions import assess_all, clean_answers
from jalons.sites.services.occupations import occupation_of, open_from


@dataclass(frozen=True, slots=True)
class Observation:
    """One count: when, by whom, how sure, and the values (`Survey.COUNTS`; those left out are empty)."""

    observed_on: dt.date
    source_kind: SourceKind | str
    reliability: Reliability | int = Reliability.DECLARED
    source: Any = None
    counts: Mapping[str, Value] = field(default_factory=dict)
    note: str = ""

    def columns(self) -> dict[str, Any]:
        """The columns of a `Survey`."""
        numbers, blanks = to_columns(self.counts)
        return {
            "valid_on": self.observed_on,
            "source_kind": self.source_kind,
            "reliability": self.reliability,
            "source": self.source,
            "note": self.note,
            "blanks": blanks,
            **dict.fromkeys(Survey.COUNTS),
            **numbers,
        }


@transaction.atomic
def add_survey(*, site: Site, observation: Observation, by: Actor, source: str = "") -> Survey:
    """One more count. Counts of several sources live side by side. `source`: where it comes from, in words."""
    open_from(site=site, on=observation.observed_on, by=by)
    return enter(fact=Survey(site=site, reason=source, **observation.columns()), by=by)


@transaction.atomic
def correct_survey(*, survey: Survey, observation: Observation, by: Actor, reason: str) -> Survey:
    """The same count, said better. The figure known before stays readable « connu le » then."""
    open_from(site=survey.site, on=observation.observed_on, by=by)
    return correct(fact=survey, by=by, reason=reason, unchanged=False, **observation.columns())


def set_survey_aside(*, survey: Survey, by: Actor, reason: str) -> Survey:
    """Keep a count, but not as the figure: duplicate, other perimeter, doubtful method."""
    return correct(fact=survey, by=by, reason=reason, set_aside=True)


def take_survey_back(*, survey: Survey, by: Actor, reason: str) -> Survey:
    return correct(fact=survey, by=by, reason=reason, set_aside=False)


@transaction.atomic
def add_conditions(
    *,
    site: Site,
    observed_on: dt.date,
    answers: Mapping[str, Any],
    by: Actor,
    note: str = "",
    source: str = "",
) -> LivingConditions:
    occupation_of(site)
    assessed = condition_columns(answers)
    return enter(
        fact=LivingConditions(site=site, valid_on=observed_on, note=note, reason=source, **assessed), by=by
    )


@transaction.atomic
def correct_conditions(
    *,
    conditions: LivingConditions,
    observed_on: dt.date,
    answers: Mapping[str, Any],
    by: Actor,
    reason: str,
    note: str = "",
) -> LivingConditions:
    return correct(
        fact=conditions,
        by=by,
        reason=reason,
        valid_on=observed_on,
        note=note,
        unchanged=False,
        **condition_columns(answers),
    )


def condition_columns(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers, and the six states computed from them."""
    cleaned = clean_answers(answers)
    return {
        "answers": cleaned,
        **{assessment.theme.value: assessment.condition for assessment in assess_all(cleaned)},
    }


@transaction.atomic
def nothing_changed(
    *, site: Site, by: Actor, source_kind: SourceKind | str, on: dt.date | None = None
) -> SiteEvent:
    """« Rien n’a changé »: the figures and conditions in force are said again, as seen on `on` (today).

    Nobody counted again: what was counted is repeated as declared, what was estimated stays estimated.
    """
    day = on or clock.today()
    at = AsOf(valid=day)
    ended_on = occupation_of(site).ended_on
    if ended_on and ended_on <= day:
        raise Refused(
            f"Ce site est fermé depuis le {format_date(ended_on)} : il n’y a plus rien à confirmer."
        )
    figure = Survey.objects.in_force(at).filter(site=site).first()
    if figure and figure.valid_on < day:
        again = {name: getattr(figure, name) for name in Survey.COUNTS}
        enter(
            fact=Survey(
                site=site,
                valid_on=day,
                source_kind=source_kind,
                source=by.organisation,
                reliability=min(figure.reliability, Reliability.DECLARED),
                blanks=figure.blanks,
                unchanged=True,
                **again,
            ),
            by=by,
        )
    state = LivingConditions.objects.in_force(at).filter(site=site).first()
    if state and state.valid_on < day:
        enter(
            fact=LivingConditions(
                site=site, valid_on=day, unchanged=True, note=state.note, **condition_columns(state.answers)
            ),
            by=by,
        )
    return add_event(site=site, kind=EventKind.VISIT, on=day, description="Rien n’a changé.", by=by)


@transaction.atomic
def add_event(
    *, site: Site, kind: EventKind | str, on: dt.date, by: Actor, description: str = ""
) -> SiteEvent:
    occupation_of(site)
    return enter(fact=SiteEvent(site=site, kind=kind, valid_on=on, description=description), by=by)


def nobody_wrote_since(*, model: Any, site: Site, seen: Any) -> None:
    """A form that shows the fact in force is filled over it: raises `Stale` when another is in force by now.

    `seen`: the fact that the form was opened on, None when there was none. Call it where the new fact is written.
    """
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    known = model.objects.known().filter(site=site).select_related("author", "organisation")
    last = known.order_by("-valid_on", "-recorded_at", "-pk").first()
    if last is not None and last != seen:
        raise Stale(last)


@transaction.atomic
def set_diagnosis(
    *, site: Site, status: str, on: dt.date, by: Actor, led_by: str = "", note: str = ""
) -> SocialDiagnosis:
    occupation_of(site)
    return enter(fact=SocialDiagnosis(site=site, status=status, valid_on=on, led_by=led_by, note=note), by=by)


@transaction.atomic
def set_owner(*, site: Site, kind: str, on: dt.date, by: Actor, name: str = "", note: str = "") -> Ownership:
    occupation_of(site)
    return enter(fact=Ownership(site=site, kind=kind, valid_on=on, name=name, note=note), by=by)


@transaction.atomic
def add_procedure(
    *, site: Site, kind: ProcedureKind | str, on: dt.date, by: Actor, **details: Any
) -> Procedure:
    """One step of justice or of the administration; `details` are the other columns of `Procedure`."""
    occupation_of(site)
    return enter(fact=Procedure(site=site, kind=kind, valid_on=on, **details), by=by)
