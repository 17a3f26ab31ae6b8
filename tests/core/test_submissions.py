"""A form sent twice writes once, on both databases."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jalons.core.models import Submission
from jalons.core.services import forget_old_submissions, once, settle, write_once


@pytest.mark.django_db
def test_second_claim_leads_to_what_the_first_made() -> None:
    key = uuid.uuid4()
    first = once(key, user_key="7")
    assert not first.repeated
    settle(first, "/sites/abc/")
    second = once(key, user_key="7")
    assert (second.repeated, second.target_url) == (True, "/sites/abc/")


@pytest.mark.django_db
def test_someone_else_with_the_same_key_is_not_led_there() -> None:
    key = uuid.uuid4()
    settle(once(key, user_key="7"), "/sites/abc/")
    assert not once(key, user_key="8").repeated


@pytest.mark.django_db
def test_write_once_writes_once() -> None:
    key, written = uuid.uuid4(), []

    def write() -> str:
        written.append(1)
        return "/sites/abc/"

    assert [write_once(key, user_key="7", write=write) for _ in range(3)] == ["/sites/abc/"] * 3
    assert written == [1]


@pytest.mark.django_db(transaction=True)
def test_a_failed_write_frees_the_key() -> None:
    key = uuid.uuid4()

    def fail() -> str:
        raise ValueError("non")

    with pytest.raises(ValueError, match="non"):
        write_once(key, user_key="7", write=fail)
    assert write_once(key, user_key="7", write=lambda: "/ok/") == "/ok/"


@pytest.mark.django_db(transaction=True)
def test_claim_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(RuntimeError):
        once(uuid.uuid4(), user_key="7")


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once() -> None:
    key, start, results = uuid.uuid4(), threading.Barrier(2), []

    def send(number: int) -> None:
        try:
            start.wait()
            results.append(write_once(key, user_key="7", write=lambda: f"/sites/{number}/"))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2
    assert len(set(results)) == 1
    assert Submission.objects.count() == 1


@pytest.mark.django_db
def test_old_keys_are_forgotten() -> None:
    now = timezone.now()
    with transaction.atomic():
        once(uuid.uuid4(), user_key="7")
    Submission.objects.update(created_at=now - timedelta(days=31))
    recent = once(uuid.uuid4(), user_key="7")
    assert forget_old_submissions(now - timedelta(days=30)) == 1
    assert Submission.objects.get().key == recent.key
