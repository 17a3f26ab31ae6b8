"""Which functions of the package each test calls: a mutant is only shown to the tests that reach it."""

import sys
from collections import defaultdict
from typing import Any

Call = tuple[str, int]


class Calls:
    """Notes the calls to functions of `files` (by path and first line), for whatever is being run."""

    def __init__(self, files: set[str]) -> None:
        self.files = files
        self.at_import: set[Call] = set()
        self.by_test: dict[str, set[Call]] = {}
        self.by_module: dict[str, set[Call]] = defaultdict(set)
        self._now = self.at_import

    def start(self) -> None:
        sys.setprofile(self._note)

    def stop(self) -> None:
        sys.setprofile(None)

    def during_test(self, name: str) -> None:
        self._now = self.by_test.setdefault(name, set())

    def during_setup(self, module: str) -> None:
        """What the fixtures call serves every test of the module: they may be made once for all."""
        self._now = self.by_module[module]

    def _note(self, frame: Any, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename in self.files:
            self._now.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))
