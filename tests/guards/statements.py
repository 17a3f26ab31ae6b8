"""What each test sends to its database: noted on the first one, so that the second one replays each statement.

Two tests that send the same statements teach the same thing about a database. See the decisions 0030 and 0072.
"""

import hashlib
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.db.backends.utils import CursorWrapper

from tests.guards import parts

FILE = Path(os.environ.get("STATEMENTS_FILE") or parts.FILE.with_name("statements.json"))
# One value or a hundred, one row or a hundred, the first ten or the next twenty: the same statement.
SLICE = re.compile(r"\b(LIMIT|OFFSET) \d+")
VALUES = re.compile(r"\((?:%s(?:, )?)+\)(?:, \((?:%s(?:, )?)+\))*")
SAVEPOINT = re.compile(r'SAVEPOINT "?\w+"?')
# One table, columns as they are, conditions that must all hold and compare a column with a value.
COLUMN = r'"\w+"\."\w+"'
CONDITION = rf"(?:NOT )?{COLUMN}(?: (?:=|<|>|<=|>=) %s| IN \((?:%s(?:, )?)+\)| IS NULL| IS NOT NULL)?"
WHERE = rf"(?: WHERE \(?{CONDITION}(?: AND {CONDITION})*\)?)?"
READ = rf'SELECT (?:(?:{COLUMN}(?: AS "\w+")?(?:, )?)+|%s AS "a"|COUNT\(\*\) AS "__count") FROM "\w+"'
ORDER = rf"(?: ORDER BY (?:{COLUMN} (?:ASC|DESC)(?:, )?)+)?(?: LIMIT \d+)?"
WRITTEN = r'(?:DELETE FROM "\w+"|UPDATE "\w+" SET (?:"\w+" = (?:%s|NULL)(?:, )?)+)'
PLAIN = re.compile(f"(?:{READ}{WHERE}{ORDER}|{WRITTEN}{WHERE})")
TESTS = Path(__file__).resolve().parents[1]
PRODUCT, OURS, GUARDS = (f"{folder}{os.sep}" for folder in (TESTS.parent / "jalons", TESTS, TESTS / "guards"))
Sent = Mapping[str, Iterable[str]]  # by test


@lru_cache(50_000)
def shape(sql: str) -> str:
    """A short name for a statement, whatever its values."""
    whole = SAVEPOINT.sub("SAVEPOINT", SLICE.sub(r"\1", VALUES.sub("()", sql)))
    return hashlib.blake2b(whole.encode(), digest_size=8).hexdigest()


@lru_cache(50_000)
def is_plain(sql: str) -> bool:
    return PLAIN.fullmatch(sql) is not None


def is_of_the_test(sql: str, frame: FrameType | None) -> bool:
    """A plain look of a test at one table, to see what the product did: it teaches nothing about the product.

    `frame`: who sends it. Of a queryset that the product made, and that a test reads, what is plain passes for the
    test's.
    """
    if not is_plain(sql):
        return False
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(PRODUCT):
            return False
        if path.startswith(OURS) and not path.startswith(GUARDS):
            return True
        frame = frame.f_back
    return False


def said_again(tests: Iterable[str], always: Iterable[str], sent: Sent) -> set[str]:
    """Those of `tests` that send nothing which those that are left do not send, with those that `always` run.

    Those that send least come first: a test of a rule says more about its statements than one of a whole page. Then
    those that turned out to send nothing of their own, because later ones send it too, are left out as well.
    """
    senders = Counter(statement for test in always for statement in {*sent.get(test, ())})
    again, kept = set(), []
    for test in sorted(tests, key=lambda test: (len([*sent[test]]), test)):
        if all(senders[statement] for statement in sent[test]):
            again.add(test)
        else:
            kept.append(test)
            senders.update({*sent[test]})
    for test in reversed(kept):
        if all(senders[statement] > 1 for statement in sent[test]):
            again.add(test)
            senders.subtract({*sent[test]})
    return again


def noted() -> Sent:
    """By the run on the first database that came just before; nothing when there was none."""
    return json.loads(FILE.read_text("utf-8")) if parts.PART in os.environ and FILE.exists() else {}


class Statements:
    """Plugin of the first database, when it is a part of the gate: listens to every connection of every thread."""

    def __init__(self, config: pytest.Config) -> None:
        self.config, self.sent = config, dict[str, set[str]]()
        self.now: set[str] = set()
        self.listen()

    def listen(self) -> None:
        one, many = CursorWrapper._execute, CursorWrapper._executemany

        def heard(send: Any) -> Any:
            def note(cursor: Any, sql: Any, *arguments: Any) -> Any:
                text = str(sql)
                if not is_of_the_test(text, sys._getframe(1)):
                    self.now.add(shape(text))
                return send(cursor, sql, *arguments)

            return note

        CursorWrapper._execute, CursorWrapper._executemany = heard(one), heard(many)  # type: ignore[method-assign]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        self.now = self.sent.setdefault(item.nodeid, set())
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Any:
        """The tables are made by whichever test comes first: no statement of its own."""
        before = self.now
        if fixturedef.argname == "django_db_setup":
            self.now = set()
        try:
            return (yield)
        finally:
            self.now = before

    def pytest_sessionfinish(self) -> None:
        told = {test: sorted(statements) for test, statements in self.sent.items() if statements}
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["statements"] = told
        else:
            FILE.parent.mkdir(exist_ok=True)
            FILE.write_text(json.dumps(told), "utf-8")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        for test, statements in getattr(node, "workeroutput", {}).get("statements", {}).items():
            self.sent.setdefault(test, set()).update(statements)
