"""How a connection is opened. What PostgreSQL plans with is said by Jalons, not left to each server."""

import pytest
from django.db import connection

from jalons.config.settings.base import DATABASE_PATIENCE, POSTGRES_PLANS, database

URL = "postgres://jalons:secret@127.0.0.1:5432/jalons"


def test_postgresql_is_told_how_to_plan() -> None:
    options = database(URL)["OPTIONS"]
    assert options == {"connect_timeout": DATABASE_PATIENCE, "options": POSTGRES_PLANS}


def test_an_option_of_the_address_wins() -> None:
    options = database(f"{URL}?options=-c%20jit%3Don&connect_timeout=30&sslmode=require")["OPTIONS"]
    assert options == {"connect_timeout": 30, "options": "-c jit=on", "sslmode": "require"}


def test_sqlite_has_none_of_it() -> None:
    assert set(database("")["OPTIONS"]) == {"transaction_mode", "timeout", "init_command"}


ASKED = {
    "postgresql": {"SHOW random_page_cost": "1.1", "SHOW jit": "off"},
    "sqlite": {"PRAGMA journal_mode": "wal", "PRAGMA temp_store": 2},
}


@pytest.mark.both_databases(reason="each is told its own settings")
@pytest.mark.django_db
def test_the_connection_is_opened_so() -> None:
    asked = ASKED[connection.vendor]
    shown = {}
    with connection.cursor() as cursor:
        for question in asked:
            cursor.execute(question)
            shown[question] = cursor.fetchone()[0]
    assert shown == asked
