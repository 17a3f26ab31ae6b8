"""The changes whose rules are still to be run."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conventions", "0004_edition_files")]

    operations = [
        migrations.CreateModel(
            name="PendingCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("sheets", models.JSONField(null=True, verbose_name="fiches")),
                ("scopes", models.JSONField(null=True, verbose_name="domaines")),
                (
                    "convention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pending_checks",
                        to="conventions.convention",
                    ),
                ),
            ],
            options={
                "verbose_name": "contrôle en attente",
                "verbose_name_plural": "contrôles en attente",
                "ordering": ["pk"],
            },
        ),
    ]
