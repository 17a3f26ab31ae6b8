"""What tests of conventions share."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from jalons.conventions.models import Convention
from tests import factories
from tests.conventions.samples import make_convention
from tests.conventions.sheets.pages import real_file
from tests.guards import commits


@pytest.fixture
def territories(db: None) -> Any:
    return factories.make_territories()


@pytest.fixture
def pilot(cast: Any) -> Any:
    """The council of the Nord, which leads `convention`."""
    return cast.council


@pytest.fixture(scope="module")
def stored_convention(people: Any, django_db_blocker: Any) -> Iterator[Any]:
    """The sample convention of a whole module, imported once: each test undoes what it writes in it."""
    with django_db_blocker.unblock(), commits.held():
        yield make_convention().pk
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def stored_alone(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The sample convention before anybody has an account, once a module too."""
    with django_db_blocker.unblock(), commits.held():
        factories.make_territories()
        yield make_convention().pk
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def stored_real(people: Any, django_db_blocker: Any) -> Iterator[Any]:
    """The real convention of 2022: writing its eighteen fiches takes a second."""
    with django_db_blocker.unblock(), commits.held():
        yield make_convention(real_file()).pk
        transaction.set_rollback(True)


@pytest.fixture
def convention(stored_convention: Any, cast: Any) -> Convention:
    return Convention.objects.get(pk=stored_convention)
