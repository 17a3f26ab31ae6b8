"""The guards that every test runs under. See docs/contribuer.md."""

import os
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from tests.guards import complete, install

# Playwright keeps an event loop running in the thread of the tests; Django would refuse every query there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

hypothesis.settings.register_profile("ci", derandomize=True, max_examples=60, deadline=None, print_blob=True)
hypothesis.settings.load_profile("ci")


def pytest_configure(config: pytest.Config) -> None:
    install(settings)
    if complete.COMPLETE:
        config.pluginmanager.register(complete.Complete())


@pytest.fixture
def cast(db: None) -> Any:
    """The people of the tests, with the territories they work in: see `tests.factories.Cast`."""
    # By its name: this module is also read before Django is ready (tests/house/test_guards.py).
    return import_string("tests.factories.make_cast")()
