"""An open session knows its person and their rights in two queries, and never keeps a right that is gone."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.accounts.backends import SessionBackend
from jalons.accounts.enums import Right, Role
from jalons.accounts.models import Grant, Membership, User
from jalons.accounts.permissions import territory_of
from jalons.joining.services.accounts import end_membership
from tests import factories
from tests.factories import ARRAS, BACKEND, DUNKERQUE, LILLE, MEL, make_grant, make_membership, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 15)
DAY = dt.timedelta(days=1)
OF_PEOPLE = re.compile(r'FROM "(django_session|accounts_(?:user|membership|membership_scopes|grant))"')


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> list[dt.date]:
    """The day it is, which a test may change."""
    now = [TODAY]
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args, **kwargs: now[0])
    return now


def many_rights() -> User:
    """Two structures today, one over, one to come; scopes of each level; rights in force, over, to come, refused."""
    user = make_user(
        Role.OPERATOR, LILLE, DUNKERQUE, MEL, grants=[Right.READ_JUSTICE], refused=[Right.EXPORT]
    )
    first = user.memberships.get()
    make_grant(first, Right.READ_OWNER, ends_on=TODAY)
    make_grant(first, Right.DECLARE_SITE, ends_on=TODAY - DAY)
    make_grant(first, Right.CLOSE_SITE, starts_on=TODAY + DAY)
    make_membership(user, Role.CORRESPONDENT, "R32", "62", ends_on=TODAY)
    make_membership(user, Role.OBSERVER, "FR", ends_on=TODAY - DAY)
    make_membership(user, Role.CONTRIBUTOR, ARRAS, starts_on=TODAY + DAY)
    make_membership(user, Role.NATIONAL)
    return user


def in_words(memberships: list[Membership]) -> list[Any]:
    """Everything that rights are computed from, and named by."""
    return [
        (
            one.pk,
            one.role,
            str(one.organisation),
            [
                (scope.pk, scope.label, places(scope.region, "departements"), places(scope.epci, "communes"))
                for scope in one.scopes.all()
            ],
            [(grant.pk, grant.right, grant.allowed) for grant in one.grants.all()],
        )
        for one in memberships
    ]


def places(area: Any, name: str) -> list[str]:
    return sorted(place.pk for place in getattr(area, name).all()) if area else []


def test_one_query_reads_what_several_read(today: list[dt.date]) -> None:
    user = many_rights()
    for day in (TODAY - DAY, TODAY, TODAY + DAY):
        today[0] = day
        held = user.memberships.active()
        assert in_words(held.read_at_once()) == in_words(list(held.with_access()))
        read = SessionBackend().get_user(user.pk)
        assert read is not None
        for right in Right:
            assert territory_of(read, right) == territory_of(User.objects.get(pk=user.pk), right)


def test_nothing_more_is_read_of_an_account(django_assert_num_queries: Any) -> None:
    user = make_user(Role.CORRESPONDENT, "59", "62", grants=[Right.READ_JUSTICE, Right.READ_OWNER])
    with django_assert_num_queries(1):
        read = SessionBackend().get_user(user.pk)
        assert read is not None
        assert read.active_memberships[0].user is read
        assert [str(scope) for scope in read.active_memberships[0].scopes.all()]
        assert territory_of(read, Right.READ_JUSTICE).departements == {"59", "62"}
    wide = make_user(Role.CORRESPONDENT, "R32", MEL)
    with django_assert_num_queries(3):  # a région has its départements, an EPCI its communes
        read = SessionBackend().get_user(wide.pk)
        assert read is not None
        assert territory_of(read, Right.UPDATE_SITE).departements == {"59", "62"}


def test_nobody(cast: factories.Cast) -> None:
    assert SessionBackend().get_user(cast.nobody.pk) == cast.nobody
    assert SessionBackend().get_user(0) is None
    User.objects.filter(pk__in=[cast.nobody.pk, cast.operator_a.pk]).update(is_active=False)
    assert SessionBackend().get_user(cast.nobody.pk) is None
    assert SessionBackend().get_user(cast.operator_a.pk) is None


def test_a_page_reads_the_session_and_the_person(cast: factories.Cast) -> None:
    client = Client()
    client.force_login(cast.correspondent59, BACKEND)
    client.get("/sites/nouveau/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/sites/nouveau/").status_code == 200
    tables = [table[1] for query in queries if (table := OF_PEOPLE.search(query["sql"]))]
    assert tables == ["django_session", "accounts_membership"]


def test_what_is_over_is_gone_from_an_open_session(cast: factories.Cast, today: list[dt.date]) -> None:
    client = Client()
    client.force_login(cast.correspondent59, BACKEND)
    held = cast.correspondent59.memberships.get()
    grant = make_grant(held, Right.DECLARE_SITE, allowed=False, starts_on=TODAY + DAY, ends_on=TODAY + DAY)
    answers = []
    for day in (TODAY, TODAY + DAY, TODAY + 2 * DAY):
        today[0] = day
        answers.append(client.get("/sites/nouveau/").status_code)
    assert answers == [200, 403, 200]
    Grant.objects.filter(pk=grant.pk).update(ends_on=None)
    assert client.get("/sites/nouveau/").status_code == 403
    Grant.objects.filter(pk=grant.pk).update(ended_at=dt.datetime(2026, 3, 16, tzinfo=dt.UTC))
    assert client.get("/sites/nouveau/").status_code == 200


def test_who_leaves_a_structure_loses_its_rights_with_their_next_page(cast: factories.Cast) -> None:
    client = Client()
    client.force_login(cast.correspondent59, BACKEND)
    assert client.get("/sites/nouveau/").status_code == 200
    held = cast.correspondent59.memberships.get()
    end_membership(membership=held, by=factories.actor(cast.admin), reason="Départ")
    assert client.get("/sites/nouveau/").status_code == 403
