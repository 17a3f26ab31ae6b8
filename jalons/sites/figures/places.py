"""The same figures, place by place: what a territory is made of."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Max
from django.db.models import Sum as SqlSum

from jalons.core.values import Sum
from jalons.figures.readings import FigureReading, Tally
from jalons.figures.registry import FigureQuestion
from jalons.sites.figures.rows import open_sites

# What the places of an area may be.
BY_DEPARTEMENT, BY_EPCI, BY_COMMUNE = "commune__departement_id", "commune__epci_id", "commune_id"


def readings_by_place(asked: FigureQuestion, by: str) -> Mapping[Any, Mapping[str, FigureReading]]:
    """« sites-ouverts » and « personnes » for each place that holds an open site: one query.

    Under None, the sites of the area that stand in no such place: outside of any intercommunalité.
    """
    rows = (
        open_sites(asked)
        .with_figure(asked.at)
        .order_by()
        .values(by)
        .annotate(
            sites=Count("pk"),
            inhabitants=SqlSum("figure__people"),
            counted=Count("figure__people"),
            latest=Max("figure__valid_on"),
        )
        .values_list(by, "sites", "inhabitants", "counted", "latest")
    )
    return {
        place: {
            "sites-ouverts": FigureReading(Tally.of_all(sites), latest),
            "personnes": FigureReading(Sum.from_counts(inhabitants, known=counted, expected=sites), latest),
        }
        for place, sites, inhabitants, counted, latest in rows
    }
