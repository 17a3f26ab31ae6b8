"""Above pytest's own closing line at the end of the gate: where the time went, and the slowest tests."""

import time
from collections import Counter
from typing import Any

import pytest

from tests.guards import parts

SLOWEST = 10


def minutes(seconds: float) -> str:
    """« 48 s », « 3 min 07 s »."""
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60:02} s" if whole >= 60 else f"{whole} s"


def lines(done: list[parts.Part]) -> list[str]:
    """The three lines: each part, the ten slowest tests of all, the processor against its budget."""
    costs = [f"{one.name} {minutes(one.seconds)} ({minutes(one.processor)})" for one in done]
    tests = [(seconds, f"{name} ({one.name})") for one in done for seconds, name in one.slowest]
    slowest = [
        f"{seconds:.1f} s {name}".replace(".", ",", 1) for seconds, name in sorted(tests)[::-1][:SLOWEST]
    ]
    whole = sum(one.processor for one in done)
    total = f"{minutes(sum(one.seconds for one in done))} en tout, dont {minutes(whole)} de processeur"
    return [
        f"Durée (et processeur) : {', '.join(costs)}.",
        f"Les {len(slowest)} tests les plus longs : {' ; '.join(slowest)}.",
        f"ATTENTION, LA PORTE EST TROP LENTE : {total}, plus que les {minutes(parts.BUDGET)} permises."
        if whole > parts.BUDGET
        else f"{total[0].upper()}{total[1:]}.",
    ]


class Durations:
    """Plugin registered in the process that writes the end of a suite, when it is a part of the gate."""

    def __init__(self, name: str) -> None:
        self.name, self.start, self.tests = name, time.monotonic(), Counter[str]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.tests[report.nodeid] += report.duration

    # Outermost: after all that the others write, so that only the closing line comes below.
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> Any:
        result = yield
        slowest = [(seconds, name) for name, seconds in self.tests.most_common(SLOWEST)]
        parts.add(parts.Part(self.name, time.monotonic() - self.start, parts.used(), slowest))
        costs, tests, total = lines(parts.parts())
        late = total.startswith("ATTENTION")
        for line in (costs, tests):
            terminalreporter.write_line(line)
        terminalreporter.write_line(total, red=late, bold=late)
        return result
