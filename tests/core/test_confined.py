"""A child that reads in place of the process that serves people: its death is a verdict, it holds nothing of ours."""

import contextlib
import io
import os
import threading
from contextlib import closing
from typing import Any

import pytest
from django.test import Client

from jalons.core import confined
from jalons.core.confined import Reason, UnreadFile, children, read_confined

PROBES = "tests.core.confined_probes"


def answers(task: str, content: bytes = b"abc", **options: Any) -> list[Any]:
    with closing(read_confined(f"{PROBES}:{task}", io.BytesIO(content), **options)) as told:  # type: ignore[type-var]
        return list(told)


def reason(task: str, **options: Any) -> Reason:
    with pytest.raises(UnreadFile) as refusal:
        answers(task, **options)
    return refusal.value.reason


def test_a_file_is_read_from_its_beginning_and_answers_come_in_order() -> None:
    file = io.BytesIO("éà".encode() * 40_000)
    file.seek(7)
    with closing(read_confined(f"{PROBES}:lengths", file, more=3)) as told:  # type: ignore[type-var]
        assert list(told) == [160_000, 3, "é\n"]


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("takes_memory", Reason.MEMORY),
        ("aborts", Reason.MEMORY),
        ("is_killed", Reason.MEMORY),
        ("crashes", Reason.DAMAGED),
        ("fails", Reason.DAMAGED),
        ("leaves", Reason.DAMAGED),
        ("oversized", Reason.OVERSIZED),
        ("encrypted", Reason.PROTECTED),
        ("answers_nonsense", Reason.DAMAGED),
        ("answers_too_deep", Reason.DAMAGED),
        ("unknown_task", Reason.DAMAGED),
    ],
)
def test_every_end_is_a_verdict(task: str, expected: Reason) -> None:
    assert reason(task) is expected
    assert answers("lengths", more=1)[0] == 3  # and the next file is read


@pytest.mark.parametrize(
    ("task", "limit"), [("loops", "SECONDS"), ("sleeps", "PATIENCE"), ("sleeps_without_a_word", "PATIENCE")]
)
def test_time_is_counted(task: str, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that loops is stopped by its processor time, however busy the machine; one that sleeps, by the clock."""
    monkeypatch.setattr(confined, limit, 1)
    assert reason(task) is Reason.TIME


def test_an_answer_that_never_ends_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "LONGEST_ANSWER", 1_000_000)
    assert reason("answers_for_ever") is Reason.OVERSIZED


def test_the_child_has_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JALONS_SECRET_KEY", "secret")
    monkeypatch.setenv("PYTHONPATH", "/")
    with open(os.devnull) as other:  # noqa: PTH123
        os.set_inheritable(other.fileno(), True)
        [means] = answers("means")
    assert set(means["environment"]) <= {"LC_ALL", "LC_CTYPE"}
    assert means["files"] == [0, 1, 2]
    assert means["folder"] == "/"
    assert means["core"] == means["written"] == means["processes"] == 0
    assert means["memory"] == confined.MEMORY
    assert "django" not in means["modules"]


def test_too_many_at_once_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever serves people is never entirely taken by files."""
    monkeypatch.setattr(confined, "REQUESTS", threading.BoundedSemaphore(1))
    with closing(read_confined(f"{PROBES}:lengths", io.BytesIO(b"abc"), more=1)) as told:  # type: ignore[type-var]
        assert next(told) == 3
        assert reason("lengths", more=1) is Reason.BUSY
    assert answers("lengths", more=1)[0] == 3


def test_nobody_waits_for_a_child_that_is_left() -> None:
    with closing(read_confined(f"{PROBES}:answers_for_ever", io.BytesIO(b"abc"))) as told:  # type: ignore[type-var]
        next(told)
    assert answers("lengths", more=1)[0] == 3


def test_a_child_leaves_nothing_to_the_next() -> None:
    """They are born of one process, which imports for all and reads no file."""
    assert [answers("leaves_something") for _ in range(2)] == [[1], [1]]
    process = children.nursery.process
    assert process is not None
    assert process.poll() is None


def test_a_nursery_that_has_ended_is_replaced() -> None:
    """It gives its memory back when idle, and the system may take it at any time."""
    assert answers("lengths", more=1)[0] == 3
    before = children.nursery.process
    assert before is not None
    before.kill()
    before.wait()
    assert answers("lengths", more=1)[0] == 3
    assert children.nursery.process is not before


def test_a_fork_of_the_server_has_a_nursery_of_its_own() -> None:
    assert answers("lengths", more=1)[0] == 3
    read, write = os.pipe()
    if (fork := os.fork()) == 0:
        with contextlib.suppress(BaseException):
            os.write(write, str(answers("lengths", more=1)[0]).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(fork, 0)
    assert os.read(read, 9) == b"3"
    os.close(read)
    assert answers("lengths", more=1)[0] == 3


@pytest.mark.django_db
def test_others_are_served_while_a_file_is_read(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files that never end are being read in this process; its other threads answer."""
    monkeypatch.setattr(confined, "SECONDS", 1)
    started, reasons = threading.Barrier(3), []

    def read() -> None:
        with closing(read_confined(f"{PROBES}:loops", io.BytesIO(b"abc"))) as lines:  # type: ignore[type-var]
            started.wait(60)
            try:
                list(lines)
            except UnreadFile as error:
                reasons.append(error.reason)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    started.wait(60)
    assert [client.get("/connexion/").status_code for _ in range(10)] == [200] * 10
    for reader in readers:
        reader.join()
    assert reasons == [Reason.TIME] * 2
