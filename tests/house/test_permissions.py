"""Every address × every kind of person. The table is in `tests/house/pages.py`, with how to add a line."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.crypto import get_random_string

from jalons.accounts.decorators import OPEN, SIGNED_IN
from jalons.accounts.enums import OrganisationCategory, Right
from jalons.accounts.models import Attached, User
from jalons.accounts.permissions import can, has, territory_of
from tests.factories import BACKEND
from tests.house.pages import PAGES, PENDING, Page, World

# They stand below accounts and cannot bear its decorators: what they let through is checked by calling them.
BELOW_ACCOUNTS = ("jalons.core.", "jalons.territories.")
# Reading a page may touch them: they hold no work of anybody, and a download is written down.
UNCOUNTED = ("sessions", "axes", "exports.Download", "households.RegisterReading")
WRITTEN = [page for page in PAGES if page.name not in PENDING]
ids = {"ids": lambda page: page.name}


def patterns(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Name, with its namespaces, and view of each address."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            within = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from patterns(pattern, within)
        elif isinstance(pattern, URLPattern):
            yield ":".join([*namespaces, pattern.name or f"sans nom ({pattern.pattern})"]), pattern.callback


ADDRESSES = dict(patterns(get_resolver()))


def access_of(view: Any) -> str:
    return getattr(view, "access", "")


# Nothing is forgotten -------------------------------------------------------------------------------------


def test_every_address_has_its_line() -> None:
    missing = sorted(set(ADDRESSES) - {page.name for page in PAGES})
    assert missing == [], f"ajoutez une ligne à tests/house/pages.py pour : {', '.join(missing)}"


def test_every_line_is_an_address() -> None:
    names = [page.name for page in PAGES]
    assert sorted(set(names) - set(ADDRESSES)) == [], "ces adresses n’existent plus : effacez leur ligne"
    assert len(names) == len(set(names)), "une adresse a deux lignes"
    assert set(names) >= PENDING


@pytest.mark.parametrize("page", WRITTEN, **ids)
def test_view_says_who_may_call_it(page: Page) -> None:
    view = ADDRESSES[page.name]
    if view.__module__.startswith(BELOW_ACCOUNTS):
        assert page.access in (OPEN, SIGNED_IN), "une vue sous accounts ne connaît pas les droits"
    else:
        assert access_of(view) == page.access, f"{page.name} : la vue porte « {access_of(view)} »"


# Everybody is answered as the table says -------------------------------------------------------------------


def path(page: Page, world: World) -> str:
    return reverse(page.name, kwargs=page.kwargs(world) if page.kwargs else None)


def url(page: Page, world: World) -> str:
    return path(page, world) + (f"?{page.query(world)}" if page.query else "")


def people(world: World, page: Page) -> list[User]:
    """From who may nothing to who may most of it elsewhere, then who is allowed."""
    cast = world.cast
    others = [cast.nobody, world.stranger, cast.observer, cast.operator_b, cast.correspondent13, cast.admin]
    if page.on_a_convention:
        others.append(cast.correspondent59)  # who reads it, and does not write
    return [user for user in others if user != allowed(world, page)]


def allowed(world: World, page: Page) -> User:
    return getattr(world.cast, page.person)


def refusal(user: User, page: Page, world: World) -> int:
    """What the table wants as an answer to this person: 404, 403, or 0 when they may."""
    if page.any_of and not any(has(user, right) for right in page.any_of):
        return 403
    if page.personal:
        return 0 if user == allowed(world, page) else 404
    if page.access in (OPEN, SIGNED_IN) and page.wants is None and not page.own:
        return 0
    if page.own and page.access == SIGNED_IN and not page.any_of:
        return 0 if user == allowed(world, page) else 404  # one person's, whatever the rights
    right = page.wants or Right(page.any_of[0] if page.any_of else page.access)
    if page.wants is None and not page.any_of and not has(user, right):
        return 404 if page.hidden and not works_in_an_operator(user) else 403
    if page.national and not territory_of(user, right).everywhere:
        return 403
    if page.own:
        theirs = {
            membership.organisation_id for membership in getattr(world.cast, page.person).active_memberships
        }
        return 0 if theirs & {membership.organisation_id for membership in user.active_memberships} else 404
    if not page.on_a_subject:
        return 0
    subject, read = page.subject(world)
    if not can(user, read, subject):
        return 404
    return 0 if can(user, right, subject) else 403


def works_in_an_operator(user: User) -> bool:
    operator = OrganisationCategory.OPERATOR
    return any(membership.organisation.category == operator for membership in user.active_memberships)


def signed_in(user: User) -> Client:
    """A session without what opening one writes (last sign-in, journal): that is not what these pages are about."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    # One statement, where `create` looks for a key that nobody has, and saves in a transaction of its own.
    session._session_key = get_random_string(32, VALID_KEY_CHARS)
    Session.objects.bulk_create([session.create_model_instance(dict(session.items()))])
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def models() -> list[type[Model]]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if not {model._meta.app_label, model._meta.label} & set(UNCOUNTED)]


