"""Classes and distances, at their bounds, and against a naive count."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.alike.distance import COMPARISONS, compared, differences, distance, is_alike, reasons
from jalons.alike.enums import (
    Criterion,
    DurationClass,
    Housing,
    MinorsClass,
    ProcedureStage,
    SizeClass,
    WaterClass,
)
from jalons.alike.features import (
    SiteFeatures,
    duration_class,
    housing_class,
    minors_class,
    procedure_stage,
    size_bounds,
    size_class,
    water_class,
)


@pytest.mark.parametrize(
    ("people", "size"),
    [
        (None, None),
        (0, None),
        (1, SizeClass.UNDER_10),
        (9, SizeClass.UNDER_10),
        (10, SizeClass.UNDER_50),
        (49, SizeClass.UNDER_50),
        (50, SizeClass.UNDER_100),
        (99, SizeClass.UNDER_100),
        (100, SizeClass.UNDER_200),
        (199, SizeClass.UNDER_200),
        (200, SizeClass.MORE),
    ],
)
def test_sizes_at_their_bounds(people: int | None, size: SizeClass | None) -> None:
    assert size_class(people) == size


@given(st.integers(1, 500))
def test_the_bounds_asked_of_the_base_are_those_of_the_classes(people: int) -> None:
    within = [
        size
        for size in SizeClass
        for first, after in [size_bounds(size)]
        if first <= people and (after is None or people < after)
    ]
    assert within == [size_class(people)]


@pytest.mark.parametrize(
    ("minors", "people", "share"),
    [
        (None, 10, None),
        (3, None, None),
        (0, 0, None),
        (11, 10, None),
        (0, 10, MinorsClass.FEW),
        (19, 100, MinorsClass.FEW),
        (20, 100, MinorsClass.SOME),
        (399, 1000, MinorsClass.SOME),
        (40, 100, MinorsClass.MANY),
        (599, 1000, MinorsClass.MANY),
        (60, 100, MinorsClass.MOST),
    ],
)
def test_shares_of_minors_at_their_bounds(minors: Any, people: Any, share: Any) -> None:
    assert minors_class(minors, people) == share


@pytest.mark.parametrize(
    ("kind", "dwellings", "housing"),
    [
        ("land", (None, None, None, None), None),
        ("land", (0, 0, 0, 0), None),
        ("building", (20, 0, 0, 0), Housing.BUILDING),
        ("land", (6, 5, None, None), Housing.HUTS),
        ("land", (5, 5, None, None), Housing.MIXED),
        ("land", (4, 8, 4, 0), Housing.MIXED),
        ("land", (4, 9, 4, 0), Housing.CARAVANS),
        ("land", (0, 0, 1, 0), Housing.TENTS),
        ("unknown", (0, 0, 1, 2), Housing.CARS),
    ],
)
def test_housing_is_what_makes_up_more_than_half(kind: str, dwellings: Any, housing: Any) -> None:
    assert housing_class(kind, dwellings) == housing


def test_the_furthest_step_is_the_stage() -> None:
    assert procedure_stage([]) is None
    assert procedure_stage([("decision", "granted"), ("complaint", "unknown")]) == ProcedureStage.DECISION
    assert procedure_stage([("cfp", "requested")]) == ProcedureStage.FORCE
    assert (
        procedure_stage([("cfp", "refused")]) == procedure_stage([("cfp", "none")]) == ProcedureStage.DECISION
    )


def test_water_and_duration() -> None:
    assert [water_class(value) for value in (None, 4, 1, 3)] == [None, None, WaterClass.BAD, WaterClass.GOOD]
    assert [duration_class(days) for days in (0, 364, 365, 1094, 1095)] == [
        DurationClass.UNDER_1,
        DurationClass.UNDER_1,
        DurationClass.UNDER_3,
        DurationClass.UNDER_3,
        DurationClass.MORE,
    ]


FEATURES = st.builds(
    SiteFeatures,
    size=st.none() | st.sampled_from(SizeClass),
    minors=st.none() | st.sampled_from(MinorsClass),
    housing=st.none() | st.sampled_from(Housing),
    procedure=st.none() | st.sampled_from(ProcedureStage),
    water=st.none() | st.sampled_from(WaterClass),
)
WEIGHTS = {"taille": 3, "eau": 2, "habitat": 2, "procedure": 2, "mineurs": 1}
NAMES = {
    "taille": "size",
    "eau": "water",
    "habitat": "housing",
    "procedure": "procedure",
    "mineurs": "minors",
}


def steps_between(here: Any, there: Any) -> int:
    """By hand: none when equal, one for neighbours, two for anything else."""
    if here is None or there is None:
        return 2
    if here == there:
        return 0
    return 1 if not isinstance(here, str) and here - there in (-1, 1) else 2


@given(FEATURES, FEATURES, st.sets(st.sampled_from(Criterion)))
@example(SiteFeatures(size=SizeClass.UNDER_10), SiteFeatures(size=SizeClass.UNDER_50), {Criterion.SIZE})
@example(SiteFeatures(size=SizeClass.UNDER_10), SiteFeatures(size=SizeClass.UNDER_100), {Criterion.SIZE})
@example(SiteFeatures(housing=Housing.HUTS), SiteFeatures(housing=Housing.CARS), {Criterion.HOUSING})
@example(SiteFeatures(), SiteFeatures(), set(Criterion))
def test_a_distance_is_the_sum_of_what_was_chosen(here: Any, there: Any, chosen: Any) -> None:
    used = [name for name in WEIGHTS if name in chosen and getattr(here, NAMES[name]) is not None]
    steps = {name: steps_between(getattr(here, NAMES[name]), getattr(there, NAMES[name])) for name in used}
    comparisons = compared(here, chosen)
    assert [str(one.criterion) for one in comparisons] == used
    total = sum(WEIGHTS[name] * steps[name] for name in used)
    assert distance(here, there, comparisons) == total
    near = bool(used) and 2 * total <= sum(2 * WEIGHTS[name] for name in used)
    assert is_alike(here, there, comparisons) == (near and steps.get("taille", 0) < 2)
    # Each criterion is said once: as a reason, or as a difference.
    assert len(reasons(here, there, comparisons)) == sum(step < 2 for step in steps.values())
    assert len(differences(here, there, comparisons)) == sum(step == 2 for step in steps.values())


def test_each_criterion_says_why() -> None:
    here = SiteFeatures(
        SizeClass.UNDER_100, MinorsClass.MANY, Housing.HUTS, ProcedureStage.DECISION, WaterClass.BAD
    )
    everything = list(COMPARISONS.values())
    assert reasons(here, here, everything) == [
        "même taille (50 à 99 personnes)",
        "eau absente ou mauvaise",
        "cabanes",
        "même étape de procédure (décision ou arrêté)",
        "même part de mineurs (40 à 59 %)",
    ]
    other = SiteFeatures(SizeClass.UNDER_200, None, Housing.CARAVANS, ProcedureStage.FORCE, WaterClass.GOOD)
    assert reasons(here, other, everything) == [
        "taille voisine (100 à 199 personnes)",
        "étape de procédure voisine (concours de la force publique)",
    ]
    assert differences(here, other, everything) == [
        "eau correcte",
        "habitat\u00a0: caravanes",
        "part de mineurs\u00a0: pas de quoi le dire",
    ]
