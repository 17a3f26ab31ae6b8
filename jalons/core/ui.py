"""What the component templates are given: small frozen shapes, without domain."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

ORDER_PARAMETER = "tri"
PAGE_PARAMETER = "page"
# The two dates of a view of the past; links keep them.
VALID_PARAMETER = "au"
KNOWN_PARAMETER = "connu-le"


@dataclass(frozen=True)
class Crumb:
    label: str
    url: str


@dataclass(frozen=True)
class Tab:
    """`aside` tabs stand at the right end: another way to see the same thing (« Liste », « Carte »).

    `under`: the pages of a tab that has several; those of the current one are shown below it.
    """

    label: str
    url: str
    current: bool = False
    count: str | int | None = None
    aside: bool = False
    under: Sequence["Tab"] = ()


def elsewhere(tabs: Sequence[Tab]) -> Tab | None:
    """The other tab that answers what was asked, when this one holds nothing."""
    return next((tab for tab in tabs if tab.count and not tab.current), None)


@dataclass(frozen=True)
class Column:
    """A table head. `key` makes it sortable: it is what `?tri=` holds (`-key`: from high to low)."""

    label: str
    key: str = ""
    numeric: bool = False
    high_first: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Change:
    """A field that changed. Empty text means « nothing was written »; it is shown in words."""

    label: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of a timeline: at `when`, `who` (of `organisation`) did `what`."""

    when: date | datetime
    who: str
    what: str
    organisation: str = ""
    changes: Sequence[Change] = ()
    reason: str = ""
    url: str = ""


MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Difference:
    """A field that `who` saved while the reader was typing something else in it. The three values are in words.

    `keep_mine`: the reader did change it; otherwise the other value is proposed.
    """

    field: str
    label: str
    seen: str
    theirs: str
    mine: str
    who: str = ""
    organisation: str = ""
    when: datetime | None = None
    keep_mine: bool = True

    @property
    def name(self) -> str:
        """Of the choice in the form; its value is `MINE` or `THEIRS`."""
        return choice_name(self.field)


def choice_name(field: str) -> str:
    return f"conflit-{field}"


def chosen_order(query: Mapping[str, str], columns: Iterable[Column], default: str = "") -> str:
    """The order asked by `?tri=` if one of `columns` can be sorted so, else `default`."""
    order_typed = query.get(ORDER_PARAMETER, "")
    known = {column.key for column in columns if column.key}
    return order_typed if order_typed.removeprefix("-") in known else default
