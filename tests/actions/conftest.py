from collections.abc import Iterator
from typing import Any

import pytest

from tests.mailbox import Mailbox, serving


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with serving(Mailbox(), settings) as mailbox:
        yield mailbox