@cache
def counting() -> tuple[list[str], str, list[Any]]:
    """One query for all the tables: asked one by one, they took longer than the page itself.

    A column for each: of two hundred rows put together, PostgreSQL makes a plan that takes longer than the page too.
    """
    asked = {model._meta.label: model._default_manager.order_by() for model in models()}
    attached = [model for model in models() if issubclass(model, Attached)]
    asked |= {f"{model._meta.label} en vigueur": model.objects.standing().order_by() for model in attached}
    counts, parameters = [], []
    for queryset in asked.values():
        sql, values = queryset.values("pk").query.sql_with_params()
        counts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")
        parameters += values
    return [*asked], f"SELECT {', '.join(counts)}", parameters


def rows() -> dict[str, int]:
    """How many rows each table holds; of what is withdrawn and not deleted, also how many still stand."""
    names, sql, parameters = counting()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return dict(zip(names, cursor.fetchone(), strict=True))


def get(client: Client, page: Page, world: World) -> HttpResponse:
    return client.get(url(page, world))


@pytest.mark.both_databases(reason="chaque page, sur les deux bases")
@pytest.mark.django_db
@pytest.mark.parametrize("page", [page for page in WRITTEN if page.reads], **ids)
def test_reading(page: Page, still: World) -> None:
    assert refusal(allowed(still, page), page, still) == 0
    reader = Client() if page.access == OPEN else signed_in(allowed(still, page))
    assert get(reader, page, still).status_code == page.answers


@pytest.mark.first_database(
    reason="les droits se décident sans la base ; `test_reading` lit chaque page sur les deux"
)
@pytest.mark.django_db
@pytest.mark.parametrize("page", [page for page in WRITTEN if page.reads], **ids)
def test_reading_by_others(page: Page, still: World) -> None:
    if page.access == OPEN:
        # Somebody already signed in may be sent further by the sign-in page.
        assert get(signed_in(still.cast.nobody), page, still).status_code in (page.answers, 302)
        return
    stranger = get(Client(), page, still)
    assert stranger.status_code == 302, "sans session, on va à la connexion"
    assert stranger["Location"].startswith("/connexion/?next=")
    seen = set()
    for user in people(still, page):
        expected = refusal(user, page, still)
        seen.add(expected)
        assert get(signed_in(user), page, still).status_code == (expected or page.answers), user
    if page.on_a_subject:
        wanted = {404} if page.wants == page.subject(still)[1] else {404, 403}
        assert wanted <= seen, "cette page n’a été refusée ni comme absente, ni comme interdite"


@pytest.mark.django_db
@pytest.mark.parametrize("page", [page for page in WRITTEN if not page.reads], **ids)
def test_reading_what_only_writes(page: Page, still: World) -> None:
    url(page, still)  # makes what the page is about
    before = rows()
    assert get(signed_in(allowed(still, page)), page, still).status_code == 405
    assert get(Client(), page, still).status_code in (302, 405)
    assert rows() == before


@pytest.mark.django_db
@pytest.mark.parametrize("page", [page for page in WRITTEN if not page.data], **ids)
def test_posting_to_what_only_reads(page: Page, still: World) -> None:
    address = url(page, still)  # makes what the page is about
    before = rows()
    assert signed_in(allowed(still, page)).post(address, {"name": "forgé"}).status_code < 500
    assert rows() == before


@pytest.mark.django_db
def test_not_written_yet(still: World) -> None:
    for page in PAGES:
        if page.name in PENDING:
            client, address = signed_in(allowed(still, page)), url(page, still)
            answers = {client.get(address).status_code, client.post(address).status_code}
            assert answers == {404}, f"{page.name} répond : ôtez-la de PENDING et complétez sa ligne"
