"""The tables of a new base, made at once as the models say: an instance starts in seconds, not in a minute.

It is where the migrations lead, from the first version on: see tests/house/test_migrations.py, which also holds that no
migration writes a row in an empty base.
"""

from django.apps import apps
from django.core.management import call_command
from django.db import connection, router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def make_or_migrate() -> None:
    """All the tables, in one transaction, when there is none; then what is left to migrate."""
    if not connection.introspection.table_names():
        make_tables()
    call_command("migrate", verbosity=0, interactive=False)


def make_tables() -> None:
    """Every table of the models, and every migration said to be done."""
    done = MigrationLoader(None, ignore_no_migrations=True).graph.nodes
    recorder = MigrationRecorder(connection)
    with connection.schema_editor() as editor:
        for app in apps.get_app_configs():
            for model in router.get_migratable_models(app, connection.alias, include_auto_created=False):
                if model._meta.can_migrate(connection):
                    editor.create_model(model)
        editor.create_model(recorder.Migration)
        recorder.Migration.objects.using(connection.alias).bulk_create(
            recorder.Migration(app=app, name=name) for app, name in sorted(done)
        )
