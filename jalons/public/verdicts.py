"""What a national administrator reads of an edition before publishing it: how much is hidden, where, and why.

No hidden value is shown: the decision does not need it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalons.core.ui import Column
from jalons.core.values import format_number
from jalons.figures.enums import AreaLevel
from jalons.public.enums import HiddenWhy
from jalons.public.half_years import HalfYear
from jalons.public.measures import KEYS, definition
from jalons.public.models import OpenEdition
from jalons.public.selectors import counted_of
from jalons.territories.models import Departement, Region

LEVELS = (AreaLevel.NATION, AreaLevel.REGION, AreaLevel.DEPARTEMENT)
SECOND = (HiddenWhy.WHOLE, HiddenWhy.SECONDARY)


@dataclass(frozen=True, slots=True)
class HalfYearSummary:
    """`levels`: how many figures are open, of how many, at each level."""

    half_year: HalfYear
    levels: tuple[str, ...]
    primary: int
    secondary: int
    exposed: int


@dataclass(frozen=True, slots=True)
class HiddenGroup:
    """Territories of a level that hide the same figures for the same reasons. `reasons`: the reason, its figures."""

    level: str
    areas: Sequence[str]
    reasons: Sequence[tuple[str, str]]

    @property
    def title(self) -> str:
        if len(self.areas) == 1:
            return self.areas[0]
        return f"{len(self.areas)} {'régions' if self.level == AreaLevel.REGION else 'départements'}"


def level_columns() -> tuple[Column, ...]:
    return (
        Column("Semestre"),
        Column("France", numeric=True),
        Column("Régions", numeric=True),
        Column("Départements", numeric=True),
        Column("Masqués par une règle", numeric=True),
        Column("Masqués pour en protéger d’autres", numeric=True),
        Column("Contrôle"),
    )


def summaries(edition: OpenEdition) -> list[HalfYearSummary]:
    """One query."""
    verdicts: Mapping[str, Any] = edition.verdict.get("half_years", {})
    summaries_read = []
    for counted in edition.counted.order_by("half_year"):
        half_year = HalfYear.parse(counted.half_year)
        if half_year is None:
            continue
        why = verdicts.get(counted.half_year, {}).get("why", {})
        second = [why.get(str(reason), 0) for reason in SECOND]
        summaries_read.append(
            HalfYearSummary(
                half_year,
                tuple(open_words(counted.cells, level) for level in LEVELS),
                total_of(why) - second[0] - second[1],
                second[0] + second[1],
                len(verdicts.get(counted.half_year, {}).get("exposed", ())),
            )
        )
    return summaries_read


def total_of(why: Mapping[str, int]) -> int:
    return Counter(why).total()


def open_words(cells: Mapping[str, Any], level: str) -> str:
    """« 84 sur 216 »: open figures of a level."""
    areas = [(key, area) for key in KEYS for area in cells["values"][key] if level_of(area) == level]
    hidden = [(key, area) for key, area in areas if area in cells["hidden"][key]]
    return f"{format_number(len(areas) - len(hidden))} sur {format_number(len(areas))}"


def level_of(area: str) -> str:
    return area.partition("-")[0]


def hidden_groups(edition: OpenEdition, half_year: str) -> list[HiddenGroup]:
    """Of one half-year: the nation, then the régions, then the départements, together when they hide the same."""
    counted = counted_of(edition, half_year) if half_year else None
    if counted is None:
        return []
    by_area: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for key in KEYS:
        for area, why in counted.cells["hidden"][key].items():
            by_area[area].append((why, key))
    names = area_names()
    together: defaultdict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = defaultdict(list)
    for area, hidden in by_area.items():
        together[level_of(area), tuple(hidden)].append(names.get(area, area))
    groups = [
        HiddenGroup(level, sorted(areas), reasons_of(hidden)) for (level, hidden), areas in together.items()
    ]
    return sorted(
        groups, key=lambda group: (LEVELS.index(AreaLevel(group.level)), len(group.areas), group.areas)
    )


def reasons_of(hidden: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """« moins de onze », « Femmes, Mineurs »."""
    labels: defaultdict[str, list[str]] = defaultdict(list)
    for why, key in hidden:
        labels[str(HiddenWhy(why).label)].append(definition(key).label)
    return [(why, ", ".join(figures)) for why, figures in labels.items()]


def area_names() -> dict[str, str]:
    """Two queries."""
    regions = Region.objects.order_by("code").values_list("code", "name")
    departements = Departement.objects.order_by("code").values_list("code", "name")
    return {
        str(AreaLevel.NATION): "France",
        **{f"{AreaLevel.REGION}-{code}": name for code, name in regions},
        **{f"{AreaLevel.DEPARTEMENT}-{code}": f"{name} ({code})" for code, name in departements},
    }
