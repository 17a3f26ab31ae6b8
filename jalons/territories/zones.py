"""The time zone of a territory: that of Paris, except overseas (`data/time_zones.json`, from the IANA database)."""

import datetime as dt
import json
from collections.abc import Collection
from pathlib import Path
from zoneinfo import ZoneInfo

from jalons.core.clock import day_in
from jalons.core.values.dates import PARIS

OVERSEAS: dict[str, ZoneInfo] = {
    code: ZoneInfo(name)
    for code, name in json.loads((Path(__file__).parent / "data" / "time_zones.json").read_text()).items()
}


def zone_of(departement: str) -> ZoneInfo:
    """The time zone of a département or of an overseas collectivity."""
    return OVERSEAS.get(departement, PARIS)


def zone_of_all(departements: Collection[str]) -> ZoneInfo:
    """That of several départements: Paris as soon as one is there, or without any; else that of the first."""
    zones = [zone_of(code) for code in sorted(departements)]
    return PARIS if not zones or PARIS in zones else zones[0]


def territory_day(departement: str, moment: dt.datetime | None = None) -> dt.date:
    """The day in a département, now or at a moment."""
    return day_in(zone_of(departement), moment)
