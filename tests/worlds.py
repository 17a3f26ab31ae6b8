"""Worlds made once a module: each test gets a copy, and undoes what it writes.

`stored_world, world = stored(new_world)` gives two fixtures from a function that makes something out of the people of
the module (`cast`), or of other stored worlds, by their names. The world stands for every test of the module, whether
it asks or not: one that needs an empty base, or that commits, lives in another module.
"""

import copy
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.guards import commits


def stored(make: Callable[..., Any], name: str = "") -> tuple[Any, Any]:
    """The fixtures `stored_world`, of the module, and `world`, of each test, from a function named `new_world`."""
    name = name or make.__name__.removeprefix("new_")
    needs = {given: parent_of(given) for given in inspect.signature(make).parameters}

    def of_the_module(**given: Any) -> Iterator[Any]:
        with given["django_db_blocker"].unblock(), commits.held():
            yield make(**{argument: given[fixture] for argument, fixture in needs.items()})
            transaction.set_rollback(True)

    def of_a_test(**given: Any) -> Any:
        return copy.deepcopy(given[f"stored_{name}"])  # what a test keeps on it is not the next test's

    asks(of_the_module, "django_db_setup", "django_db_blocker", *needs.values())
    asks(of_a_test, f"stored_{name}", "db")
    return (
        pytest.fixture(scope="module", autouse=True, name=f"stored_{name}")(of_the_module),
        pytest.fixture(name=name)(of_a_test),
    )


def parent_of(argument: str) -> str:
    return "people" if argument == "cast" else f"stored_{argument}"


def asks(function: Any, *fixtures: str) -> None:
    """What pytest reads of a fixture: the names of its arguments."""
    kind = inspect.Parameter.KEYWORD_ONLY
    names = dict.fromkeys(fixtures)
    function.__signature__ = inspect.Signature([inspect.Parameter(each, kind) for each in names])
