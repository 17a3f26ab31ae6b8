"""A site seen in classes. Pure: what was counted and seen in, classes out; unknown stays None."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from jalons.alike.enums import (
    Criterion,
    DurationClass,
    Housing,
    MinorsClass,
    ProcedureStage,
    SizeClass,
    WaterClass,
)
from jalons.sites.enums import Condition, ProcedureKind, ProcedureStatus, SiteKind

# Lower bounds of the classes after the first.
SIZE_BOUNDS = (10, 50, 100, 200)
MINORS_BOUNDS = (20, 40, 60)  # percent
YEAR_DAYS = (365, 3 * 365)
DWELLINGS = (Housing.HUTS, Housing.CARAVANS, Housing.TENTS, Housing.CARS)  # as the fields of a survey
STAGES = {
    ProcedureKind.COMPLAINT: ProcedureStage.COMPLAINT,
    ProcedureKind.JUDICIAL: ProcedureStage.JUDICIAL,
    ProcedureKind.BAILIFF: ProcedureStage.JUDICIAL,
    ProcedureKind.LITIGATION: ProcedureStage.JUDICIAL,
    ProcedureKind.DECISION: ProcedureStage.DECISION,
    ProcedureKind.ORDER: ProcedureStage.DECISION,
    ProcedureKind.INSALUBRITY: ProcedureStage.DECISION,
    ProcedureKind.EVACUATION: ProcedureStage.DECISION,
    ProcedureKind.CFP: ProcedureStage.FORCE,
}
NOT_TAKEN = (ProcedureStatus.NONE, ProcedureStatus.REFUSED)

FIELDS = {
    Criterion.SIZE: "size",
    Criterion.MINORS: "minors",
    Criterion.HOUSING: "housing",
    Criterion.PROCEDURE: "procedure",
    Criterion.WATER: "water",
}

FeatureClass = SizeClass | MinorsClass | Housing | ProcedureStage | WaterClass


@dataclass(frozen=True, slots=True)
class SiteFeatures:
    """`procedure` is None for who may not read it, exactly as when there is none."""

    size: SizeClass | None = None
    minors: MinorsClass | None = None
    housing: Housing | None = None
    procedure: ProcedureStage | None = None
    water: WaterClass | None = None

    def of(self, criterion: Criterion) -> FeatureClass | None:
        feature: FeatureClass | None = getattr(self, FIELDS[criterion])
        return feature


def size_class(people: int | None) -> SizeClass | None:
    """10 is « 10 à 49 », 9 is below. A site counted empty has no size to compare."""
    return SizeClass(1 + bisect_right(SIZE_BOUNDS, people)) if people else None


def size_bounds(size: SizeClass) -> tuple[int, int | None]:
    """The people of a class: the first number in, the first one out."""
    bounds = (1, *SIZE_BOUNDS, None)
    return bounds[size - 1] or 1, bounds[size]


def minors_class(minors: int | None, people: int | None) -> MinorsClass | None:
    """From the two counts of one survey, compared without rounding."""
    if minors is None or not people or minors > people:
        return None
    return MinorsClass(1 + sum(100 * minors >= bound * people for bound in MINORS_BOUNDS))


def housing_class(kind: str, dwellings: Iterable[int | None]) -> Housing | None:
    """`dwellings`: in the order of `DWELLINGS`. The one that makes up more than half; mixed when none does."""
    if kind == SiteKind.BUILDING:
        return Housing.BUILDING
    counts = [count or 0 for count in dwellings]
    most = max(counts, default=0)
    if not most:
        return None
    return DWELLINGS[counts.index(most)] if 2 * most > sum(counts) else Housing.MIXED


def procedure_stage(steps: Iterable[tuple[str, str]]) -> ProcedureStage | None:
    """The furthest of some steps, each a kind and a status. A concours not asked for or refused is a decision."""
    stages = [
        ProcedureStage.DECISION
        if kind == ProcedureKind.CFP and status in NOT_TAKEN
        else STAGES[ProcedureKind(kind)]
        for kind, status in steps
    ]
    return max(stages, default=None)


def water_class(condition: int | None) -> WaterClass | None:
    return None if condition in (None, Condition.UNKNOWN) else WaterClass(condition)


def duration_class(days: int) -> DurationClass:
    """A year is 365 days; the first day of the second year is « un à trois ans »."""
    return DurationClass(1 + bisect_right(YEAR_DAYS, days))
