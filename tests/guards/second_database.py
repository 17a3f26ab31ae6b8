"""What runs on the second database: the tests that touch one, and a few journeys. The others are counted, and said.

A test without a database does on PostgreSQL what it did on SQLite, and a journey tries the browser: the views, the
services and the selectors it goes through have their own tests, which run on both. The walks over every page that judge
what is shown, and to whom, say so by `first_database(reason=…)`. Of the others, those that send to their database what
others send are left out too: each statement is replayed. See the decision 0030.
"""

from collections import Counter
from typing import Any

import pytest

from tests.guards import order, statements

OPTION = "--second-database"
# pytest-django closes the database to whoever asks for none of these; the last is for worlds made once a module.
FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}
WITHOUT, JOURNEYS = "tests sans base", "parcours dans un navigateur"
SHOWN, AGAIN = "tests de ce que montrent les pages", "tests dont d’autres rejouent chaque requête"


def kind_left_out(item: pytest.Item) -> str | None:
    """Why `item` does not run on the second database; None when it does."""
    for name, kind in (("both_databases", None), ("first_database", SHOWN)):
        marker = item.get_closest_marker(name)
        if marker:
            if not marker.kwargs.get("reason"):
                raise pytest.UsageError(f"{item.nodeid} : {name}(reason=…) dit ce que ce test a de propre")
            return kind
    if item.get_closest_marker("e2e"):
        return JOURNEYS
    touches = item.get_closest_marker("django_db") or FIXTURES & {*getattr(item, "fixturenames", ())}
    return None if touches else WITHOUT


def is_chosen(item: pytest.Item) -> bool:
    """It runs whatever it sends: it says so, or commits, and another may be waiting."""
    return bool(item.get_closest_marker("both_databases")) or order.does_commit(item)


class SecondDatabase:
    """Plugin registered with `--second-database`."""

    def __init__(self, config: pytest.Config) -> None:
        self.config, self.left_out = config, Counter[str]()

    @pytest.hookimpl(trylast=True)  # after the journeys have their marker
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        kinds = {item: kind_left_out(item) for item in items}
        sent = statements.noted()
        touching = [item for item, kind in kinds.items() if kind is None]
        free = {item.nodeid: item for item in touching if item.nodeid in sent and not is_chosen(item)}
        always = [item.nodeid for item in touching if item.nodeid not in free]
        kinds |= {free[test]: AGAIN for test in statements.said_again(free, always, sent)}
        self.left_out.update(kind for kind in kinds.values() if kind)
        self.config.hook.pytest_deselected(items=[item for item, kind in kinds.items() if kind])
        items[:] = [item for item, kind in kinds.items() if kind is None]

    def pytest_sessionfinish(self) -> None:
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["left_out"] = dict(self.left_out)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        # Each worker of xdist collects everything: what one leaves out, all do.
        self.left_out = Counter(getattr(node, "workeroutput", {}).get("left_out", self.left_out))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        counts = ", ".join(f"{number} {kind}" for kind, number in sorted(self.left_out.items()))
        terminalreporter.write_line(f"Sur SQLite seulement : {counts or 'rien'}.")
