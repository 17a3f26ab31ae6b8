"""The doors do the same work for a known address and an unknown one; `python -m bench.doors` measures the time."""

from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.doors import DOORS, KINDS, TASKS, Door, Times, apart, line, make_accounts
from tests.factories import Cast


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_as_many_queries_and_hashes_whatever_the_address(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch, door: Door
) -> None:
    settings.TASKS = TASKS
    hashed: list[str] = []
    ordinary = hashers.get_hasher().__class__.encode

    def encode(self: Any, password: str, salt: str, **more: Any) -> str:
        hashed.append(password)
        return ordinary(self, password, salt, **more)

    monkeypatch.setattr(hashers.get_hasher().__class__, "encode", encode)
    addresses = make_accounts(2)
    work = {}
    for kind in KINDS:
        Client().post(door.path, door.typed(addresses[kind][0]), REMOTE_ADDR="10.0.0.1")
    for kind in KINDS:
        before = len(hashed)
        with CaptureQueriesContext(connection) as queries:
            answer = Client().post(door.path, door.typed(addresses[kind][1]), REMOTE_ADDR="10.0.0.2")
        assert answer.status_code == door.status
        work[kind] = (len(queries), len(hashed) - before, answer.get("Location", ""))
    assert len(set(work.values())) == 1, work


def test_the_gap_is_between_the_extreme_medians() -> None:
    times = {
        kind: Times([2.0, 2.0, 9.0], [1.0, value, 9.0])
        for kind, value in zip(KINDS, (2.0, 2.1, 2.0), strict=True)
    }
    assert apart(times) == pytest.approx(0.05)
    assert line(DOORS[0], times).endswith("| 2,00 (2,00) | 2,10 (2,00) | 2,00 (2,00) | 5,0 % |")
