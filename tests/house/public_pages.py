"""The lines of the table for the open figures."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from jalons.accounts.decorators import OPEN
from jalons.accounts.enums import Right
from jalons.core import clock
from jalons.public.counting import country
from jalons.public.enums import EditionState
from jalons.public.half_years import last_over
from jalons.public.measures import KEYS
from jalons.public.models import CountedHalfYear, OpenEdition
from jalons.public.services import publish_edition
from tests import factories
from tests.house.page import Page
from tests.house.world import World

HALF_YEAR = "2020-S1"
NUMBERS = {EditionState.READY: 901, EditionState.PUBLISHED: 902, EditionState.PREPARING: 903}


def edition_in(world: World, state: EditionState) -> OpenEdition:
    """Made when it is first asked for: everything in it is hidden."""
    by = factories.actor(world.cast.national)
    number = NUMBERS[state]
    edition = OpenEdition.objects.filter(number=number).first()
    if edition is not None:
        return edition
    edition = OpenEdition.objects.create(
        number=number,
        state=EditionState.PREPARING if state == EditionState.PREPARING else EditionState.READY,
        first=HALF_YEAR,
        last=HALF_YEAR,
        known_on=dt.date(2020, 7, 1),
        beside=number,
        asked_by=by.user,
        asked_for=by.organisation,
        pulse_at=timezone.now(),
        verdict={"figures": 1, "programs": 2, "half_years": {}},
    )
    areas = country().tree.areas
    hidden = {key: dict.fromkeys(areas, "small") for key in KEYS}
    values = {key: dict.fromkeys(areas, 0) for key in KEYS}
    cells = {"values": values, "hidden": hidden, "coverage": {key: {} for key in KEYS}, "guarded": []}
    CountedHalfYear.objects.create(edition=edition, half_year=HALF_YEAR, cells=cells)
    return publish_edition(edition=edition, by=by) if state == EditionState.PUBLISHED else edition


def on_edition(state: EditionState) -> Callable[[World], Mapping[str, Any]]:
    return lambda world: {"number": edition_in(world, state).number}


def online(world: World) -> str:
    edition_in(world, EditionState.PUBLISHED)
    return f"semestre={HALF_YEAR}"


def whole_half_year(world: World) -> Mapping[str, Any]:
    code = last_over(clock.paris_day()).code
    return {"first": code, "last": code}


def national_page(name: str, *args: Any, **kwargs: Any) -> Page:
    return Page(
        name, Right.PUBLISH_FIGURES, *args, person="national", national=True, about_subject=False, **kwargs
    )


PUBLIC_PAGES = [
    Page("public:figures", OPEN, query=online, copied=300),
    Page("public:csv", OPEN, query=online, copied=300),
    Page("public:json", OPEN, query=online, copied=300),
    Page("public:map", OPEN, query=online, copied=300),
    Page("public:method", OPEN),
    national_page("public:editions", data=whole_half_year),
    national_page("public:edition", on_edition(EditionState.READY)),
    national_page("public:stop", on_edition(EditionState.PREPARING), reads=False),
    national_page("public:publish", on_edition(EditionState.READY), data=lambda w: {}),
    national_page(
        "public:withdraw", on_edition(EditionState.PUBLISHED), data=lambda w: {"reason": "Une erreur."}
    ),
]
