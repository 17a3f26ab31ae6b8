"""What tests of conventions share."""

from typing import Any

import pytest

from jalons.conventions.models import Convention
from tests import factories
from tests.conventions.samples import make_convention


@pytest.fixture
def territories(db: None) -> Any:
    return factories.make_territories()


@pytest.fixture
def pilot(cast: Any) -> Any:
    """The council of the Nord, which leads `convention`."""
    return cast.council


@pytest.fixture
def convention(cast: Any) -> Convention:
    return make_convention()
