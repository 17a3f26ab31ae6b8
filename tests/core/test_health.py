import datetime as dt
import shutil
import tempfile
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from jalons.core import checks
from jalons.core.checks import Health

pytestmark = pytest.mark.django_db


def broken(*args: Any, **kwargs: Any) -> Any:
    raise DatabaseError("mot de passe secret")


def full(*args: Any, **kwargs: Any) -> Any:
    raise OSError(28, "/chemin/secret")


@pytest.fixture
def tasks_in_database(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def waiting(minutes: int, *, run_after: dt.datetime | None = None, status: str = "READY") -> None:
    task = DBTaskResult.objects.create(
        args_kwargs={},
        task_path="x",
        backend_name="default",
        run_after=run_after or get_date_max(),
        status=status,
    )
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=timezone.now() - dt.timedelta(minutes=minutes))


def test_all_is_well(client: Client) -> None:
    response = client.get("/sante")
    assert response.status_code == 200
    assert response.json() == {
        "etat": "ok",
        "controles": {
            "base": {"etat": "ok", "detail": "répond"},
            "connexion": {"etat": "ok", "detail": "possible"},
            "migrations": {"etat": "ok", "detail": "à jour"},
            "écriture": {"etat": "ok", "detail": "possible"},
            "disque": {"etat": "ok", "detail": "écriture possible"},
            "file": {"etat": "ok", "detail": "immédiate"},
            "sauvegarde": {"etat": "ok", "detail": "non surveillée"},
        },
    }


def test_migrations_to_be_done_are_a_failure(client: Client, settings: Any) -> None:
    """As after an update of the code alone. The base of the tests, made from the models, has no table of them."""
    settings.MIGRATION_MODULES = {
        app.label: None for app in apps.get_app_configs() if app.label != "sessions"
    }
    response = client.get("/sante")
    assert response.status_code == 503
    told = response.json()["controles"]["migrations"]
    assert told["etat"] == "en panne"
    assert "manage.py migrate" in told["detail"]


def test_gives_no_cookie_and_is_not_kept(client: Client) -> None:
    response = client.get("/sante")
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert client.post("/sante").status_code == 405


def test_broken_database_is_503_without_its_message(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.connection, "cursor", broken)
    response = client.get("/sante")
    assert response.status_code == 503
    assert response.json()["etat"] == "en panne"
    assert response.json()["controles"]["base"]["etat"] == "en panne"
    assert "secret" not in response.content.decode()


def test_read_only_disk_is_503_without_its_path(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    response = client.get("/sante")
    assert (response.status_code, response.json()["controles"]["disque"]["etat"]) == (503, "en panne")
    assert "secret" not in response.content.decode()


def test_full_disk_is_broken(settings: Any) -> None:
    settings.HEALTH_MIN_FREE_BYTES = shutil.disk_usage(settings.DATA_DIR).total + 1
    assert checks.disk().health is Health.BROKEN


@pytest.mark.usefixtures("tasks_in_database")
class TestQueue:
    def test_empty(self) -> None:
        assert checks.queue() == checks.Result(Health.OK, "aucune tâche en attente")

    def test_waiting_a_little(self) -> None:
        waiting(minutes=2)
        waiting(minutes=1)
        assert checks.queue() == checks.Result(Health.OK, "2 en attente, la plus ancienne depuis 2 min")

    def test_late_is_degraded_and_still_200(self, client: Client) -> None:
        waiting(minutes=40)
        response = client.get("/sante")
        assert (response.status_code, response.json()["etat"]) == (200, "dégradé")

    def test_planned_task_is_late_from_its_own_hour(self) -> None:
        waiting(minutes=600, run_after=timezone.now() - dt.timedelta(minutes=3))
        assert checks.queue() == checks.Result(Health.OK, "1 en attente, la plus ancienne depuis 3 min")

    def test_planned_and_finished_tasks_do_not_wait(self) -> None:
        waiting(minutes=600, run_after=timezone.now() + dt.timedelta(hours=1))
        waiting(minutes=600, status="SUCCESSFUL")
        assert checks.queue().health is Health.OK

    def test_unreadable_is_broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checks, "waiting_tasks", broken)
        assert checks.queue().health is Health.BROKEN
