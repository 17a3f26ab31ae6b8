"""The guards that every test runs under. See docs/contribuer.md."""

import os
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from tests.guards import complete, durations, parts, second_database
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
    if parts.PART in os.environ and not hasattr(config, "workerinput"):
        config.pluginmanager.register(durations.Durations(os.environ[parts.PART]))


@pytest.fixture
def cast(db: None) -> Any:
    """The people of the tests, with the territories they work in: see `tests.factories.Cast`."""
    # By its name: this module is also read before Django is ready (tests/house/test_guards.py).
    return import_string("tests.factories.make_cast")()
