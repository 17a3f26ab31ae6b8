"""Which tests begin first: a long one begun last leaves the other cores with nothing to do.

Those that commit stay behind the others, as pytest-django wants them: they empty the tables.
"""

import pytest

LONG = (
    "tests/e2e/test_every_page.py",
    "tests/house/test_migrations.py",
    "tests/core/test_serve.py",
    "tests/bench/test_bench.py",
    "tests/e2e/test_dispositifs.py",
)


def does_commit(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and marker.kwargs.get("transaction")
    return bool(asked or {"transactional_db", "live_server"} & {*getattr(item, "fixturenames", ())})


def longest_first(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (does_commit(item), not item.nodeid.startswith(LONG)))
