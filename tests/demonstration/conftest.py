"""The invented world, built once for the tests that only read it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from jalons.demonstration import world as worlds
from jalons.demonstration.chance import data
from jalons.demonstration.elsewhere import communes_elsewhere
from jalons.territories.models import Commune, Departement, Region
from tests.guards import commits

# Some have no site: by subtraction, what is hidden of the others would be known.
REGIONS = {"59": "32", "62": "32", "02": "32", "93": "11", "95": "11", "77": "11", "13": "93", "31": "76"}


def make_communes() -> None:
    """The communes that the world needs, without reading the published files."""
    rows = [*data("communes"), *communes_elsewhere()]
    for code, region_code in REGIONS.items():
        region, _ = Region.objects.get_or_create(code=region_code, defaults={"name": f"Région {region_code}"})
        values = {"name": f"Département {code}", "region": region}
        Departement.objects.get_or_create(code=code, defaults=values)
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
def built(
    request: pytest.FixtureRequest, today: dt.date, django_db_setup: None, django_db_blocker: Any
) -> Iterator[worlds.Built]:
    """The world of 80 sites; what a test writes over it is undone after each test, and all of it at the end. A module
    that says `ELSEWHERE = True` has the neighbouring départements too.
    """
    elsewhere = getattr(request.module, "ELSEWHERE", False)
    with django_db_blocker.unblock(), commits.held():
        make_communes()
        yield worlds.build(today=today, sites=80, surveys_a_site=30, elsewhere=elsewhere)
        transaction.set_rollback(True)


@pytest.fixture
def world(built: worlds.Built, db: None) -> worlds.Built:
    return built


@pytest.fixture
def communes(db: None) -> None:
    make_communes()
