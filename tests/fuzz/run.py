"""A run on one base, that which `DATABASE_URL` names: `python -m tests.fuzz.run`. See `tests.fuzz.__main__`."""

import argparse
import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from typing import Any

import django
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import setup_test_environment, teardown_test_environment
from django.utils.module_loading import import_string

from tests.fuzz.options import parser
from tests.guards import commits
from tests.guards.installed import install

os.environ["DJANGO_SETTINGS_MODULE"] = "jalons.config.settings.test"


@contextlib.contextmanager
def empty_base() -> Iterator[None]:
    install(settings)
    settings.DATABASES["default"].setdefault("TEST", {})["MIGRATE"] = False
    django.setup()
    logging.disable(logging.CRITICAL)
    setup_test_environment(debug=False)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    name = connection.settings_dict["NAME"]
    say_it_is_migrated()
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


def say_it_is_migrated() -> None:
    """The tables were made from the models: `/sante` would say that all the migrations are still to be done."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    nodes = MigrationLoader(connection).graph.nodes
    recorder.migration_qs.bulk_create([recorder.Migration(app=app, name=name) for app, name in nodes])


def run(asked: argparse.Namespace) -> int:
    numbers = range(asked.requests) if asked.number is None else [asked.number]
    with empty_base(), commits.held():
        # By their names: models may not be imported before Django is ready.
        world: Any = import_string("tests.house.world.make_world")(
            import_string("tests.factories.make_cast")()
        )
        ground = import_string("tests.fuzz.ground.survey")(world)
        fuzz = import_string("tests.fuzz.firing.fuzz")
        figures = fuzz(world, ground, seed=asked.seed, numbers=numbers, only=asked.only)
        told = import_string("tests.fuzz.report.told")
        print(told(figures, asked.db, asked.seed), flush=True)
        transaction.set_rollback(True)
    return bool(figures.failures)


if __name__ == "__main__":
    sys.exit(run(parser().parse_args()))
