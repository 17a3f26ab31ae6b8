"""Who may do what, as each application declares it in `ready()`: one registry, read by `permissions` and by the page.

Nothing here imports a model, so that an `apps.py` may import it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices

from jalons.accounts.enums import Reach, Right, Role


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing that a cell of the table may say: its words, the sign beside them, and what it means."""

    words: str
    sign: str
    meaning: str


@dataclass(frozen=True, slots=True)
class OwnThings:
    """Things where an organisation takes part, so that a right may hold there alone: see `Reach`.

    `roles`: what it may do there. `plural`, `pronoun`: « dispositifs », « ceux ». `explained`: a template that tells
    the public page what such a role is. `stands_for_all`: a right that holds on all things is said in these words.
    """

    roles: type[TextChoices]
    plural: str
    pronoun: str
    saying: Saying
    granted: Saying | None = None
    explained: str = ""
    stands_for_all: bool = False


@dataclass(frozen=True, slots=True)
class Rights:
    """Rights of one application. `reaches`: for each, how far each role carries it; a role left out has none.

    `parts`: which roles of an organisation carry a right on `own`. `everywhere`: every role of every application does.
    """

    order: int
    title: str
    reaches: Mapping[Right, Mapping[Role, Reach]]
    parts: Mapping[Right, frozenset[TextChoices]] = field(default_factory=dict)
    own: OwnThings | None = None
    everywhere: frozenset[Right] = frozenset()


MATRIX: dict[Right, Mapping[Role, Reach]] = {}
PARTS: dict[Right, frozenset[TextChoices]] = {}
GROUPS: dict[str, tuple[Right, ...]] = {}
_declared: list[Rights] = []


def register_rights(rights: Rights) -> None:
    """Declares the rights of an application; those of one title may come from several."""
    if any(right in MATRIX for right in rights.reaches):
        raise ValueError(f"a right of « {rights.title} » is already declared")
    _declared.append(rights)
    _declared.sort(key=lambda declared: declared.order)
    MATRIX.update(rights.reaches)
    PARTS.update(rights.parts)
    roles = frozenset(role for own in own_things() for role in own.roles)
    PARTS.update({right: roles for declared in _declared for right in declared.everywhere})
    GROUPS.clear()
    for declared in _declared:
        GROUPS[declared.title] = (*GROUPS.get(declared.title, ()), *declared.reaches)


def own_things() -> list[OwnThings]:
    """What applications declare, in the order of the page."""
    return [declared.own for declared in _declared if declared.own is not None]


def own_of(right: Right) -> OwnThings:
    """What « own » means for a right; for one that holds everywhere, the things that stand for all."""
    own = next((declared.own for declared in _declared if right in declared.reaches), None)
    return own or next(things for things in own_things() if things.stands_for_all)
