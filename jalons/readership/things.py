"""What « Qui peut lire ceci ? » can be asked of. Each app declares its things in `ready()`: no app below knows them.

Nothing here imports a model, so that an `apps.py` may import it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import Http404
from django.utils.module_loading import import_string

from jalons.accounts.enums import Right


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """A part of a thing that is read with one right, and with `also` that to open its page.

    `journal`: each reading of it leaves a trace.
    """

    label: str
    right: Right
    also: Right | None = None
    journal: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """Around a thing, never too narrow: the départements where it stands (codes) and the organisations with a part
    in it (primary keys). Who holds no right on either, nor everywhere, is not even looked at.
    """

    departements: frozenset[str]
    organisations: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Thing:
    """`kind` and the value of `lookup` stand in addresses; the model has `visible_to(user)`, and its objects a
    `commune` or `within(territory)`. `finder`, a dotted name, is `(user, key) -> object` when `visible_to` does not
    exist; `blocks` and `held_on` answer for one object what differs between objects of one kind (documents).
    """

    kind: str
    words: str  # « ce site »
    model: type[Model]
    url: Callable[[Any], str]
    blocks: Callable[[Any], Iterable[ReadBlock]]
    ground: Callable[[Any], Ground]
    lookup: str = "public_id"
    finder: str = ""
    held_on: Callable[[Any], Any] = lambda thing: thing

    def find(self, user: Any, key: str) -> Any:
        """The object, 404 outside of what one may read."""
        if self.finder:
            return import_string(self.finder)(user, key)
        visible: Any = self.model._default_manager.visible_to(user)  # type: ignore[attr-defined]
        thing = visible.filter(**{self.lookup: key}).first()
        if thing is None:
            raise Http404
        return thing


@dataclass(frozen=True, slots=True)
class ChosenReaders:
    """What hangs on a thing and is kept for chosen people: `words` name it, `people` read it, its author counted."""

    words: str
    people: int


_things: dict[str, Thing] = {}
_chosen: list[str] = []


def register_thing(thing: Thing) -> None:
    """Declares a kind, in place of one of the same name."""
    _things[thing.kind] = thing


def things() -> list[Thing]:
    return list(_things.values())


def thing_kind(kind: str) -> Thing:
    """The kind named in an address; 404 for one that is not declared."""
    if kind not in _things:
        raise Http404
    return _things[kind]


def thing_of(obj: Any) -> Thing:
    """The kind of an object; `LookupError` for a model that was not declared."""
    for thing in _things.values():
        if isinstance(obj, thing.model):
            return thing
    raise LookupError(f"{type(obj).__name__} was not registered in readership.things")


def register_chosen(finder: str) -> None:
    """`finder`, a dotted name: `(user, obj) -> list[ChosenReaders]`, only of what `user` may read."""
    if finder not in _chosen:
        _chosen.append(finder)


def chosen_readers(user: Any, obj: Any) -> list[ChosenReaders]:
    return [row for finder in _chosen for row in import_string(finder)(user, obj)]
