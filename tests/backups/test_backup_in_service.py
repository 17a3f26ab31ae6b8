"""A backup taken while people write, tried, then put into another base: nothing half-written, on both databases."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings

from tests.core.running import ROOT, environment


@pytest.fixture(scope="module")
def bases(django_db_setup: None) -> Iterator[list[dict[str, str]]]:
    """How two processes reach a base each, of the kind that is tested."""
    here = settings.DATABASES["default"]["ENGINE"]
    if "postgresql" not in here:
        yield [{}, {}]
        return
    url = urlsplit(os.environ["DATABASE_URL"])
    names = [f"jalons_{secrets.token_hex(6)}" for _ in range(2)]
    with psycopg.connect(url.geturl(), autocommit=True) as server:
        for name in names:
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        yield [{"DATABASE_URL": url._replace(path=f"/{name}").geturl()} for name in names]
        left = server.execute("SELECT datname FROM pg_database WHERE datname LIKE '%\\_essai\\_%'").fetchall()
        for name in names:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    assert left == [], "une base d’essai est restée"


def played(part: str, folder: Path, base: dict[str, str]) -> dict[str, Any]:
    data = folder / part
    data.mkdir(mode=0o700)
    done = subprocess.run(
        [sys.executable, "-m", "tests.backups.apart", part, str(folder)],
        env=environment(data, **base),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def stories(
    bases: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], dict[str, Any]]:
    folder = tmp_path_factory.mktemp("sauvegarde")
    return played("origin", folder, bases[0]), played("target", folder, bases[1])


def test_people_wrote_meanwhile_and_none_was_stopped(stories: Any) -> None:
    origin, target = stories
    assert origin["errors"] == []
    saved = len(target["comments"])
    assert origin["before"] <= saved <= origin["after"]
    assert origin["after"] > origin["before"]


def test_nothing_is_half_written(stories: Any) -> None:
    """A document and its comment are there together or not at all, with the file, whole, that the row names."""
    _origin, target = stories
    assert target["documents"] == target["comments"]
    assert sorted(target["wrong"]) == ["perdue", "retirée"]
    assert "arrivée ensuite" not in target["documents"]


def test_the_keys_of_households_are_beside_the_archive_and_come_back(stories: Any) -> None:
    """An archive alone reads no family; with the file made at the same moment, all of them."""
    origin, target = stories
    assert origin["count"] == 0
    assert origin["base"] is False
    assert target["households"] == [["M-0142", "cle-scellee-d-un-menage"]]
    assert "Clés des ménages remises\u00a0: 1." in target["said"]


def test_rows_without_a_file_are_told(stories: Any) -> None:
    origin, target = stories
    for said in (origin["said"], target["said"], origin["drill"]):
        assert origin["lost"] in said
        assert origin["left"] in said
    assert origin["runs"] == [[Path(origin["archive"]).name, True, 2]]


def test_a_drill_changes_nothing_and_counts_the_mails_that_left(stories: Any) -> None:
    origin, _target = stories
    assert "Essai réussi" in origin["drill"]
    assert "3 courriels attendaient, dont 1 est parti depuis" in origin["drill"]
    assert origin["tables_after_drill"] > 50
    assert origin["leftovers"] == []


def test_a_full_disk_leaves_no_half_archive(stories: Any) -> None:
    full = stories[0]["full"]
    assert "Plus de place" in full["said"]
    assert full["files"] == []


def test_damaged_without_key_or_not_empty_is_refused(stories: Any) -> None:
    target = stories[1]
    assert "L’archive est" in target["refused"]["cut"]
    assert "chiffrée" in target["refused"]["without key"]
    assert target["tables_after_refusals"] == 0, "un refus n’écrit rien"
    assert "La base n’est pas vide" in target["again"]


def test_restored_files_are_their_owner_s_only(stories: Any) -> None:
    assert stories[1]["modes"] == ["0o600"]


def test_mails_are_held_until_someone_says(stories: Any) -> None:
    mails = stories[1]["mails"]
    assert "late/un" in mails["listed"]
    assert "send_password_link" in mails["listed"]
    assert "3 courriels à confirmer" in mails["listed"]
    assert "restauration" in mails["suspended"]
    assert mails["task ready"] is False
    assert "late/trois" in mails["unknown"]
    assert mails["sent"].startswith("2 courriels partiront")
    assert mails["dropped"].startswith("1 courriel ne partira pas")
    assert mails["to"] == ["Jalons\u00a0: deux"]
    assert mails["task released"] is True
    assert mails["nothing more"].startswith("0 courriel")
    assert stories[1]["sessions"] == 0
