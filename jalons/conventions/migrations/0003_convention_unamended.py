"""How much a convention drifts from the version that was voted; filled at its next write, or by the checks."""

from django.db import migrations, models

COUNT = {"default": 0, "editable": False, "verbose_name": "changements sans avenant"}
SINCE = {"blank": True, "null": True, "editable": False, "verbose_name": "depuis la version"}


class Migration(migrations.Migration):
    dependencies = [("conventions", "0002_clause_due_on")]

    operations = [
        migrations.AddField(model, name, models.PositiveIntegerField(**options))
        for model in ("convention", "historicalconvention")
        for name, options in (("unamended", COUNT), ("unamended_since", SINCE))
    ]
