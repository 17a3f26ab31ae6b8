"""What is read by prepared SQL is what the queryset reads, for any number of keys, in any thread."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from jalons.accounts.models import Membership
from jalons.core.prepared import LONGEST, Prepared

pytestmark = pytest.mark.django_db


def held_by(user: int, organisations: list[int]) -> Any:
    held = Membership.objects.filter(user=user, organisation__in=organisations)
    return held.select_related("user", "organisation__territory").order_by("-pk")


def in_full(held: list[Any]) -> list[Any]:
    """Every column of each, and of what is read with it."""
    return [
        [
            {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
            for row in (each, each.user, each.organisation, each.organisation.territory)
        ]
        for each in held
    ]


@pytest.fixture
def keys(cast: Any) -> tuple[int, list[int]]:
    user = cast.operator_a.pk
    return user, [membership.organisation_id for membership in Membership.objects.order_by("pk")]


def test_the_same_objects_by_the_same_query(keys: tuple[int, list[int]]) -> None:
    user, organisations = keys
    prepared = Prepared()
    total = 0
    for size in (1, 2, 3, 4, 5, 9, len(organisations)):
        asked = organisations[-size:]
        wanted = in_full(list(held_by(user, asked)))
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                read = in_full(prepared.read("held", held_by, user, asked))
            assert read == wanted
            assert len(queries) == 1, "what is read with them is not asked again"
            total += len(read)
    assert total
    assert len(prepared.written) == 5  # 1, 2, 4, 8, 16


def test_the_sql_is_written_once(keys: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    user, organisations = keys
    prepared, written = Prepared(), []
    write = SQLCompiler.as_sql
    monkeypatch.setattr(
        SQLCompiler, "as_sql", lambda *args, **named: written.append(1) or write(*args, **named)
    )
    for key in (user, user + 1, user):
        prepared.read("held", held_by, key, organisations[:3])
    assert len(written) == 1


def test_another_thread_has_its_own_connection(keys: tuple[int, list[int]]) -> None:
    user, organisations = keys
    prepared = Prepared()
    assert prepared.read("held", held_by, user, organisations)

    def there() -> Any:
        try:
            return connection.connection is None, prepared.read("held", held_by, 0, organisations)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(there).result() == (True, [])


def test_no_key_and_too_many_are_read_as_usual(keys: tuple[int, list[int]]) -> None:
    user, organisations = keys
    prepared = Prepared()
    assert prepared.read("held", held_by, user, []) == []
    many = [*organisations, *range(10**9, 10**9 + LONGEST)]
    assert prepared.read("held", held_by, user, many) == list(held_by(user, organisations)) != []
    assert prepared.written == {}


def test_a_number_that_changes_the_query_is_refused() -> None:
    """Its SQL would be that of the first number asked."""
    with pytest.raises(LookupError):
        Prepared().read("odd", lambda number: Membership.objects.filter(pk=number % 2), 3)


def test_a_condition_that_nothing_meets_is_no_failure(keys: tuple[int, list[int]]) -> None:
    """« Nowhere », for one: Django has no SQL for it."""
    user, _ = keys
    assert Prepared().read("nowhere", lambda key: Membership.objects.filter(user=key, pk__in=[]), user) == []
