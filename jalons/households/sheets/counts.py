"""What the pages count of the families they list."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jalons.households.families.content import members_at
from jalons.households.sheets.selectors import FamilyLine


@dataclass(frozen=True, slots=True)
class ListCounts:
    """`followed`: families that somebody accompanies; `late`: to be seen again; `unreadable`: without their key."""

    followed: int
    late: int
    unreadable: int


def list_counts(lines: Sequence[FamilyLine]) -> ListCounts:
    return ListCounts(
        followed=sum(1 for line in lines if line.card and not line.is_gone),
        late=sum(1 for line in lines if line.is_late),
        unreadable=sum(1 for line in lines if line.card is None),
    )


def families_by_site(lines: Iterable[FamilyLine], names: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """Code, name and number of families of each site, in the order of the codes."""
    counts = Counter(line.site for line in lines)
    return [(code, name, counts[code]) for code, name in sorted(names.items())]


def people_at(lines: Iterable[FamilyLine], day: dt.date) -> int:
    return sum(len(members_at(line.card.family, day)) for line in lines if line.card)
