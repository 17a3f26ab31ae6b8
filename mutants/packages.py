"""What is mutated, and which tests are the nearest: those that must notice, without the rest of the suite."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Package:
    """`sources` and `tests` are patterns of paths from the root; `but`: names of files that are left aside.

    `without`: tests that cannot run on a base in memory, as several threads write at once.
    """

    name: str
    sources: tuple[str, ...]
    tests: tuple[str, ...]
    but: tuple[str, ...] = ("__init__.py", "apps.py")
    without: tuple[str, ...] = ()

    def files(self, root: Path = ROOT) -> list[str]:
        return [path for path in _matching(root, self.sources) if Path(path).name not in self.but]

    def test_files(self, root: Path = ROOT) -> list[str]:
        return _matching(root, self.tests)


def _matching(root: Path, patterns: tuple[str, ...]) -> list[str]:
    return sorted({str(path.relative_to(root)) for pattern in patterns for path in root.glob(pattern)})


PACKAGES = (
    Package("core/values", ("jalons/core/values/*.py",), ("tests/core/test_values_*.py",)),
    Package(
        "history",
        ("jalons/history/*.py",),
        ("tests/history/test_*.py", "tests/sites/test_chronology.py", "tests/actions/test_chronology.py"),
        without=("tests/history/test_time_axes.py::test_people_who_count_at_once_leave_one_figure",),
    ),
    Package(
        "indicators/aggregation",
        ("jalons/indicators/aggregation.py",),
        ("tests/indicators/test_aggregation.py",),
    ),
    Package("actions/deadlines", ("jalons/actions/deadlines.py",), ("tests/actions/test_deadlines.py",)),
    Package(
        "conventions/alerts",
        ("jalons/conventions/alerts/engine.py", "jalons/conventions/alerts/rules/*.py"),
        ("tests/conventions/alerts/rules/test_*.py",),
    ),
    Package(
        "permissions",
        ("jalons/accounts/permissions.py", "jalons/*/rights.py"),
        (
            "tests/accounts/test_permissions.py",
            "tests/accounts/test_rights_page.py",
            "tests/accounts/test_own_actions.py",
            "tests/accounts/test_clock.py",
        ),
    ),
    Package(
        "permissions/documents",
        ("jalons/documents/permissions.py",),
        ("tests/documents/test_documents.py",),
    ),
)
