"""Two people publish open figures at the same instant, each with a connection of their own."""

import contextlib
import threading
from typing import Any

import pytest
from django.db import connection

from jalons.public.enums import EditionState
from jalons.public.measures import KEYS
from jalons.public.models import CountedHalfYear, OpenEdition, OpenHalfYear
from jalons.public.services import MOVED, NOT_READY, EditionRefused, publish_edition
from tests import factories

MEETING = 0.3  # seconds: one that is held until the other ends does not come to the meeting
NOTHING = {name: {key: {} for key in KEYS} for name in ("values", "hidden", "coverage")}


@pytest.mark.both_databases(reason="ce que deux publications voient l’une de l’autre dépend de la base")
@pytest.mark.django_db(transaction=True)
def test_of_two_editions_published_at_once_one_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither was audited beside the other: both out would let what they hide be deduced. Then the same one, twice."""
    people = [factories.make_user("national") for _ in range(2)]
    monkeypatch.setattr("jalons.public.services.open_content", lambda shape, cells, **about: about)
    editions = [ready(number, people[0]) for number in (1, 2)]
    assert published_at_once(editions, people) == {MOVED: 1, "": 1}
    [out] = OpenEdition.objects.filter(state=EditionState.PUBLISHED)
    [opened] = OpenHalfYear.objects.all()
    assert (opened.edition_id, opened.is_out) == (out.pk, True)
    [left] = OpenEdition.objects.filter(state=EditionState.READY)
    assert left.published_at is None
    left.beside = out.number  # prepared again
    left.save()
    if left.number < out.number:
        OpenEdition.objects.filter(pk=left.pk).update(number=3)
    assert published_at_once([left, left], people) == {NOT_READY: 1, "": 1}
    assert OpenHalfYear.objects.filter(edition=left).count() == 1


def ready(number: int, user: Any) -> OpenEdition:
    by = factories.actor(user)
    edition = OpenEdition.objects.create(
        number=number, state=EditionState.READY, first="2020-S1", last="2020-S1", known_on="2020-08-01",
        asked_by=by.user, asked_for=by.organisation,
    )  # fmt: skip
    CountedHalfYear.objects.create(edition=edition, half_year="2020-S1", cells=NOTHING)
    return edition


def published_at_once(editions: list[OpenEdition], people: list[Any]) -> dict[str, int]:
    """How many were refused for each reason, and how many went out (« »)."""
    started, written = threading.Barrier(2), threading.Barrier(2)
    answers: list[str] = []

    def meet(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if sql.startswith("UPDATE"):
            with contextlib.suppress(threading.BrokenBarrierError):
                written.wait(MEETING)
        return answer

    def work(edition: OpenEdition, user: Any) -> None:
        by = factories.actor(user)
        try:
            started.wait()
            with connection.execute_wrapper(meet):
                publish_edition(edition=edition, by=by)
            answers.append("")
        except EditionRefused as refusal:
            answers.append(str(refusal))
        except Exception as fault:
            answers.append(repr(fault))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in zip(editions, people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {answer: answers.count(answer) for answer in answers}
