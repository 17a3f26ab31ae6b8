"""What a row of a table of sites writes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jalons.core.values import Value
from jalons.imports.judging.closings import RowClosing
from jalons.sites.models import LivingConditions, Site, Survey
from jalons.territories.models import Commune


@dataclass
class SitePlan:
    """What a row writes: a new site (`site` None) or a count on a known one, then an assessment.

    `survey`: the count of the same day and organisation, to correct. `again`: nothing changed since, the date is
    renewed. `answers`: the whole assessment, when the row says something of it.
    """

    line: int
    day: dt.date
    site: Site | None
    commune: Commune
    name: str
    address: str
    point: tuple[float, float] | None
    counts: Mapping[str, Value] = field(default_factory=dict)
    survey: Survey | None = None
    again: Survey | None = None
    answers: Mapping[str, Mapping[str, Any]] | None = None
    state: LivingConditions | None = None
    note: str = ""
    alias: str = ""
    described: Mapping[str, Any] = field(default_factory=dict)
    installed_on: dt.date | None = None
    closing: RowClosing | None = None

    @property
    def group(self) -> tuple[str, str]:
        """Rows of one new site, at different dates."""
        return self.commune.pk, (self.name or self.address).casefold()
