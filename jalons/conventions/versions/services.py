"""Writing an amendment: what it is about, from which version it starts, who voted it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from jalons.conventions.alerts.after_write import touched
from jalons.conventions.models import Amendment
from jalons.editing.refusals import Refused
from jalons.history.services import Actor, save_record


@transaction.atomic
def save_amendment(
    *,
    amendment: Amendment,
    columns: Mapping[str, Any],
    by: Actor,
    expected_version: int | None = None,
    reason: str = "",
) -> Amendment:
    """Open or change an amendment. Raises `Stale`, and `Refused` once it is frozen or its number is taken."""
    if amendment.pk is not None and Amendment.objects.filter(pk=amendment.pk, result__isnull=False).exists():
        raise Refused("Cet avenant est figé : il ne change plus. Ouvrez-en un autre.")
    for name, value in columns.items():
        setattr(amendment, name, value)
    others = Amendment.objects.filter(convention=amendment.convention_id).exclude(pk=amendment.pk)
    if others.filter(number=amendment.number).exists():
        raise Refused(f"L’avenant n° {amendment.number} existe déjà : donnez un autre numéro.")
    amendment.position = amendment.number
    save_record(record=amendment, by=by, reason=reason, expected_version=expected_version)
    touched(convention=amendment.convention, scopes=())
    return amendment
