"""What happened to sites between two days: openings, closings, where people went."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models import Sum as SqlSum

from jalons.accounts.enums import Right
from jalons.core.values import Sum
from jalons.figures.enums import FigureKind
from jalons.figures.readings import FigureReading, Tally
from jalons.figures.registry import Family, Figure, FigureQuestion, SharedSums
from jalons.sites.enums import ClosingReason, OrientationKind
from jalons.sites.figures.rows import (
    EVACUATED,
    closed,
    for_reasons,
    known_sites,
    opened,
    resettlements,
    rows_where,
    sites_left,
)
from jalons.sites.models import Orientation
from jalons.sites.querysets import SiteQuerySet


def read_movements(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    """Openings and closings of the period: one query."""
    return movement_readings(asked, moved(asked).order_by().aggregate(**movement_sums(asked)))


def moved(asked: FigureQuestion) -> SiteQuerySet:
    return known_sites(asked, opened(asked) | closed(asked))


def movement_sums(asked: FigureQuestion) -> dict[str, Any]:
    reason, ended = "occupation__closing_reason", closed(asked)
    return {
        "opened": Count("pk", filter=opened(asked)),
        "closed": Count("pk", filter=ended),
        "unknown": Count("pk", filter=ended & Q(**{reason: ClosingReason.UNKNOWN})),
        "resorbed": Count("pk", filter=ended & Q(**{reason: ClosingReason.RESORBED})),
        "evacuated": Count("pk", filter=ended & Q(**{f"{reason}__in": EVACUATED})),
    }


def movement_readings(asked: FigureQuestion, sums: Mapping[str, Any]) -> Mapping[str, FigureReading]:
    reason_known = sums["closed"] - sums["unknown"]
    return {
        "ouvertures": FigureReading(Tally.of_all(sums["opened"])),
        "fermetures": FigureReading(Tally.of_all(sums["closed"])),
        "resorptions": FigureReading(Tally(sums["resorbed"], reason_known, sums["closed"])),
        "evacuations": FigureReading(Tally(sums["evacuated"], reason_known, sums["closed"])),
    }


def read_resettlements(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    """Who settled elsewhere: one query."""
    sums = resettlements(asked).aggregate(
        moved=SqlSum("people"),
        known=Count("people"),
        links=Count("pk"),
        sites=Count("origin", distinct=True),
        latest=Max("valid_on"),
    )
    people = Sum.from_counts(sums["moved"], known=sums["known"], expected=sums["links"])
    return {
        "sites-reinstalles": FigureReading(Tally.of_all(sums["sites"]), sums["latest"]),
        "personnes-reinstallees": FigureReading(people, sums["latest"]),
    }


LODGED = {
    "orientes-logement": (OrientationKind.HOUSING, OrientationKind.LONG_STAY),
    "orientes-abri": (OrientationKind.SHELTER,),
    "orientes-aucune": (OrientationKind.NONE,),
}


def read_orientations(asked: FigureQuestion) -> Mapping[str, FigureReading]:
    """Where the people of the sites closed in the period went: two queries.

    A closing that says where some went and is silent on a way says that nobody went that way.
    """
    closings = known_sites(asked, closed(asked)).order_by()
    ways_by_closing: dict[int, list[tuple[str, int | None]]] = {
        pk: [] for pk in closings.values_list("occupation__pk", flat=True)
    }
    ways = Orientation.objects.filter(occupation__in=list(ways_by_closing)).order_by("pk")
    for occupation, kind, people in ways.values_list("occupation_id", "kind", "people"):
        ways_by_closing[occupation].append((kind, people))
    return {key: FigureReading(oriented(ways_by_closing.values(), kinds)) for key, kinds in LODGED.items()}


def oriented(closings: Iterable[list[tuple[str, int | None]]], kinds: tuple[OrientationKind, ...]) -> Sum:
    closings = list(closings)
    here = [[people for kind, people in ways if kind in kinds] for ways in closings]
    whole = sum(people or 0 for counts in here for people in counts)
    complete = sum(bool(ways) and None not in counts for ways, counts in zip(closings, here, strict=True))
    # Part of a closing may be told without the rest: it counts, as « at least ».
    known = complete or int(bool(whole))
    return Sum(whole, known=known, empty=len(closings) - known)


WITH_REASON = ("fermeture de raison connue", "fermetures de raison connue")
FLOW = Figure(
    key="",
    label="",
    sentence="",
    right=Right.READ_SITES,
    rows=known_sites,
    kind=FigureKind.FLOW,
    covers=("fermeture", "fermetures"),
)


def flow(key: str, label: str, sentence: str, rows: Callable[[FigureQuestion], Any], **more: Any) -> Figure:
    return replace(FLOW, key=key, label=label, sentence=sentence, rows=rows, **more)


FLOWS: tuple[Family, ...] = (
    Family(
        "mouvements",
        (
            flow(
                "ouvertures",
                "Sites ouverts dans la période",
                "Les sites dont l’installation, ou la date depuis laquelle ils sont connus, est dans la période.",
                rows_where(opened),
                covers=None,
            ),
            flow(
                "fermetures",
                "Sites fermés",
                "Les sites fermés dans la période, quelle que soit la raison.",
                rows_where(closed),
                covers=None,
            ),
            flow(
                "resorptions",
                "Sites résorbés",
                "Les sites fermés dans la période par résorption progressive.",
                rows_where(for_reasons(ClosingReason.RESORBED)),
                covers=WITH_REASON,
            ),
            flow(
                "evacuations",
                "Sites évacués",
                "Les sites fermés dans la période par une décision de justice, de la préfecture ou de la commune.",
                rows_where(for_reasons(*EVACUATED)),
                covers=WITH_REASON,
            ),
        ),
        read_movements,
        SharedSums(moved, lambda sites, asked: sites, movement_sums, movement_readings),
    ),
    Family(
        "reinstallations",
        (
            flow(
                "sites-reinstalles",
                "Sites quittés pour un autre site",
                "Les sites dont des habitants se sont réinstallés sur un autre site dans la période.",
                sites_left,
                covers=None,
            ),
            flow(
                "personnes-reinstallees",
                "Personnes réinstallées ailleurs",
                "Les habitants qui ont quitté un site pour un autre dans la période.",
                sites_left,
                covers=("réinstallation chiffrée", "réinstallations chiffrées"),
            ),
        ),
        read_resettlements,
    ),
    Family(
        "orientations",
        (
            flow(
                "orientes-logement",
                "Personnes orientées vers un logement ou un hébergement durable",
                "À la fermeture des sites de la période : logement, ou hébergement adapté de longue durée.",
                rows_where(closed),
            ),
            flow(
                "orientes-abri",
                "Personnes mises à l’abri temporairement",
                "À la fermeture des sites de la période : mise à l’abri temporaire.",
                rows_where(closed),
            ),
            flow(
                "orientes-aucune",
                "Personnes sans orientation",
                "À la fermeture des sites de la période : les personnes à qui rien n’a été proposé.",
                rows_where(closed),
            ),
        ),
        read_orientations,
    ),
)
