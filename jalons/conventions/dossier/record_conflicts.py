"""Two people in one form about a record."""

from typing import Any

from jalons.conventions.dossier.record_forms import RecordForm
from jalons.sites.views.common import Conflict

MEANWHILE = "Quelqu’un d’autre a enregistré pendant que vous écriviez"


def conflict_of(model: Any, stored: Any, form: RecordForm) -> Conflict:
    """What someone else saved meanwhile, beside what was typed; the form is ready to be sent over it."""
    current = model.objects.select_related("changed_by", "changed_for").get(pk=stored.pk)
    seen = model.history.filter(id=stored.pk, version=form.seen_version).first()
    form.initial.update(form.initial_of(current))
    found = form.differences(form.initial_of(seen) if seen is not None else {}, current)
    form.reopened_on(current.version)
    who = str(current.changed_by or "Quelqu’un")
    return Conflict(MEANWHILE, f"{who} a enregistré entre-temps.", found)
