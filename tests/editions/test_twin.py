"""The bytes of a report depend on nothing but the facts: not on the database, the machine, the process nor the day."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.editions import twin

ROOT = Path(__file__).parents[2]


@pytest.mark.django_db
@pytest.mark.both_databases(reason="les mêmes octets que sur SQLite")
def test_the_same_facts_give_the_same_bytes_in_another_base(tmp_path: Path) -> None:
    """In a base of SQLite of its own, in another process and another time zone. On PostgreSQL, more of the reports:
    what differs there is the database.
    """
    many = 1 if connection.vendor == "sqlite" else len(twin.REPORTS)
    away = {"JALONS_DATA_DIR": str(tmp_path), "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7"}
    usual = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    other = subprocess.run(
        [sys.executable, "-m", "tests.editions.twin", str(many)],
        cwd=ROOT,
        env=usual | away,
        capture_output=True,
        text=True,
        check=True,
    )
    here = twin.digests(many)
    assert len(here) >= 5 * many
    assert json.loads(other.stdout) == here
