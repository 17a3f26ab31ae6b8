"""Plugin of pytest: runs the nearest tests once, then again in a copy of the process for each mutant.

Django, the code, the tests and the database (in memory) are ready before the copy is made: a mutant only costs the
tests that reach it. In the copy, the function that holds the fault gets the code of the mutant. What is outside of a
function, or runs when modules are imported, needs everything imported again: `fresh.py` does it, in a new process.
"""

import functools
import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

from mutants.calls import Calls
from mutants.limits import limit
from mutants.making import Mutant
from mutants.plan import ENDLESS, KILLED, SURVIVED, UNFIT, plan
from mutants.preparing import database_in_memory, without_shrinking
from mutants.tables import change_tables, statements_of

TESTS_FAILED = 1
PLAN = plan()
CALLS = Calls({str(Path(path).resolve()) for path in PLAN.files})
CALLS.start()
FRESH_SECONDS = 20


def pytest_sessionstart(session: pytest.Session) -> None:
    without_shrinking()
    database_in_memory()


class End(pytest.Item):
    """Named as the next test, so that what was made for the whole session is left standing."""

    def runtest(self) -> None:
        raise AssertionError("never run")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    CALLS.during_setup(module_of(item))
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    CALLS.during_test(item.nodeid)
    return (yield)


def module_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


class Session:
    """The tests of one package, run first without a fault: `seconds`, what each took of the processor.

    `killers`: how many mutants each test has seen first; the same test often sees the next one.
    """

    def __init__(self, session: pytest.Session) -> None:
        self.session = session
        self.end = End.from_parent(session, name="end")
        self.seconds: dict[str, float] = {}
        self.killers: Counter[str] = Counter()
        self.caches = [one for one in _every(functools._lru_cache_wrapper) if _is_ours(one.__module__)]
        self.functions: dict[tuple[str, int, str], list[FunctionType]] = {}
        for function in _every(FunctionType):
            code = function.__code__
            if code.co_filename in CALLS.files:
                key = (code.co_filename, code.co_firstlineno, code.co_qualname)
                self.functions.setdefault(key, []).append(function)

    def clear_caches(self) -> None:
        for cache in self.caches:
            cache.cache_clear()

    def run(self, item: pytest.Item, following: pytest.Item) -> None:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    def first_run(self) -> None:
        items = self.session.items
        for item, following in zip(items, [*items[1:], self.end], strict=True):
            self.clear_caches()
            start = time.process_time()
            self.run(item, following)
            self.seconds[item.nodeid] = time.process_time() - start

    def reaching(self, mutant: Mutant) -> list[pytest.Item]:
        """The tests that call the function of the mutant, those that saw others then the quickest first; all of them
        outside of a function.
        """
        path = str(Path(mutant.path).resolve())

        def reaches(call: tuple[str, int]) -> bool:
            inside = not mutant.function or mutant.lines[0] <= call[1] <= mutant.lines[1]
            return call[0] == path and inside

        chosen = [
            item
            for item in self.session.items
            if any(map(reaches, CALLS.by_test[item.nodeid] | CALLS.by_module[module_of(item)]))
        ]
        modules: dict[str, float] = {}
        for item in chosen:
            module = module_of(item)
            modules[module] = modules.get(module, 0) + self.seconds[item.nodeid]
        chosen.sort(
            key=lambda item: (modules[module_of(item)], module_of(item), self.seconds[item.nodeid]),
        )
        if not mutant.function:
            chosen = self._and_all_others(chosen)
        return sorted(chosen, key=lambda item: -self.killers[item.nodeid])

    def _and_all_others(self, chosen: list[pytest.Item]) -> list[pytest.Item]:
        # Nothing says who reads a table or a class: those who call a function of its file first, then all the others.
        names = {item.nodeid for item in chosen}
        return [*chosen, *(item for item in self.session.items if item.nodeid not in names)]

    def held_by(self, mutant: Mutant) -> list[FunctionType]:
        """The functions to change; none when the fault is not in a function that can be changed."""
        path = str(Path(mutant.path).resolve())
        first, last = mutant.lines
        if not mutant.function or any(one[0] == path and first <= one[1] <= last for one in CALLS.at_import):
            return []
        return self.functions.get((path, first, mutant.function), [])

    def copy(self, mutant: Mutant, items: list[pytest.Item], seconds: float) -> int:
        """Starts the tests on a mutant in a copy of this process; its exit status says what happened."""
        pid = os.fork()
        if pid:
            return pid
        status = 3
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in (1, 2):
                os.dup2(nothing, stream)
            limit(seconds)
            self.clear_caches()
            if functions := self.held_by(mutant):
                change(functions, mutant)
            else:
                change_tables(mutant, statements_of(mutant))
            status = 0
            for item, following in zip(items, [*items[1:], self.end], strict=True):
                self.run(item, following)
                if self.session.testsfailed:
                    killer_file(os.getpid()).write_text(item.nodeid)
                    status = TESTS_FAILED
                    break
        except MemoryError:
            status = TESTS_FAILED
        finally:
            os._exit(status)

    def note_killer(self, pid: int) -> None:
        """Which test saw the mutant tried in the process `pid`, if that process told it."""
        if (told := killer_file(pid)).exists():
            self.killers[told.read_text()] += 1
            told.unlink()

    def anew(self, mutant: Mutant, items: list[pytest.Item], seconds: float) -> subprocess.Popen[bytes]:
        folder = Path(os.environ["JALONS_MUTANTS_SCRATCH"])
        told = folder / f"{abs(hash(mutant.source))}.json"
        told.write_text(json.dumps({"path": mutant.path, "source": mutant.source, "seconds": seconds}))
        names = [item.nodeid for item in items]
        command = [sys.executable, "-m", "pytest", "-p", "mutants.fresh", "-x", "-q", "--tb=no", *names]
        environment = {**os.environ, "JALONS_MUTANT": str(told)}
        nothing = subprocess.DEVNULL
        return subprocess.Popen(command, env=environment, stdout=nothing, stderr=nothing)


