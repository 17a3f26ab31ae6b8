"""The invented world, built once for the tests that only read it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from jalons.demonstration import world as worlds
from jalons.demonstration.chance import data
from jalons.territories.models import Commune, Departement, Region
from tests.guards import commits


def make_communes() -> None:
    """The communes that the world needs, without reading the published files."""
    rows = data("communes")
    Region.objects.get_or_create(code="00", defaults={"name": "Région d’essai"})
    for code in sorted({row["departement"] for row in rows}):
        Departement.objects.get_or_create(
            code=code, defaults={"name": f"Département {code}", "region_id": "00"}
        )
    for row in rows:
        values = {"name": row["name"], "departement_id": row["departement"], "population": 50_000}
        Commune.objects.get_or_create(insee_code=row["code"], defaults=values)


@pytest.fixture(autouse=True)
def files_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test erases comes back with the end of its transaction; a file would not, and others read it."""
    monkeypatch.setattr(worlds, "forget_files", lambda: None)


@pytest.fixture(scope="module")
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture(scope="module")
def built(today: dt.date, django_db_setup: None, django_db_blocker: Any) -> Iterator[worlds.Built]:
    """The world of 80 sites; what a test writes over it is undone after each test, and all of it at the end."""
    with django_db_blocker.unblock(), commits.held():
        make_communes()
        yield worlds.build(today=today, sites=80, surveys_a_site=30)
        transaction.set_rollback(True)


@pytest.fixture
def world(built: worlds.Built, db: None) -> worlds.Built:
    return built


@pytest.fixture
def communes(db: None) -> None:
    make_communes()
