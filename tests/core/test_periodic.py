"""`manage.py periodic`: every job has its line, and none stops the others."""

import io
import logging
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jalons.core import periodic
from jalons.core.periodic import Job, JobFailed, jobs

# Between two jobs the command looks at its connections.
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "_jobs", {})


def passing(order: int, name: str, told: str = "fait.") -> None:
    periodic.register(Job(order, name, lambda: told))


def broken() -> str:
    raise RuntimeError("le disque est plein")


def refused() -> str:
    raise JobFailed("le serveur ne répond pas.")


def run() -> tuple[str, str]:
    """What is printed, and what the command says of its failure."""
    out = io.StringIO()
    try:
        call_command("periodic", stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_a_line_a_job_in_order() -> None:
    passing(90, "Dernière")
    passing(10, "Première", "3 choses faites.")
    assert run() == ("Première\u00a0: 3 choses faites.\nDernière\u00a0: fait.\n", "")


def test_a_job_registered_twice_runs_once() -> None:
    passing(10, "Rappels", "ancien.")
    passing(20, "Rappels", "nouveau.")
    assert [(job.order, job.name) for job in jobs()] == [(20, "Rappels")]


def test_a_failure_is_told_and_the_others_run(caplog: Any) -> None:
    periodic.register(Job(1, "Cassée", broken))
    periodic.register(Job(2, "Refusée", refused))
    passing(3, "Suivante")
    with caplog.at_level(logging.ERROR):
        printed, said = run()
    assert printed.splitlines() == [
        "Cassée\u00a0: échec, la cause est dans le journal.",
        "Refusée\u00a0: échec. le serveur ne répond pas.",
        "Suivante\u00a0: fait.",
    ]
    assert said == "2 tâches sur 3 en échec\u00a0: Cassée, Refusée."
    assert "le disque est plein" in caplog.text
    assert "le serveur ne répond pas" not in caplog.text  # explained: no trace of the code


def test_a_job_that_cannot_be_found_is_a_failure_like_another(caplog: Any) -> None:
    periodic.register(Job(1, "Absente", "jalons.core.nowhere.run"))
    passing(2, "Suivante")
    printed, said = run()
    assert "Suivante\u00a0: fait." in printed
    assert said == "1 tâche sur 2 en échec\u00a0: Absente."


def test_nothing_to_do() -> None:
    assert run() == ("", "")
