"""The deadline written for one convention has its own column: it was among the keys that are only kept."""

import datetime as dt
from typing import Any

from django.db import migrations, models

KEY = "deadline_for_this_convention"


def take_out(apps: Any, schema_editor: Any) -> None:
    """What is no day stays where it was."""
    for clause in apps.get_model("conventions", "Clause").objects.filter(kept__has_key=KEY):
        try:
            clause.due_on = dt.date.fromisoformat(clause.kept[KEY])
        except (TypeError, ValueError):
            continue
        clause.kept = {name: each for name, each in clause.kept.items() if name != KEY}
        clause.save(update_fields=["due_on", "kept"])


def put_back(apps: Any, schema_editor: Any) -> None:
    for clause in apps.get_model("conventions", "Clause").objects.filter(due_on__isnull=False):
        clause.kept = {**clause.kept, KEY: clause.due_on.isoformat()}
        clause.save(update_fields=["kept"])


class Migration(migrations.Migration):
    dependencies = [("conventions", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="clause",
            name="due_on",
            field=models.DateField(blank=True, null=True, verbose_name="échéance de cette convention"),
        ),
        migrations.AddField(
            model_name="historicalclause",
            name="due_on",
            field=models.DateField(blank=True, null=True, verbose_name="échéance de cette convention"),
        ),
        migrations.RunPython(take_out, put_back),
    ]
