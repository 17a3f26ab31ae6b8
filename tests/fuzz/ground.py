"""What may be fed: for each page of the table, its address, its form, and every name that its view reads."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest import mock
from urllib.parse import quote

from django.db import connection, transaction
from django.http import HttpResponse, QueryDict
from django.test import Client

from jalons.accounts.decorators import OPEN
from jalons.accounts.models import User
from tests.forms import Form, form_to
from tests.guards import commits
from tests.house.page import Page
from tests.house.pages import PAGES
from tests.house.test_permissions import path, signed_in
from tests.house.world import World

READERS = ("__getitem__", "__contains__", "getlist")


@dataclass(frozen=True)
class Target:
    """One page. `parts`: what stands for something in its path. `queries`: what an ordinary visit costs."""

    page: Page
    path: str
    query: str
    parts: tuple[str, ...]
    form: dict[str, list[Any]]
    names: tuple[str, ...]
    queries: int

    @property
    def takes_get(self) -> bool:
        return self.page.reads

    @property
    def takes_post(self) -> bool:
        return self.page.data is not None or not self.page.reads


@dataclass
class Ground:
    """`cookies`: the session of each person, by their name in the cast; signed out under « personne »."""

    targets: list[Target]
    cookies: dict[str, str]
    pool: tuple[str, ...] = field(
        default=()
    )  # real values of every form and address: those of others, for most
    names: tuple[str, ...] = field(default=())  # every name that some page reads


def counter(queries: list[None]) -> Any:
    """Counts the queries to the base, as a wrapper of its connection."""

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(None)
        return execute(sql, params, many, context)

    return count


@contextlib.contextmanager
def names_read() -> Iterator[set[str]]:
    """The names that a view looks up in an address or a form, as it looks them up."""
    read: set[str] = set()
    with contextlib.ExitStack() as stack:
        for method in READERS:
            stack.enter_context(
                mock.patch.object(QueryDict, method, recorded(getattr(QueryDict, method), read))
            )
        yield read


def recorded(method: Any, read: set[str]) -> Any:
    def wrapper(self: QueryDict, key: Any, *args: Any, **more: Any) -> Any:
        read.add(str(key))
        return method(self, key, *args, **more)

    return wrapper


def survey(world: World, pages: Sequence[Page] = PAGES) -> Ground:
    """Visit each of these pages once, as the person allowed, to know what it reads. Writes nothing."""
    targets = [target_of(page, world) for page in pages]
    people = {name: getattr(world.cast, name) for name in world.cast.__dataclass_fields__}
    cookies = {name: session_of(user) for name, user in {**people, "stranger": world.stranger}.items()}
    # In the order of the table: the values change from one base to another, not their places.
    pool = dict.fromkeys(str(value) for target in targets for value in values_of(target))
    names = {name for target in targets for name in target.names}
    return Ground(targets, {**cookies, "personne": ""}, tuple(pool), tuple(sorted(names)))


def session_of(user: User) -> str:
    return signed_in(user).cookies["sessionid"].value


def values_of(target: Target) -> Iterator[Any]:
    yield from target.parts
    for values in target.form.values():
        yield from (value for value in values if isinstance(value, str) and len(value) < 300)


def target_of(page: Page, world: World) -> Target:
    address = path(page, world)
    query = page.query(world) if page.query else ""
    kwargs = page.kwargs(world) if page.kwargs else {}
    data = {name: listed(value) for name, value in (page.data(world) if page.data else {}).items()}
    client = Client() if page.access == OPEN else signed_in(getattr(world.cast, page.person))
    form, whole = Form("post", ""), f"{address}?{query}"
    queries: list[None] = []
    with names_read() as names, commits.held(), connection.execute_wrapper(counter(queries)):
        if page.reads:
            form = form_in(client.get(whole), address)
        values = {**form.values, **data}
        client.post(whole, values)
        transaction.set_rollback(True)
    return Target(
        page=page,
        path=address,
        query=query,
        parts=tuple(quote(str(value), safe="") for value in kwargs.values()),
        form=values,
        names=tuple(sorted({*names, *values})),
        queries=len(queries),
    )


def form_in(answer: HttpResponse, address: str) -> Form:
    whole = answer.status_code == 200 and not answer.streaming and b"<main" in answer.content
    return form_to(answer, address) if whole else Form("post", "")


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
