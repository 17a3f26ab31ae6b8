"""The world of the table of permissions, made once a module: each test undoes what it writes in it."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils.module_loading import import_string

from tests.guards import commits


@pytest.fixture(scope="module")
def still(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Making one for each test takes longer than most tests. Those who write in it must be `django_db` tests."""
    with django_db_blocker.unblock(), commits.held():
        # By their names: this module is also read before Django is ready (test_guards.py).
        world = import_string("tests.house.world.make_world")(import_string("tests.factories.make_cast")())
        assert world.agreed  # made now: in a test, it would be undone with the test
        world.__dict__["written"] = []  # the files of its reports: see `edition_pages`
        yield world
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def crowded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """That world in a database of its own, and the name of this database: see `crowd`."""
    crowd = import_module("tests.house.crowd")
    with django_db_blocker.unblock():
        # All is in its file, or it could not be copied.
        connection.close()
        world, name = crowd.apart(crowd.make_crowded)
        yield world, name
        crowd.apart(lambda: crowd.destroy(name))
