"""Stored records brought to what a file says, list by list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import ProtectedError

from jalons.conventions.dossier.copies import FACT_MACHINERY, RECORD_MACHINERY
from jalons.conventions.dossier.dates import cell_day
from jalons.conventions.dossier.dropping import REASON, drop
from jalons.conventions.models import Cell, Convention, Party
from jalons.conventions.models.base import Droppable
from jalons.history.models import Fact
from jalons.history.services import Actor, correct_all, create_records, enter_all, save_record

# Relations that Jalons made, which no file says.
OURS = {
    "previous",
    "action",
    "party",
    "indicator",
    "source",
    "state",
    "revision",
    "unamended",
    "unamended_since",
}
RESOLVED = {"organisation", "departement"}
LEFT_ALONE = RECORD_MACHINERY | FACT_MACHINERY | OURS | RESOLVED


class ImportConflict(Exception):
    """What the file lacks and Jalons cannot drop: `str()` says it in French."""


@dataclass
class Stored:
    """What an import changed. All zero: the base already said the same."""

    created: int = 0
    changed: int = 0
    removed: int = 0
    conventions: list[Convention] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not (self.created or self.changed or self.removed)


class Merger:
    """Brings stored records to what a file says, list by list."""

    def __init__(self, by: Actor, stored: Stored) -> None:
        self.by = by
        self.stored = stored
        self.twins: dict[int, Any] = {}  # id of what was read → what stands in the base

    def single(self, wanted: Any, known: Any | None) -> Any:
        return self.merge([wanted], [0], {} if known is None else {0: known})[0]

    def listed(self, wanted: Sequence[Any], known: Sequence[Any], key: Callable[[Any], Any]) -> list[Any]:
        return self.merge(wanted, [key(item) for item in wanted], {key(item): item for item in known})

    def merge(self, wanted: Sequence[Any], keys: Sequence[Any], known: dict[Any, Any]) -> list[Any]:
        """The stored objects, in the order wanted. What is no more wanted is removed, with its line of history."""
        left, new, merged = dict(known), [], []
        for item, key in zip(wanted, keys, strict=True):
            stands = left.pop(key, None)
            self.twins[id(item)] = stands if stands is not None else item
            merged.append(self.twins[id(item)])
            if stands is None:
                self.relate(item)
                new.append(item)
            elif changes := self.differences(item, stands):
                for name, value in changes.items():
                    setattr(stands, name, value)
                save_record(record=stands, by=self.by, reason=REASON)
                self.stored.changed += 1
        for gone in reversed(list(left.values())):
            self.remove(gone)
        create_records(records=new, by=self.by, reason=REASON)
        self.stored.created += len(new)
        return merged

    def relate(self, wanted: Any) -> None:
        """Its relations, to what stands in the base instead of what was read."""
        for field_ in wanted._meta.concrete_fields:
            if field_.is_relation and field_.is_cached(wanted):
                related = getattr(wanted, field_.name)
                if related is not None:
                    setattr(wanted, field_.name, self.twins.get(id(related), related))

    def differences(self, wanted: Any, stands: Any) -> dict[str, Any]:
        changes = {}
        for field_ in wanted._meta.concrete_fields:
            name = field_.name
            if name in LEFT_ALONE:
                continue
            if field_.is_relation:
                related = getattr(wanted, name) if field_.is_cached(wanted) else None
                value = self.twins.get(id(related), related)
                if (value.pk if value is not None else None) != getattr(stands, field_.attname):
                    changes[name] = value
            elif getattr(wanted, name) != getattr(stands, name):
                changes[name] = getattr(wanted, name)
        return changes

    def remove(self, gone: Any) -> None:
        self.stored.removed += 1
        if isinstance(gone, Droppable):
            drop(gone, self.by)
            return
        gone.changed_by, gone.changed_for = self.by.user, self.by.organisation
        gone._change_reason = REASON
        try:
            gone.delete()
        except ProtectedError:
            raise ImportConflict(
                f"« {gone} » ({gone._meta.verbose_name}) n’est plus dans le fichier, mais d’autres données de Jalons "
                "s’y rattachent : retirez-les d’abord, ou remettez-la dans le fichier."
            ) from None

    def facts(
        self, wanted: Sequence[Any], known: dict[Any, Any], key: Callable[[Any], Any], model: type[Fact]
    ) -> None:
        """Facts are entered, corrected or withdrawn, never rewritten."""
        left, new, changed = dict(known), [], []
        for fact in wanted:
            stands = left.pop(key(fact), None)
            self.relate(fact)
            fact.valid_on = fact_day(fact)
            if stands is None:
                new.append(fact)
            elif changes := self.differences(fact, stands):
                changed.append((stands, changes))
        enter_all(facts=new, by=self.by)
        correct_all(changes=changed, by=self.by, reason=REASON)
        gone = [(fact, {"withdrawn": True}) for fact in left.values()]
        correct_all(changes=gone, by=self.by, reason=REASON)
        self.stored.created += len(new)
        self.stored.changed += len(changed)
        self.stored.removed += len(gone)


def by_position(value: Any) -> Any:
    return value.position


def by_key(value: Any) -> Any:
    return value.key


def key_or_position(value: Any) -> Any:
    return getattr(value, "key", None) or value.position


def fact_day(fact: Any) -> Any:
    if isinstance(fact, Cell):
        return cell_day(fact.column)
    convention = fact.line.commitment.convention
    return cell_day(fact.line, otherwise=convention.year, start=True)


def save_if_changed(party: Party, by: Actor) -> None:
    stored = Party.objects.values_list("organisation_id", "departement_id").get(pk=party.pk)
    if stored != (party.organisation_id, party.departement_id):
        save_record(record=party, by=by, reason=REASON)
