"""The folder of the data is closed to the other accounts of the machine, and is mended when it is not."""

import os
import stat
from pathlib import Path

import pytest

from jalons.config.private import close_to_others
from tests.house.test_settings import GOOD, start


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder as an old version, or a careless copy, leaves it."""
    folder = tmp_path / "data"
    (folder / "uploads" / "2020").mkdir(parents=True)
    for name in (
        "jalons.sqlite3",
        "jalons.sqlite3-wal",
        "jalons.sqlite3-shm",
        "uploads/2020/plan.pdf",
        "secret_key",
    ):
        (folder / name).write_text("x" * 60)
        (folder / name).chmod(0o644)
    for path in (folder, folder / "uploads", folder / "uploads" / "2020"):
        path.chmod(0o755)
    return folder


def test_everything_is_closed(data: Path) -> None:
    assert close_to_others(data, deep=True) == []
    assert {mode(path) for path in (data, *data.rglob("*")) if path.is_dir()} == {0o700}
    assert {mode(path) for path in data.rglob("*") if path.is_file()} == {0o600}


def test_starting_closes_the_database_its_journals_and_the_key(data: Path) -> None:
    result = start(data, **{name: value for name, value in GOOD.items() if name != "JALONS_SECRET_KEY"})
    assert result.returncode == 0, result.stderr
    assert mode(data) == 0o700
    names = ("jalons.sqlite3", "jalons.sqlite3-wal", "jalons.sqlite3-shm", "secret_key")
    assert {mode(data / name) for name in names} == {0o600}


def test_a_new_folder_is_closed_whatever_the_habit(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        start(tmp_path / "new", **GOOD)
    finally:
        os.umask(before)
    assert mode(tmp_path / "new") == 0o700


def test_a_closed_folder_is_left_alone(data: Path) -> None:
    """On a disk mounted to read only, nothing can be changed, and nothing needs to be."""
    close_to_others(data, deep=True)
    (data / "jalons.sqlite3").chmod(0o400)
    data.chmod(0o500)
    try:
        assert close_to_others(data, deep=True) == []
        assert mode(data) == 0o500
    finally:
        data.chmod(0o700)


def test_a_folder_of_everybody_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    result = start(shared, **GOOD)
    assert "ImproperlyConfigured: JALONS_DATA_DIR" in result.stderr
    assert "chmod -R go-rwx" in result.stderr, "le message dit comment réparer"
    assert mode(shared) == 0o1777


def test_what_is_not_ours_is_said(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, wanted: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refused)
    still_open = close_to_others(data, deep=True)
    assert data in still_open
    assert data / "uploads" / "2020" / "plan.pdf" in still_open


def test_the_database_keeps_what_it_was_told_through_a_power_cut(tmp_path: Path) -> None:
    """`synchronous` 2 is FULL: each recorded change is on the disk before it is said to be recorded."""
    code = (
        "import django; django.setup(); from django.db import connection; c = connection.cursor();"
        "print(*(c.execute(f'PRAGMA {name}').fetchone()[0] for name in ('synchronous', 'journal_mode')))"
    )
    result = start(tmp_path, code, **GOOD)
    assert result.stdout.split() == ["2", "wal"], result.stderr
