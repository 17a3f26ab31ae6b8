"""Editions for tests, made by the services as the worker makes them."""

import datetime as dt
from typing import Any

from jalons.editions.enums import ReportRhythm
from jalons.editions.jobs import make_report
from jalons.editions.models import ReportAccess, ReportEdition
from jalons.editions.periods import period_of
from jalons.editions.registry import report_kinds
from jalons.editions.services.asking import ask_edition
from jalons.editions.services.life import share_edition
from jalons.figures.areas import find_area
from tests import factories

MONTH = dt.date(2026, 10, 15)


def make_edition(
    user: Any,
    *,
    kind: str = "observatoire",
    area: str = "departement-59",
    day: dt.date = MONTH,
    cover: str = "",
    now: dt.datetime | None = None,
    made: bool = True,
    **more: Any,
) -> ReportEdition:
    report = report_kinds()[kind]
    place = find_area(area)
    assert place is not None
    edition = ask_edition(
        kind=report,
        area=place,
        period=period_of(ReportRhythm(report.rhythm), day),
        by=factories.actor(user),
        options={"sections": [], "cover": cover},
        now=now,
        **more,
    )
    if made:
        make_report.func(edition.pk)
        edition.refresh_from_db()
        assert not edition.failure, edition.failure
    return edition


def reader_of(edition: ReportEdition, user: Any, *, may_write: bool = False) -> ReportAccess:
    by = factories.actor(edition.author)
    return share_edition(edition=edition, user=user, may_write=may_write, by=by)
