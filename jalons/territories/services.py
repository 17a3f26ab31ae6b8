"""Writing scopes and loading the reference territories."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from jalons.territories import reference
from jalons.territories.enums import ScopeLevel
from jalons.territories.models import Commune, Departement, Epci, Outline, Place, ReferenceLoad, Region, Scope
from jalons.territories.selectors import commune_from_insee

TERRITORIES: dict[str, type[Model]] = {
    ScopeLevel.REGION: Region,
    ScopeLevel.DEPARTEMENT: Departement,
    ScopeLevel.EPCI: Epci,
}


class UnknownTerritory(LookupError):
    """No territory of that level has that code; the message is for the reader."""


def scope_for(level: str, code: str = "") -> Scope:
    """The scope of a territory, created on first use. The nation needs no code.

    A former INSEE code gives the commune of today. Raises `UnknownTerritory`.
    """
    level = ScopeLevel(level)
    if level == ScopeLevel.NATION:
        return Scope.objects.get_or_create(level=level)[0]
    territory = (
        commune_from_insee(code)
        if level == ScopeLevel.COMMUNE
        else TERRITORIES[level]._default_manager.filter(pk=code).first()
    )
    if territory is None:
        raise UnknownTerritory(f"Aucun territoire « {level.label} » ne porte le code « {code} ».")
    values: dict[str, Any] = {"level": level, level.value: territory}
    return Scope.objects.get_or_create(**values)[0]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load found. `changed` is False when this edition was already there."""

    changed: bool
    regions: int
    departements: int
    epcis: int
    communes: int
    ended: int  # communes kept from earlier editions


def load_reference(*, node_modules: Path) -> Loaded:
    """Bring the territories to the edition found in `node_modules`; the whole of it or nothing.

    Nothing is written when that edition is already loaded. Communes and intercommunalités that disappeared
    are kept and marked `ended`. Raises `reference.MissingReference`.
    """
    checksum = reference.checksum(node_modules)
    changed = not ReferenceLoad.objects.filter(pk=reference.NAME, checksum=checksum).exists()
    if changed:
        replace_reference(reference.read(node_modules), checksum)
    return Loaded(
        changed=changed,
        regions=Region.objects.count(),
        departements=Departement.objects.count(),
        epcis=Epci.objects.filter(ended=False).count(),
        communes=Commune.objects.filter(ended=False).count(),
        ended=Commune.objects.filter(ended=True).count(),
    )


@transaction.atomic
def replace_reference(new: reference.Reference, checksum: str) -> None:
    Outline.objects.exclude(pk__in=[row.pk for row in new.outlines]).delete()
    for rows in (new.regions, new.departements, new.outlines, new.epcis, new.communes):
        upsert(rows)
    for model, edition in ((Commune, new.communes), (Epci, new.epcis)):
        end_others(model, {row.pk for row in edition})
    Place.objects.all().delete()
    Place.objects.bulk_create(new.places, batch_size=2000)
    ReferenceLoad.objects.update_or_create(name=reference.NAME, defaults={"checksum": checksum})


def upsert(rows: Sequence[Model]) -> None:
    """Insert rows, or bring those with the same key to the same values."""
    if not rows:
        return
    meta = rows[0]._meta
    key = meta.pk
    type(rows[0])._default_manager.bulk_create(
        rows,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=[key.name],
        update_fields=[field.name for field in meta.concrete_fields if field is not key],
    )


def end_others(model: type[Any], standing: set[str]) -> None:
    """Mark as ended the rows that are not in the new edition."""
    gone = sorted(set(model.objects.filter(ended=False).values_list("pk", flat=True)) - standing)
    for start in range(0, len(gone), 500):
        model.objects.filter(pk__in=gone[start : start + 500]).update(ended=True)
