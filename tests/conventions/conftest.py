"""What tests of conventions share."""

from typing import Any

import pytest

from tests import factories


@pytest.fixture
def territories(db: None) -> Any:
    return factories.make_territories()
