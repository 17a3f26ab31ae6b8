"""What would tell of somebody by itself. The bounds of the method, each with the side on which it falls."""

from collections.abc import Mapping

from jalons.figures.disclosure import LEAST_ORGANISATIONS, LEAST_SITES
from jalons.public.disclosure.cells import Backing, OpenCell, TableShape
from jalons.public.enums import HiddenWhy

LEAST_PEOPLE = 11  # people or households: 10 is hidden, 11 is not
DOMINANT = 85  # percent of one site: 85 is hidden, 84.9 is not
WIDTH = 10  # a hidden figure may be anything from 0 to 10, at least


def sensitive(backing: Backing, *, is_people: bool) -> HiddenWhy | None:
    """None when the figure may be published as far as it alone is concerned.

    A zero rests on no site: it is hidden, so that « c » may always be nobody at all. So is what nobody knows.
    """
    if is_people and backing.value < LEAST_PEOPLE:
        return HiddenWhy.SMALL
    if backing.sites < LEAST_SITES:
        return HiddenWhy.SITES
    if len(backing.organisations) < LEAST_ORGANISATIONS:
        return HiddenWhy.ORGANISATIONS
    if 100 * backing.largest >= DOMINANT * backing.value:
        return HiddenWhy.DOMINANCE
    return None


def sensitive_cells(shape: TableShape, table: Mapping[OpenCell, Backing]) -> dict[OpenCell, HiddenWhy]:
    """Those to hide for themselves, and the parts whose rest would tell of somebody."""
    hidden: dict[OpenCell, HiddenWhy] = {}
    for cell in shape.cells():
        measure = shape.by_key[cell.measure]
        why = sensitive(table[cell], is_people=measure.is_people)
        if why is None and measure.rest and is_sensitive_rest(shape, table, cell):
            why = HiddenWhy.REST
        if why is not None:
            hidden[cell] = why
    return hidden


def is_sensitive_rest(shape: TableShape, table: Mapping[OpenCell, Backing], cell: OpenCell) -> bool:
    """Whether what the part leaves of its whole may not be deduced."""
    measure = shape.by_key[cell.measure]
    return sensitive(table[OpenCell(measure.rest, cell.area)], is_people=measure.is_people) is not None
