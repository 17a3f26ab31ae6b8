"""Two people write two tables at once: one after the other, and the second judges what the first has written."""

from django.db import connection

from jalons.imports.enums import BatchState
from jalons.imports.models import ImportBatch
from jalons.sites.models import Site

AT_WORK = (BatchState.APPLYING, BatchState.UNDOING)


def take_turn(batch: ImportBatch) -> ImportBatch:
    """The batch as it is once the tables at work before it are done; its sites wait for it.

    Locks are taken in the order of primary keys: tables first, then sites. SQLite has one writer, and needs none.
    """
    if connection.features.has_select_for_update:
        at_work = ImportBatch.objects.filter(state__in=AT_WORK).order_by("pk")
        list(at_work.select_for_update().values_list("pk"))
        keys = batch.lines.exclude(site="").values("site")
        sites = Site.objects.filter(public_id__in=keys).order_by("pk")
        list(sites.select_for_update(no_key=True).values_list("pk"))
    return ImportBatch.objects.select_for_update().get(pk=batch.pk)
