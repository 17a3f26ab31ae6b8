"""The dates of a site that do not agree with its installation or its closing."""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from jalons.history.chronology import Dated, Life, Wording, discords
from jalons.sites.enums import EventKind
from jalons.sites.models import (
    LivingConditions,
    Occupation,
    Procedure,
    Resettlement,
    Site,
    SiteEvent,
    SocialDiagnosis,
    Survey,
)


class SiteFact(StrEnum):
    """What is dated on a site, in the order in which it is told."""

    SURVEY = "survey"
    CONDITIONS = "conditions"
    DIAGNOSIS = "diagnosis"
    EVACUATION = "evacuation"
    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    PROCEDURE = "procedure"


WORDINGS: dict[StrEnum, Wording] = {
    SiteFact.SURVEY: Wording("Le recensement du {day} est daté", "recensements sont datés"),
    SiteFact.CONDITIONS: Wording(
        "Les conditions de vie du {day} sont datées", "états des conditions de vie sont datés"
    ),
    SiteFact.DIAGNOSIS: Wording(
        "Le diagnostic social du {day} est daté", "diagnostics sociaux sont datés", on_last_day=True
    ),
    SiteFact.EVACUATION: Wording(
        "L’évacuation du {day} est datée", "évacuations sont datées", on_last_day=True
    ),
    SiteFact.ARRIVAL: Wording("L’arrivée d’habitants du {day} est datée", "arrivées d’habitants sont datées"),
    SiteFact.DEPARTURE: Wording(
        "Le départ d’habitants du {day} est daté", "départs d’habitants sont datés", on_last_day=True
    ),
    # A ground may be complained of, or placed under an order, before these people live there.
    SiteFact.PROCEDURE: Wording(
        "L’étape de procédure du {day} est datée",
        "étapes de procédure sont datées",
        on_last_day=True,
        early=True,
    ),
}


# Of these only the newest counts: it takes the place of those before.
NEWEST_ONLY = frozenset([SiteFact.CONDITIONS, SiteFact.DIAGNOSIS])


def life_of(occupation: Occupation | None) -> Life:
    """A site known only from its first observation has no beginning that a fact may contradict."""
    begins = occupation.valid_on if occupation and occupation.start_is_known else None
    ends = occupation.ended_on if occupation else None
    return Life(begins, ends, begun="l’installation du site", ended="la fermeture du site")


def site_discords(occupation: Occupation | None, facts: Iterable[Dated]) -> list[str]:
    return discords(life_of(occupation), facts, WORDINGS)


def dated(kind: SiteFact, facts: Iterable[Any]) -> list[Dated]:
    return [Dated(kind, fact.valid_on) for fact in facts if not getattr(fact, "set_aside", False)]


def facts_of_sheet(sheet: Any) -> list[Dated]:
    """The dated facts of a `selectors.Sheet`, among those that its reader may read."""
    return [
        *dated(SiteFact.SURVEY, sheet.surveys),
        *dated(SiteFact.CONDITIONS, [sheet.state] if sheet.state else []),
        *dated(SiteFact.DIAGNOSIS, [sheet.diagnosis] if sheet.diagnosis else []),
        *dated(SiteFact.EVACUATION, [event for event in sheet.events if event.kind == EventKind.EVACUATION]),
        *dated(SiteFact.ARRIVAL, [move.link for move in sheet.arrivals]),
        *dated(SiteFact.DEPARTURE, [move.link for move in sheet.departures]),
        *dated(SiteFact.PROCEDURE, sheet.procedures or ()),
    ]


def facts_of(site: Site, *, justice: bool) -> list[Dated]:
    """The same read from the database: seven queries. `justice`: the procedures too."""
    sources: list[tuple[SiteFact, Any]] = [
        (SiteFact.SURVEY, Survey.objects.filter(site=site, set_aside=False)),
        (SiteFact.CONDITIONS, LivingConditions.objects.filter(site=site)),
        (SiteFact.DIAGNOSIS, SocialDiagnosis.objects.filter(site=site)),
        (SiteFact.EVACUATION, SiteEvent.objects.filter(site=site, kind=EventKind.EVACUATION)),
        (SiteFact.ARRIVAL, Resettlement.objects.filter(site=site)),
        (SiteFact.DEPARTURE, Resettlement.objects.filter(origin=site)),
    ]
    if justice:
        sources.append((SiteFact.PROCEDURE, Procedure.objects.filter(site=site)))
    return [Dated(kind, day) for kind, rows in sources for day in known_days(rows, kind)]


def known_days(rows: Any, kind: SiteFact) -> list[dt.date]:
    days = rows.known().order_by("-valid_on").values_list("valid_on", flat=True)
    return list(days[:1] if kind in NEWEST_ONLY else days)


def shown_discords(
    occupation: Occupation | None, figure: Survey | None, state: LivingConditions | None
) -> list[str]:
    """What a line of the list can tell without another query: the count and the living conditions in use."""
    facts = [
        *dated(SiteFact.SURVEY, [figure] if figure else []),
        *dated(SiteFact.CONDITIONS, [state] if state else []),
    ]
    return site_discords(occupation, facts)


def known_discords(site: Site, *, justice: bool) -> list[str]:
    """What does not agree on a site as we know it now, to come included."""
    occupation = Occupation.objects.known().filter(site=site).first()
    return site_discords(occupation, facts_of(site, justice=justice))
