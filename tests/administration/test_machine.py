"""What the server does, and the shared words and figures."""

import datetime as dt
import importlib
import pkgutil
from typing import Any

import pytest
from django.test import Client
from django_tasks.base import Task

import jalons
from jalons.actions.models import Deadline
from jalons.administration.selectors import machine, referentials
from jalons.core.clock import paris_day
from jalons.discussions.models import Mail
from tests.factories import Cast

BACKEND = "jalons.accounts.backends.SessionBackend"
NATIONAL = ("courriels", "taches", "reglages", "referentiels/echeances/nouvelle")


def tasks() -> set[str]:
    names = set()
    for module in pkgutil.walk_packages(jalons.__path__, "jalons."):
        if module.name.endswith((".notifications", ".jobs")):
            found = importlib.import_module(module.name)
            names |= {one.module_path for one in vars(found).values() if isinstance(one, Task)}
    return names


def test_every_job_is_told_in_words() -> None:
    assert tasks() == set(machine.JOB_NAMES)


@pytest.mark.parametrize("page", NATIONAL)
def test_these_pages_are_national(client: Client, cast: Cast, page: str) -> None:
    for user, status in ((cast.admin, 200), (cast.local_admin, 403)):
        client.force_login(user, BACKEND)
        assert client.get(f"/administration/{page}/").status_code == status


def test_a_refused_letter_is_shown_with_its_error(client: Client, cast: Cast) -> None:
    now = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    Mail.objects.create(
        key="a",
        user=cast.nobody,
        topic="x",
        subject="Rappel",
        body="",
        claimed_at=now,
        failed_at=now,
        error="550 non",
    )
    Mail.objects.create(
        key="b", user=cast.nobody, topic="x", subject="Bilan", body="", claimed_at=now, sent_at=now
    )
    client.force_login(cast.admin, BACKEND)
    page = client.get("/administration/courriels/?etat=refused").content.decode()
    assert "550 non" in page
    assert "Bilan" not in page
    assert machine.trouble() == 1


def test_settings_hide_secrets(client: Client, cast: Cast, settings: Any) -> None:
    client.force_login(cast.admin, BACKEND)
    page = client.get("/administration/reglages/").content.decode()
    assert settings.SECRET_KEY not in page
    assert "JALONS_ORIGIN" in page


def test_a_deadline_of_all_is_added_once_and_removed(client: Client, cast: Cast) -> None:
    client.force_login(cast.admin, BACKEND)
    day = paris_day() + dt.timedelta(days=30)
    sent = {
        "submission_key": "6d0e3c7e-1111-4222-8333-123456789099",
        "due_on": f"{day:%d/%m/%Y}",
        "label": "Bilan",
    }
    for _ in range(2):
        client.post("/administration/referentiels/echeances/nouvelle/", sent)
    (deadline,) = referentials.common_deadlines()
    assert (deadline.due_on, deadline.label) == (day, "Bilan")
    for _ in range(2):
        client.post(f"/administration/referentiels/echeances/{deadline.pk}/retirer/")
    assert not Deadline.objects.filter(action=None).exists()


def test_thresholds_are_shown_with_what_holds_when_nobody_set_them(db: None) -> None:
    values = {one.code.value: one.value for one in referentials.thresholds()}
    assert values["survey_due"] == "91\u00a0jours"
