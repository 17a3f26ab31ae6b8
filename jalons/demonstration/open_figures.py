"""Two editions of invented open figures: three half-years, then the last one."""

import datetime as dt

from jalons.accounts.models import User
from jalons.demonstration.sharing import NATIONAL, acting
from jalons.public.half_years import HalfYear, last_over
from jalons.public.preparing import prepare
from jalons.public.services import ask_edition, publish_edition


def publish_figures(today: dt.date) -> None:
    """Prepared, audited and published as by the screens; nothing when an edition is refused."""
    national = User.objects.filter(email=NATIONAL).first()
    if national is None:
        return
    last = last_over(today)
    publish_half_years(national, last.back(3), last.back(1), today)
    publish_half_years(national, last, last, today)


def publish_half_years(national: User, first: HalfYear, last: HalfYear, today: dt.date) -> None:
    by = acting(national)
    edition = ask_edition(first=first, last=last, known_on=today, by=by)
    prepare(edition)
    edition.refresh_from_db()
    publish_edition(edition=edition, by=by)
