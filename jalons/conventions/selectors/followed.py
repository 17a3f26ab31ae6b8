"""What the follow-up of a dispositif says of the indicators of the sheet that it also is."""

from dataclasses import dataclass
from typing import Any

from jalons.conventions.models import Commitment
from jalons.conventions.selectors.figures import Grid


@dataclass(frozen=True, slots=True)
class Followed:
    """A figure of the follow-up, proposed beside a cell."""

    code: str
    heading: str
    words: str


def followed_figures(user: Any, commitment: Commitment, grid: Grid) -> list[Followed]:
    return []
