"""What is hidden by itself, at each bound; areas that are one and the same; what is already out."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jalons.public.disclosure.cells import (
    AreaTree,
    Backing,
    Contribution,
    NestedMeasure,
    OpenCell,
    TableShape,
    backings,
)
from jalons.public.disclosure.primary import sensitive
from jalons.public.disclosure.protection import protect
from jalons.public.enums import HiddenWhy
from jalons.public.half_years import HalfYear, between, last_over
from tests.public.attacker import exposed_figures

THREE = frozenset([1, 2, 3])
PEOPLE = NestedMeasure("personnes")


def backing(value: int, sites: int = 3, organisations: int = 3, largest: int = 1) -> Backing:
    return Backing(value, sites, frozenset(range(organisations)), largest)


@pytest.mark.parametrize(
    ("behind", "why"),
    [
        (backing(11), None),
        (backing(10), HiddenWhy.SMALL),
        (backing(0, sites=0), HiddenWhy.SMALL),
        (backing(20, sites=3), None),
        (backing(20, sites=2), HiddenWhy.SITES),
        (backing(20, organisations=3), None),
        (backing(20, organisations=2), HiddenWhy.ORGANISATIONS),
        (backing(1000, largest=849), None),  # 84.9 %
        (backing(1000, largest=850), HiddenWhy.DOMINANCE),
    ],
)
def test_each_bound_falls_on_its_side(behind: Backing, why: HiddenWhy | None) -> None:
    assert sensitive(behind, is_people=True) == why


def test_sites_are_counted_by_three() -> None:
    assert sensitive(backing(3), is_people=False) is None
    assert sensitive(backing(2, sites=2), is_people=False) == HiddenWhy.SITES
    assert sensitive(backing(0, sites=0), is_people=False) == HiddenWhy.SITES


@given(st.lists(st.one_of(st.none(), st.integers(0, 60)), max_size=12))
@example([None, None, None])
@example([0, 0, 0])
@example([85, 8, 7])
@example([849, 100, 51])
def test_a_figure_rests_on_the_sites_that_count_in_it(counts: list[int | None]) -> None:
    """What nobody knows, and zero, are nobody's: they add to the coverage and to nothing else."""
    shape = TableShape((PEOPLE,), AreaTree("n", {"n": ["a", "b"]}))
    sites = [
        Contribution("a", {"personnes": count}, frozenset([number])) for number, count in enumerate(counts)
    ]
    cell = backings(shape, sites)[OpenCell("personnes", "n")]
    known = [count for count in counts if count is not None]
    above = [count for count in known if count]
    assert (cell.value, cell.known, cell.expected) == (sum(known), len(known), len(counts))
    assert (cell.sites, len(cell.organisations), cell.largest) == (
        len(above),
        len(above),
        max(above, default=0),
    )
    small = sum(known) < 11 or len(above) < 3 or max(above) / sum(known) >= 0.85
    assert (sensitive(cell, is_people=True) is not None) == small


def world(**people: list[int]) -> list[Contribution]:
    """Sites of three organisations in turn, by area."""
    rows = [(area, count) for area, counts in people.items() for count in counts]
    return [
        Contribution(area, {"personnes": count}, frozenset([number % 3]))
        for number, (area, count) in enumerate(rows)
    ]


def open_areas(tree: AreaTree, sites: list[Contribution]) -> set[str]:
    shape = TableShape((PEOPLE,), tree)
    protected = protect(shape, backings(shape, sites))
    assert protected.exposed == {}
    assert exposed_figures(shape, [protected.table]) == []
    return {cell.area for cell in shape.cells() if cell not in protected.why}


ISLANDS = AreaTree("n", {"n": ["r1", "r2", "r3"], "r1": ["a", "b"], "r2": ["d"], "r3": ["e"]})


def test_a_region_of_one_departement_is_that_departement() -> None:
    assert ISLANDS.same("r2") == "d"
    assert ISLANDS.branches == {"n": ("r1", "d", "e"), "r1": ("a", "b")}
    plenty = [20, 20, 20]
    assert open_areas(ISLANDS, world(a=plenty, b=plenty, d=plenty, e=plenty)) == {
        "n",
        "r1",
        "a",
        "b",
        "d",
        "e",
    }
    few = open_areas(ISLANDS, world(a=plenty, b=plenty, d=[5], e=plenty))
    assert "d" not in few
    assert few < {"n", "r1", "a", "b", "e"}, "the island alone would be the nation less the others"


def test_a_region_whose_departements_are_all_hidden_may_be_open() -> None:
    tree = AreaTree("n", {"n": ["r1", "r2"], "r1": ["a", "b", "c"], "r2": ["d", "e"]})
    plenty = [20, 20, 20]
    opened = open_areas(tree, world(a=[8], b=[9], c=[10], d=plenty, e=plenty))
    assert opened == {"n", "r1", "r2", "d", "e"}
    assert open_areas(tree, world(a=[3], b=[3], c=[3], d=[3], e=[3])) == {"n"}


def test_zeros_and_what_is_not_known_look_like_the_rest() -> None:
    tree = AreaTree("n", {"n": ["a", "b", "c", "d"]})
    opened = open_areas(tree, world(a=[30, 30, 30], b=[30, 30, 30], c=[0, 0, 0], d=[]))
    assert not opened & {"c", "d"}


def test_what_is_out_is_not_hidden_any_more() -> None:
    """A correction makes a site too large a part: the same figure, already out, stays; the new one is hidden."""
    shape = TableShape((PEOPLE,), AreaTree("n", {"n": ["a", "b", "c"]}))
    plenty = [40, 30, 30]
    first = protect(shape, backings(shape, world(a=plenty, b=plenty, c=plenty)))
    assert first.why == {}
    again = protect(shape, backings(shape, world(a=[98, 1, 1], b=plenty, c=plenty)), [first.table])
    assert again.why == {}, "100 people, as before"
    later = protect(shape, backings(shape, world(a=[99, 1, 1], b=plenty, c=plenty)), [first.table])
    assert set(later.why) == {OpenCell("personnes", "a"), OpenCell("personnes", "n")}
    assert later.why[OpenCell("personnes", "a")] == HiddenWhy.DOMINANCE


def test_half_years() -> None:
    second = HalfYear(2025, 2)
    assert (second.code, second.next.code, second.back(3).code) == ("2025-S2", "2026-S1", "2024-S1")
    assert str(HalfYear(2026, 1)) == "1er semestre 2026"
    assert [one.code for one in between(HalfYear(2025, 1), HalfYear(2026, 1))] == [
        "2025-S1",
        "2025-S2",
        "2026-S1",
    ]
    assert HalfYear.parse("2026-s2") == HalfYear(2026, 2)
    assert HalfYear.parse("2026-S3") is None
    assert last_over(HalfYear(2026, 1).last_day) == second
    assert last_over(HalfYear(2026, 2).first_day) == HalfYear(2026, 1)
