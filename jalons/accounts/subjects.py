"""What people may comment or attach documents to. Domain apps declare theirs in `ready()`: no app below knows them.

Nothing here imports a model, so that an `apps.py` may import it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import Http404

from jalons.accounts.enums import Right


def never(obj: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of thing, and the rights that hold on it.

    `kind` stands in addresses (`/commentaires/<kind>/<public_id>/`). The model has a `public_id`, a manager
    with `visible_to(user)`, and a `commune` or `within(territory)` (see `permissions.Territory.holds`); `related`,
    what that needs, is read with each object. `sensitive_words`: what a document read with `read_sensitive` is
    called after « C’est ». `frozen`: nothing is written on such an object any more, as if it did not exist (a site
    merged into another). `commented`: a dotted name, called with each new `comment` and its `subject` in the
    transaction that writes it, to tell whom it is for.
    """

    kind: str
    model: type[Model]
    url: Callable[[Any], str]
    read: Right
    comment: Right
    attach: Right
    read_sensitive: Right = Right.READ_JUSTICE
    write_sensitive: Right = Right.WRITE_JUSTICE
    sensitive_words: str = "une pièce d’une procédure"
    related: tuple[str, ...] = ("commune",)
    frozen: Callable[[Any], bool] = never
    commented: str = ""


_subjects: dict[str, Subject] = {}


def register_subject(subject: Subject) -> None:
    """Declares a kind, in place of one of the same name."""
    _subjects[subject.kind] = subject


def subjects() -> list[Subject]:
    """Every kind that was declared."""
    return list(_subjects.values())


def subject_kind(kind: str) -> Subject:
    """The kind named in an address; 404 for one that is not declared."""
    if kind not in _subjects:
        raise Http404
    return _subjects[kind]


def subject_of(obj: Any) -> Subject:
    """The kind of an object; `LookupError` for a model that was not declared."""
    for subject in _subjects.values():
        if isinstance(obj, subject.model):
            return subject
    raise LookupError(f"{type(obj).__name__} was not registered in accounts.subjects")
