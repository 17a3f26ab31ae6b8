"""Plugin of pytest: imports one module with the text of a mutant, without writing it anywhere near the code."""

import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

from mutants.limits import limit
from mutants.preparing import database_in_memory, without_shrinking

TOLD = json.loads(Path(os.environ["JALONS_MUTANT"]).read_text())
PATH = str(Path(TOLD["path"]).resolve())
MODULE = TOLD["path"].removesuffix(".py").replace("/", ".")


class Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        code: CodeType = compile(TOLD["source"], PATH, "exec", dont_inherit=True)
        return code


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        if fullname != MODULE:
            return None
        return importlib.util.spec_from_file_location(fullname, PATH, loader=Loader(fullname, PATH))


limit(TOLD["seconds"])
sys.meta_path.insert(0, Finder())


def pytest_sessionstart(session: pytest.Session) -> None:
    without_shrinking()
    database_in_memory()
