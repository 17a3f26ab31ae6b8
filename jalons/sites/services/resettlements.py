"""People of one site who settled on another."""

import datetime as dt

from django.db import transaction

from jalons.core.values import Value, to_columns
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, enter
from jalons.sites.models import Resettlement, Site


@transaction.atomic
def link_resettlement(
    *,
    origin: Site,
    site: Site,
    on: dt.date,
    by: Actor,
    people: Value | None = None,
    households: Value | None = None,
    note: str = "",
) -> Resettlement:
    """People of `origin` settled on `site`."""
    if origin.pk == site.pk:
        raise Refused("Une réinstallation relie deux sites différents.")
    numbers, blanks = to_columns(
        {"people": people or Value.empty(), "households": households or Value.empty()}
    )
    return enter(
        fact=Resettlement(origin=origin, site=site, valid_on=on, note=note, blanks=blanks, **numbers), by=by
    )
