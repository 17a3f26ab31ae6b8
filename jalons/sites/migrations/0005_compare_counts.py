"""The counts already there are compared once; `manage.py settle_facts` would say the same."""

from typing import Any

from django.db import migrations

from jalons.sites.models.rivals import COMPARED, compared_counts

BATCH = 500  # sites


def compare(apps: Any, schema_editor: Any) -> None:
    survey = apps.get_model("jalons_sites", "Survey")
    sites = list(survey.objects.order_by("site_id").values_list("site_id", flat=True).distinct())
    for start in range(0, len(sites), BATCH):
        known = survey.objects.filter(site__in=sites[start : start + BATCH], superseded_at__isnull=True)
        ranked = known.filter(withdrawn=False, set_aside=False, people__isnull=False).order_by(
            "-valid_on", "-reliability", "-recorded_at", "-pk"
        )
        counts = list(ranked.values_list("pk", "site_id", "valid_on", *COMPARED, named=True))
        changed = [survey(pk=pk, **columns) for pk, columns in compared_counts(counts).items()]
        survey.objects.bulk_update(changed, ["people_before", "people_apart"], batch_size=100)


class Migration(migrations.Migration):
    dependencies = [("jalons_sites", "0004_counts_compared")]
    operations = [migrations.RunPython(compare, migrations.RunPython.noop, elidable=True)]