def killer_file(pid: int) -> Path:
    return Path(os.environ["JALONS_MUTANTS_SCRATCH"]) / f"killer-{pid}"


def change(functions: list[FunctionType], mutant: Mutant) -> None:
    """Gives the functions the code that the mutant has for them."""
    path = str(Path(mutant.path).resolve())
    module = compile(mutant.source, path, "exec", dont_inherit=True)
    code = next(
        one
        for one in _codes(module)
        if one.co_qualname == mutant.function and one.co_firstlineno == mutant.lines[0]
    )
    for function in functions:
        function.__code__ = code


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _every(kind: Any) -> list[Any]:
    return [one for one in gc.get_objects() if type(one) is kind]


def _is_ours(module: str | None) -> bool:
    return bool(module) and module.partition(".")[0] in ("jalons", "tests")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    if session.testsfailed:
        raise session.Interrupted("the tests cannot be collected")
    nearest = Session(session)
    nearest.first_run()
    CALLS.stop()
    if session.testsfailed:
        raise session.Interrupted("the tests fail without any mutant")
    gc.collect()
    gc.freeze()
    with Path(PLAN.out).open("a") as out:
        for mutant, status, tests in outcomes(nearest):
            told = {"name": mutant.name, "before": mutant.before, "after": mutant.after}
            out.write(json.dumps({**told, "status": status, "tests": tests}) + "\n")
            out.flush()
    os._exit(0)


def outcomes(nearest: Session) -> Iterator[tuple[Mutant, str, int]]:
    """Each mutant, what became of it, and how many tests reach it; `PLAN.jobs` at once.

    What survives in a table is tried again with everything imported anew: another table may be computed from it.
    """
    waiting = [(mutant, False) for mutant in reversed(PLAN.mutants)]
    running: dict[int, Try] = {}
    while waiting or running:
        while waiting and len(running) < PLAN.jobs:
            mutant, anew = waiting.pop()
            items = nearest.reaching(mutant)
            if items:
                one = started(nearest, mutant, items, anew)
                running[one.pid] = one
            else:
                yield mutant, SURVIVED, 0
        pid, status = os.waitpid(-1, os.WNOHANG) if running else (0, 0)
        if pid in running:
            one = running.pop(pid)
            nearest.note_killer(pid)
            if one.is_table and meaning(status) != KILLED:
                waiting.append((one.mutant, True))
            else:
                yield one.mutant, meaning(status), one.tests
        elif not pid:
            stop_endless(running)
            time.sleep(0.01)


@dataclass(frozen=True, slots=True)
class Try:
    """`is_table`: only the names of a module were changed. `process` keeps a process anew from being forgotten."""

    pid: int
    mutant: Mutant
    tests: int
    end: float
    is_table: bool = False
    process: subprocess.Popen[bytes] | None = None


def started(nearest: Session, mutant: Mutant, items: list[pytest.Item], anew: bool) -> Try:
    seconds = 2 + 10 * sum(nearest.seconds[item.nodeid] for item in items)
    in_function = bool(nearest.held_by(mutant))
    # A mutant may also wait for ever, using no processor: a machine ten times too busy is let through.
    end = time.monotonic() + 10 * (seconds + FRESH_SECONDS)
    if in_function or (not anew and not mutant.function and statements_of(mutant)):
        return Try(nearest.copy(mutant, items, seconds), mutant, len(items), end, not in_function)
    process = nearest.anew(mutant, items, seconds + FRESH_SECONDS)
    return Try(process.pid, mutant, len(items), end, process=process)


def stop_endless(running: dict[int, Try]) -> None:
    for pid, one in running.items():
        if time.monotonic() > one.end:
            os.kill(pid, signal.SIGKILL)


def meaning(status: int) -> str:
    """What the end of a process says of its mutant."""
    if os.WIFSIGNALED(status):
        return ENDLESS
    code = os.WEXITSTATUS(status)
    if code == 0:
        return SURVIVED
    return KILLED if code == TESTS_FAILED else UNFIT
