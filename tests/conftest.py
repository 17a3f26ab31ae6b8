"""The guards that every test runs under. See docs/contribuer.md."""

import copy
import gc
import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from tests.guards import commits, complete, draws, durations, order, parts, second_database, statements
from tests.guards.installed import install

# Playwright keeps an event loop running in the thread of the tests; Django would refuse every query there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# `too_slow` and the deadline look at the clock: a busy machine would fail a test that is right.
hypothesis.settings.register_profile(
    "ci",
    derandomize=True,
    max_examples=60,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    print_blob=True,
)
hypothesis.settings.load_profile("ci")
draws.depend_on_the_test_only()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        second_database.OPTION,
        action="store_true",
        help="leaves out the tests without a database and most journeys: they run on the first one",
    )


def pytest_configure(config: pytest.Config) -> None:
    install(settings)
    if complete.COMPLETE:
        config.pluginmanager.register(complete.Complete())
    if config.getoption(second_database.OPTION):
        config.pluginmanager.register(second_database.SecondDatabase(config))
    elif parts.PART in os.environ:
        config.pluginmanager.register(statements.Statements(config))
    if parts.PART in os.environ and not hasattr(config, "workerinput"):
        config.pluginmanager.register(durations.Durations(os.environ[parts.PART]))


@pytest.hookimpl(trylast=True)  # after pytest-django, which has an order too
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order.longest_first(items)
    draws.share(items)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Any:
    """What thousands of tests and a Django hold stays to the end: nothing is gained by looking it through, again and
    again while it is made, nor later.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(100_000, 10, 10)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any) -> Any:
    made = yield
    if fixturedef.scope == "module":
        commits.check_world()
    return made


@pytest.fixture(scope="module")
def people(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The cast of a whole module: making it for each test took longer than most tests. Each test undoes its own.

    A module that says `SOCLE = True` has the national indicators with them: `make_socle` then finds them made.
    """
    with django_db_blocker.unblock(), commits.held():
        # By its name: this module is also read before Django is ready (tests/house/test_guards.py).
        cast = import_string("tests.factories.make_cast")()
        if getattr(request.module, "SOCLE", False):
            import_string("tests.factories.make_socle")()
        yield cast
        transaction.set_rollback(True)


@pytest.fixture
def cast(people: Any, db: None) -> Any:
    """The people of the tests, with the territories they work in: see `tests.factories.Cast`.

    A module whose tests commit (`transaction=True`, a live server) makes its own: `tests.factories.make_cast`.
    """
    return copy.deepcopy(people)  # what a test keeps on them is not the next test's
