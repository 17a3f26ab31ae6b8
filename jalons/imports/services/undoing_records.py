"""Taking back the records that a table wrote: structures created or filled in, dispositifs described otherwise."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import router
from django.db.models.deletion import Collector

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.actions.models import Action
from jalons.actions.services import update_action
from jalons.core.values import french_spaces
from jalons.history.services import Actor, save_record
from jalons.imports.enums import ImportAct
from jalons.imports.judging.organisations import scope_of
from jalons.imports.judging.territories import TerritoryNames
from jalons.imports.models import ImportedFact
from jalons.imports.permissions import own_territory

CHUNK = 500  # structures deleted at once
FILLED = ("acronym", "siret")
DESCRIBED = ("themes", "place_kinds", "place_note", "objectives", "rhythm")
RIGHTS = (Right.MANAGE_ACCOUNTS,)


def undo_organisations(facts: Sequence[ImportedFact], by: Actor, reason: str) -> list[str]:
    """What is kept, in French. A structure that somebody changed, or that serves already, stays."""
    versions = Organisation.history.in_bulk([pk for fact in facts for pk in (fact.fact, fact.previous) if pk])
    known = Organisation.objects.select_related("changed_by", "territory__commune")
    standing = known.in_bulk([versions[fact.fact].id for fact in facts])
    names = TerritoryNames(own_territory(by, Right.MANAGE_ACCOUNTS))
    used = in_use(list(standing))
    left, gone = [], []
    for fact in facts:
        written = versions[fact.fact]
        organisation = standing.get(written.id)
        if organisation is None:
            continue  # taken away since, by hand
        if not names.holds(scope_of(organisation)):
            left.append(f"« {organisation} » : vous n’y avez plus le droit d’écrire, gardée telle quelle.")
        elif organisation.version != written.version:
            left.append(
                f"« {organisation} » : changée depuis par {organisation.changed_by}, gardée telle quelle."
            )
        elif fact.act == ImportAct.CORRECTED and fact.previous:
            for name in FILLED:
                setattr(organisation, name, getattr(versions[fact.previous], name))
            save_record(record=organisation, by=by, reason=reason)
        elif organisation.pk in used:
            left.append(f"« {organisation} » est gardée : elle sert depuis.")
        else:
            save_record(record=organisation, by=by, reason=reason)
            gone.append(organisation)
    delete_together(gone)
    return [french_spaces(sentence) for sentence in left]


def delete_together(organisations: Sequence[Organisation]) -> None:
    """What points to a structure is looked for once for all of them: a hundred tables, 70 ms of processor."""
    for start in range(0, len(organisations), CHUNK):
        collector = Collector(using=router.db_for_write(Organisation))
        collector.collect(organisations[start : start + CHUNK])
        collector.delete()


def undo_descriptions(facts: Sequence[ImportedFact], by: Actor, reason: str) -> list[str]:
    """What is kept, in French: a dispositif changed since, or that this person may not change any more."""
    versions = Action.history.in_bulk([pk for fact in facts for pk in (fact.fact, fact.previous) if pk])
    known = Action.objects.select_related("changed_by", "departement")
    standing = known.in_bulk([versions[fact.fact].id for fact in facts])
    territory = own_territory(by, Right.EDIT_ACTION)
    mine = set(Action.objects.filter(pk__in=standing).in_territory(territory).values_list("pk", flat=True))
    left = []
    for fact in facts:
        written = versions[fact.fact]
        action = standing.get(written.id)
        if action is None or fact.previous is None:
            continue
        if action.pk not in mine:
            left.append(f"« {action} » : vous n’y avez plus le droit d’écrire, gardé tel quel.")
        elif action.version != written.version:
            left.append(f"« {action} » : changé depuis par {action.changed_by}, gardé tel quel.")
        else:
            before = {name: getattr(versions[fact.previous], name) for name in DESCRIBED}
            update_action(action=action, by=by, expected_version=action.version, reason=reason, **before)
    return [french_spaces(sentence) for sentence in left]


def in_use(organisations: Iterable[int]) -> set[int]:
    """Those that something names: an account, a part in a dispositif, a fact… Its own history does not count."""
    pks = list(organisations)
    used: set[int] = set()
    relations: list[Any] = list(Organisation._meta.get_fields(include_hidden=True))
    for relation in relations:
        field: Any = getattr(relation, "field", None)
        if not relation.auto_created or relation.concrete or field is None or relation.many_to_many:
            continue
        if issubclass(relation.related_model, Organisation.history.model):
            continue
        rows = relation.related_model._base_manager.filter(**{f"{field.name}__in": pks})
        used |= set(rows.order_by().values_list(field.attname, flat=True).distinct())
    return used
