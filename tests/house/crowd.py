"""Several people at once on one page, each with a connection of their own, in a database made for the race.

The world is made once and really written; each race has its own copy, which Django makes as it does for parallel
tests (a copy of the file for SQLite, a template for PostgreSQL). The database of the other tests is never touched.
"""

import contextlib
import html
import re
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.messages import constants, get_messages
from django.core.signals import got_request_exception
from django.db import connection, connections
from django.test import Client
from django.test.signals import template_rendered

from tests.factories import make_cast
from tests.house.world import make_world

T = TypeVar("T")
# A statement from which on others may have to wait: nobody waits for the others beyond it.
LOCKS = re.compile(r"\s*(BEGIN|INSERT|UPDATE|DELETE)\b|.*\bFOR (NO KEY )?UPDATE\b", re.IGNORECASE | re.DOTALL)


def apart(work: Callable[[], T]) -> T:
    """Calls `work` in a thread of its own: the connection of the test, and its transaction, stay as they are."""
    answers: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(work())
        except BaseException as error:  # whatever it is, it is the test that failed
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return answers[0]


@contextlib.contextmanager
def copied(suffix: str, source: str = "") -> Iterator[str]:
    """Inside, every new connection goes to a copy of the database `source` (the current one), then destroyed.

    Gives the name of the copy. To be called `apart`.
    """
    own = connection.settings_dict["NAME"]
    creation = connection.creation
    connection.settings_dict["NAME"] = source or own
    try:
        creation.clone_test_db(suffix, verbosity=0)
        copy = str(creation.get_test_db_clone_settings(suffix)["NAME"])
        connection.settings_dict["NAME"] = copy
        try:
            yield copy
        finally:
            connection.close()
            creation._destroy_test_db(copy, verbosity=0)
    finally:
        connection.settings_dict["NAME"] = own


def make_crowded() -> tuple[Any, str]:
    """The world of the table of permissions, really written, and the name of its database. To be called `apart`."""
    own = connection.settings_dict["NAME"]
    connection.creation.clone_test_db("monde", verbosity=0)
    copy = str(connection.creation.get_test_db_clone_settings("monde")["NAME"])
    connection.settings_dict["NAME"] = copy
    try:
        world = make_world(make_cast())
        assert world.agreed
        world.__dict__["written"] = []  # the files of its reports: see `edition_pages`
        return world, copy
    finally:
        connection.settings_dict["NAME"] = own


def destroy(name: str) -> None:
    connection.creation._destroy_test_db(name, verbosity=0)


class Meeting:
    """Everybody has read before anybody writes: each waits there for those who have not arrived, nor left."""

    def __init__(self, size: int) -> None:
        self.awaited = size
        self.turn = threading.Condition()

    def arrive(self) -> None:
        with self.turn:
            self.awaited -= 1
            self.turn.notify_all()
            self.turn.wait_for(lambda: self.awaited <= 0)

    def leave(self) -> None:
        with self.turn:
            self.awaited -= 1
            self.turn.notify_all()


@dataclass
class Answer:
    """What one of the racers read."""

    status: int
    messages: Sequence[tuple[int, str]]
    content: str
    error: str = ""
    held: Sequence[str] = ()  # pages made while the others waited for the write lock

    @property
    def sentences(self) -> list[str]:
        """What says what happened: a message carried to the next page, or an alert in this one."""
        return [words for _, words in self.messages] + alerts(self.content)

    @property
    def won(self) -> bool:
        return any(level == constants.SUCCESS for level, _ in self.messages)


def alerts(content: str) -> list[str]:
    """The texts of a page that are told at once to who does not see it."""
    found = re.findall(r'<(\w+)[^>]* role="alert"[^>]*>(.*?)</\1>', content, re.DOTALL)
    texts = (re.sub(r"<[^>]+>", " ", inside) for _, inside in found)
    return [" ".join(html.unescape(text).split()) for text in texts]


def sent_by(client: Client, address: str, data: Any) -> Answer:
    errors: list[str] = []
    here = threading.get_ident()

    def note(request: Any, **kwargs: Any) -> None:
        if threading.get_ident() == here:
            errors.append(traceback.format_exc())

    held: list[str] = []

    def rendered(sender: Any, **kwargs: Any) -> None:
        if threading.get_ident() == here and connection.in_atomic_block:
            held.append(str(sender.name))

    client.raise_request_exception = False
    got_request_exception.connect(note)
    template_rendered.connect(rendered)
    try:
        answer = client.post(address, data)
    finally:
        got_request_exception.disconnect(note)
        template_rendered.disconnect(rendered)
    told = [(message.level, str(message)) for message in get_messages(answer.wsgi_request)]
    streamed = getattr(answer, "streaming", False)
    return Answer(
        answer.status_code, told, "" if streamed else answer.content.decode(), "\n".join(errors), held
    )


def race(senders: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Calls all of them at once; none writes before all of them have read."""
    meeting, answers = Meeting(len(senders)), [None] * len(senders)

    def run(place: int, send: Callable[[], Answer]) -> None:
        met = False

        def meet(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal met
            if not met and LOCKS.match(sql):
                met = True
                meeting.arrive()
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(meet):
                answers[place] = send()
        finally:
            if not met:
                meeting.leave()
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert None not in answers
    return answers
