"""A line of the table of permissions: see `pages`, which says how to write one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jalons.accounts.enums import Right
from tests.house.world import World

Kwargs = Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Page:
    name: str
    access: str
    kwargs: Kwargs | None = None
    data: Callable[[World], Mapping[str, Any]] | None = None
    reads: bool = True
    query: Callable[[World], str] | None = None
    person: str = "correspondent59"
    any_of: tuple[Right, ...] = ()
    wants: Right | None = None
    about_subject: bool = True
    own: bool = False  # of the organisation of `person`: for any other it does not exist
    personal: bool = False  # of `person` alone: for any other it does not exist
    known_by: Right | None = None  # the right to know that it exists, when it is not that of reading a site
    hidden: bool = False  # from who works in no operator: 404 where others have 403
    answers: int = 200  # to GET
    national: bool = False  # the right is asked over the whole country
    done: int = 302  # to a POST that wrote
    copied: int = 0  # seconds that copies of an open page may stay, for who shows no cookie

    @property
    def on_a_subject(self) -> bool:
        return self.kwargs is not None and self.about_subject

    @property
    def on_a_convention(self) -> bool:
        return self.name.startswith("conventions:")

    @property
    def on_an_action(self) -> bool:
        return (
            self.name.startswith(("actions:", "indicators:", "imports:follow_up", "imports:funding"))
            or self.name == "sharing:offer"
        )

    @property
    def on_a_proposal(self) -> bool:
        return self.name.startswith("proposals:") and self.name != "proposals:ask"

    def subject(self, world: World) -> tuple[Any, Right]:
        """What the page is about, and the right to know that it exists."""
        # About somebody, or an organisation, that works where the site is.
        if self.name.startswith(("joining:", "administration:", "second_factor:")):
            return world.site, Right.MANAGE_ACCOUNTS
        if self.on_a_proposal:
            return world.proposal, Right.READ_PROPOSALS
        if self.on_an_action:
            return world.action, Right.READ_ACTIONS
        if self.on_a_convention:
            sheet = "public_id" in (self.kwargs(world) if self.kwargs else {})
            return world.commitment if sheet else world.convention, Right.READ_CONVENTIONS
        return world.site, self.known_by or Right.READ_SITES


def why(world: World) -> Mapping[str, Any]:
    return {"reason": "une erreur"}
