"""Two people in one form: what the page of the second one shows."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jalons.core import ui
from jalons.core.values import format_moment, french_spaces
from jalons.editing.fact_forms import FactForm
from jalons.editing.record_forms import RecordForm
from jalons.history.models import Fact
from jalons.history.services import Stale

MEANWHILE = "Quelqu’un d’autre a enregistré pendant que vous écriviez"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Someone else wrote meanwhile. `differences`: where what they wrote is not what this person typed.

    `compared` false: the sentence says what they wrote, and nobody looked whether it differs.
    """

    title: str
    sentence: str
    differences: Sequence[ui.Difference] = ()
    sendable: bool = True
    compared: bool = True


def told_by(version: Fact) -> str:
    """« Camille Exemple (DDETS du Nord), le 12 décembre 2019 à 16:00. Motif : … »."""
    sentence = f"{version.author} ({version.organisation}), le {format_moment(version.recorded_at)}."
    return french_spaces(f"{sentence} Motif : {version.reason}." if version.reason else sentence)


def fact_conflict_of(stale: Stale, form: FactForm, lineage: uuid.UUID, model: Any) -> Conflict:
    """What stands now beside what was typed; the form is made ready to be sent again, over it."""
    last = model.objects.versions_of(lineage).select_related("author", "organisation").last()
    current: Any = stale.current
    if current is None:
        return Conflict("Ceci a été retiré pendant que vous écriviez", told_by(last), sendable=False)
    form.reopened_on(current.pk)
    return Conflict(MEANWHILE, told_by(last), form.differences(current))


def record_conflict_of(model: Any, stored: Any, form: RecordForm) -> Conflict:
    """What someone else saved meanwhile, beside what was typed; the form is ready to be sent over it."""
    current = model.objects.select_related("changed_by", "changed_for").get(pk=stored.pk)
    seen = model.history.filter(id=stored.pk, version=form.seen_version).first()
    form.initial.update(form.initial_of(current))
    differences = form.differences(form.initial_of(seen) if seen is not None else {}, current)
    form.reopened_on(current.version)
    who = str(current.changed_by or "Quelqu’un")
    return Conflict(MEANWHILE, f"{who} a enregistré entre-temps.", differences)
