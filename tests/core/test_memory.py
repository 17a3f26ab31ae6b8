"""What a long-lived process gives back, and what it stops looking at."""

import gc
from collections.abc import Iterator

import pytest

from jalons.core import memory


@pytest.fixture
def as_it_was() -> Iterator[None]:
    thresholds, aside = gc.get_threshold(), gc.get_freeze_count()
    yield
    gc.set_threshold(*thresholds)
    if (
        not aside
    ):  # conftest sets aside what the collection made: the tests that follow would look it through again
        gc.unfreeze()


def test_what_is_loaded_is_set_aside(as_it_was: None) -> None:
    before = gc.get_freeze_count()
    memory.settle()
    assert gc.get_freeze_count() > before + 10_000, "modules, models and templates"
    assert gc.get_threshold() == memory.BEFORE_LOOKING
    assert gc.isenabled(), "a cycle a request would fill a process that lives for thousands"
