"""The verdict of a cell and of a row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from jalons.imports.enums import CellVerdict, RowOutcome
from jalons.sites.models import Site
from jalons.territories.models import Commune

# The worst first: a row is what its worst cell is.
WORST = (CellVerdict.REFUSED, CellVerdict.DOUBTFUL, CellVerdict.CHANGED, CellVerdict.NEW, CellVerdict.SAME)


@dataclass
class JudgedCell:
    """`raw`: as the file writes it; `before` and `after` in words; `who`: who wrote the present value, and when.

    `options`: the answers between which to choose, when a person may not write anything else.
    `differs`: not written, and the table says another thing than Jalons: it is shown although nothing changes.
    """

    key: str
    label: str
    reference: str
    raw: str
    verdict: CellVerdict
    before: str = ""
    after: str = ""
    who: str = ""
    rule: str = ""
    suggest: str = ""
    options: list[str] = field(default_factory=list)
    differs: bool = False

    def to_json(self) -> dict[str, Any]:
        return {**self.__dict__, "verdict": self.verdict.value}


@dataclass
class JudgedLine:
    """`plan`: what `writing` makes of it; None when the row is not written. `point`: latitude, longitude it writes."""

    line: int
    label: str
    place: str = ""
    outcome: RowOutcome = RowOutcome.CHOOSE
    verdict: CellVerdict = CellVerdict.REFUSED
    why: str = ""
    site: Site | None = None
    commune: Commune | None = None
    candidates: list[dict[str, str]] = field(default_factory=list)
    cells: list[JudgedCell] = field(default_factory=list)
    basis: str = ""
    point: tuple[float, float] | None = None
    plan: Any = None


def worst(verdicts: Iterable[CellVerdict]) -> CellVerdict:
    found = set(verdicts)
    return next((verdict for verdict in WORST if verdict in found), CellVerdict.SAME)
