"""With CI=true nothing may be left out: a skipped test is a failed one."""

import os
from typing import Any

import pytest

COMPLETE = os.environ.get("CI") == "true"


def refuse_skip(report: Any) -> None:
    """Turns the report of a skip into a failure; an expected failure stays what it is."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"CI=true, et ce test a été laissé de côté : {reason}"


class Complete:
    """Plugin registered when CI=true."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Any:
        report = yield
        refuse_skip(report)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Any:
        report = yield
        refuse_skip(report)
        return report
