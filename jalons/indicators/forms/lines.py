"""The form of a follow-up as the page writes it: parts, lines, the team."""

from dataclasses import dataclass, field
from typing import Any

from jalons.actions.enums import Block
from jalons.indicators.models import Indicator


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One indicator as the page writes it. `carried`: « repris du … » when the box holds what was told before."""

    indicator: Indicator
    label: str
    context: str  # what a screen reader hears before a detail: « Entrées, »
    bounds: tuple[Any, ...]
    hint: str
    carried: str
    words: str  # of what is computed
    lines: tuple["FigureLine", ...] = ()
    folded: tuple["FigureLine", ...] = ()
    open: bool = False
    offered: Any = None  # `forms.offered.OfferedLine`, or None

    @property
    def errors(self) -> list[str]:
        return [message for bound in self.bounds for message in bound.errors]

    @property
    def first(self) -> Any:
        return self.bounds[0]

    @property
    def second(self) -> Any:
        """The other box of a share, or None."""
        return self.bounds[1] if len(self.bounds) > 1 else None

    @property
    def folded_words(self) -> str:
        """« Préciser : familles, femmes, mineurs »."""
        return "Préciser : " + ", ".join(line.indicator.label.lower() for line in self.folded)


@dataclass(frozen=True, slots=True)
class BlockShown:
    block: Block
    lines: tuple[FigureLine, ...]
    same: Any  # the box « rien n’a changé », or None when nothing was told before
    comment: Any
    difficulties: tuple[tuple[Any, str], ...] = ()  # each with « reprises du … » while it holds
    has_flows: bool = False
    last_comment: str = ""  # the comment of the last time


@dataclass
class FormTeam:
    rows: list[tuple[Any, Any, Any]] = field(default_factory=list)
    words: str = ""
    open: bool = False
