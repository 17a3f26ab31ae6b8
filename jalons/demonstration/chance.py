"""The dice and the calendar of the invented world: same seed and same day, same world."""

import datetime as dt
import json
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jalons.core.fields import ALPHABET, PUBLIC_ID_LENGTH
from jalons.core.values.dates import PARIS

SEED = 2026
DATA = Path(__file__).parent / "data"
# How long Jalons has been in use in the invented world: nothing was recorded before.
IN_USE = 912  # days, thirty months


@cache
def data(name: str) -> Any:
    """What `data/<name>.json` holds; to be read, never changed."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


class Chance(random.Random):  # noqa: S311  # draws an invented world, no secret
    """Draws that the tests can repeat."""

    def happens(self, probability: float) -> bool:
        return self.random() < probability

    def uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.getrandbits(128), version=4)

    def public_id(self) -> str:
        return "".join(self.choices(ALPHABET, k=PUBLIC_ID_LENGTH))

    def weighted(self, weights: Mapping[Any, float]) -> Any:
        return self.choices(list(weights), weights=list(weights.values()))[0]

    def lag(self) -> int:
        """Days between seeing something and writing it down: mostly one, sometimes weeks."""
        draw = self.random()
        if draw < 0.85:
            return 1 if draw < 0.7 else 0
        return self.randint(2, 6) if draw < 0.95 else self.randint(10, 45)

    def near(self, latitude: float, longitude: float) -> tuple[float, float]:
        """A point within 700 m or so."""
        return (
            round(latitude + self.uniform(-0.006, 0.006), 6),
            round(longitude + self.uniform(-0.008, 0.008), 6),
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """Dates are said in days before `today`; nothing happens after yesterday, so that the hour does not matter."""

    today: dt.date

    def day(self, ago: int) -> dt.date:
        return self.today - dt.timedelta(days=ago)

    def moment(self, chance: Chance, day: dt.date, lag: int = 0, *, evening: bool = False) -> dt.datetime:
        """Someone writes `lag` days after `day`, within office hours; `evening`, after everyone else."""
        day = min(day + dt.timedelta(days=lag), self.day(1))
        hour = chance.randint(18, 20) if evening else chance.randint(8, 17)
        return dt.datetime.combine(day, dt.time(hour, chance.randint(0, 59), chance.randint(0, 59)), PARIS)
