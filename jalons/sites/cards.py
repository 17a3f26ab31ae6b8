"""What apps above show on the sheet of a site and in the list. They declare it in `ready()`: sites know none of them.

Nothing here imports a model, so that an `apps.py` may import it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import import_string

from jalons.accounts.enums import Right

if TYPE_CHECKING:
    import datetime as dt

    from jalons.accounts.permissions import Territory
    from jalons.exports.document import Block
    from jalons.history.querysets import AsOf


@dataclass(frozen=True, slots=True)
class Card:
    """A block of the sheet of a site, on the screen and in the document to take away.

    `content` and `blocks` are dotted names of functions. `content(user, site, at)` reads what this person may see
    as of a date, in a constant number of queries, or gives None when there is nothing to show them. The template
    finds it under `shown`, beside `site` and `kept` (the dates of the address); `blocks(content)` says the same in
    the document. `proves`, of a function: the preparatory steps that `content` already shows to be taken.
    `rows`, of a function that answers a queryset over `OuterRef("pk")`: where it finds nothing, `site.<flag>` is
    false and `content` has nothing to read.
    """

    order: int
    template: str
    content: str
    blocks: str
    proves: str = ""
    rows: str = ""
    flag: str = ""
    above: bool = False  # before everything but the figures


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card, and what one reader finds in it."""

    card: Card
    content: Any

    @property
    def template(self) -> str:
        return self.card.template

    @property
    def above(self) -> bool:
        return self.card.above

    def blocks(self) -> "Iterable[Block]":
        write: Callable[[Any], Iterable[Block]] = import_string(self.card.blocks)
        return write(self.content)

    def proofs(self) -> "Iterable[StepProof]":
        """No query: what the card read is enough."""
        if not self.card.proves:
            return ()
        read: Callable[[Any], Iterable[StepProof]] = import_string(self.card.proves)
        return read(self.content)


@dataclass(frozen=True, slots=True)
class StepProof:
    """A preparatory step (a code of `StepKind`) that something else shows to be taken: proposed, never written alone.

    `state`: the code of the `StepState` that it shows, from `day` on. `words`: what shows it, at `url` if any.
    """

    kind: str
    state: str
    day: "dt.date"
    words: str
    url: str = ""


_cards: dict[str, Card] = {}


def register_card(card: Card) -> None:
    """Declares a card, in place of one of the same template."""
    _cards[card.template] = card


@dataclass(frozen=True, slots=True)
class SiteLink:
    """One thing of an app above that goes with a site. `url` is empty when the reader may not open it.

    `notes`: what is told under it.
    """

    label: str
    url: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SiteColumn:
    """A column of the list of sites and of its exports, filled in by an app above.

    `links` is the dotted name of a function: `links(user, primary keys of sites, at)` gives what goes with each
    site, by primary key, in a constant number of queries. `right`: who has the column. `empty`: what is said of a
    site that has none.
    """

    key: str
    header: str
    right: Right
    empty: str
    links: str

    def read(self, user: Any, sites: Sequence[int], at: "AsOf") -> Mapping[int, Sequence[SiteLink]]:
        links: Mapping[int, Sequence[SiteLink]] = import_string(self.links)(user, sites, at)
        return links


@dataclass(frozen=True, slots=True)
class ListedReason:
    """Why a site calls for somebody, in a line of the list. `sign`: the badge; `anchor`: where on its sheet."""

    sign: str
    sentence: str
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Urgency:
    """What calls for somebody, told by an app above; both are dotted names of functions, and of today only.

    `reasons(user, primary keys)` gives those of some sites, by key, most urgent first; `weights(user, territory)`
    gives what calls in a territory, by key: it orders sites and is never shown. A constant number of queries each.
    """

    reasons: str
    weights: str


_urgency: list[Urgency] = []


def register_urgency(urgency: Urgency) -> None:
    _urgency[:] = [urgency]


def reasons_on(user: Any, sites: Sequence[int]) -> Mapping[int, Sequence[ListedReason]]:
    reasons: Mapping[int, Sequence[ListedReason]] = import_string(_urgency[0].reasons)(user, sites)
    return reasons


def urgent_weights(user: Any, territory: "Territory") -> Mapping[int, int]:
    weights: Mapping[int, int] = import_string(_urgency[0].weights)(user, territory)
    return weights


_columns: dict[str, SiteColumn] = {}


def register_column(column: SiteColumn) -> None:
    _columns[column.key] = column


def site_columns() -> list[SiteColumn]:
    return [*_columns.values()]


def rare_rows() -> dict[str, Any]:
    """What the cards may find on a site, by the name of the flag."""
    return {card.flag: import_string(card.rows)() for card in _cards.values() if card.rows}


def cards_for(user: Any, site: Any, at: "AsOf") -> list[ShownCard]:
    """The cards that have something for this person, in order."""
    ordered = sorted(_cards.values(), key=lambda card: (card.order, card.template))
    read = (ShownCard(card, import_string(card.content)(user, site, at)) for card in ordered)
    return [card for card in read if card.content is not None]
