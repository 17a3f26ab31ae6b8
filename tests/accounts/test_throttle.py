"""Wrong passwords, behind a proxy: who is paused, and who is not."""

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.db.models import F
from django.test import Client
from django.utils import timezone

from jalons.accounts.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
EMAIL = "camille@exemple.test"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def user() -> User:
    return make_user(email=EMAIL)


@pytest.fixture(autouse=True)
def _one_proxy(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    settings.SIGN_IN_LIMITS = [5, 8, 12]


def sign_in(email: str, password: str, address: str, agent: str = "") -> int:
    client = Client(headers={"X-Forwarded-For": address, "User-Agent": agent})
    return client.post("/connexion/", {"username": email, "password": password}).status_code


def wrong(count: int, address: str, email: str = EMAIL) -> list[int]:
    return [sign_in(email, f"essai {number}", address) for number in range(count)]


def test_a_stranger_does_not_shut_an_account(user: User) -> None:
    assert wrong(5, ELSEWHERE)[-1] == 429
    assert sign_in(EMAIL, PASSWORD, ELSEWHERE) == 429
    assert sign_in(EMAIL, PASSWORD, HOME) == 302, "la personne, de chez elle, entre toujours"


def test_what_a_visitor_writes_in_the_header_changes_nothing(user: User) -> None:
    for number in range(5):
        last = sign_in(EMAIL, "essai", f"10.9.8.{number}, {ELSEWHERE}")
    assert last == 429


def test_changing_browser_changes_nothing(user: User) -> None:
    for number in range(5):
        last = sign_in(EMAIL, "essai", ELSEWHERE, agent=f"navigateur {number}")
    assert last == 429


def test_an_account_tried_from_everywhere_is_paused(user: User) -> None:
    answers = [sign_in(EMAIL, "essai", f"198.51.100.{number}") for number in range(8)]
    assert answers == [200] * 7 + [429]
    assert sign_in(EMAIL, PASSWORD, HOME) == 429, "le lien par courriel est là pour cela"
    assert sign_in("autre@exemple.test", "essai", HOME) == 200


def test_an_address_that_tries_many_accounts_is_paused(user: User) -> None:
    answers = [sign_in(f"personne{number}@exemple.test", "essai", ELSEWHERE) for number in range(12)]
    assert answers == [200] * 11 + [429]
    assert sign_in(EMAIL, PASSWORD, ELSEWHERE) == 429
    assert sign_in(EMAIL, PASSWORD, HOME) == 302


def test_an_account_of_one_s_own_does_not_wipe_the_slate(user: User) -> None:
    """Signing in between two guesses would otherwise start the count of the address again."""
    for number in range(11):
        sign_in(f"personne{number}@exemple.test", "essai", ELSEWHERE)
    assert sign_in(EMAIL, PASSWORD, ELSEWHERE) == 302
    assert sign_in("encore@exemple.test", "essai", ELSEWHERE) == 429


def test_coming_in_forgets_one_s_own_mistakes(user: User) -> None:
    for _ in range(3):
        wrong(4, HOME)
        assert sign_in(EMAIL, PASSWORD, HOME) == 302


def test_neighbours_behind_one_network_share_its_limit_only(user: User) -> None:
    """In IPv6 one subscriber has billions of addresses: they count as one."""
    answers = [sign_in(EMAIL, "essai", f"2001:db8:1:2::{number}") for number in range(5)]
    assert answers[-1] == 429
    assert sign_in(EMAIL, PASSWORD, "2001:db8:1:3::1") == 302


def test_visitors_without_an_address_are_not_one_visitor(user: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 0
    for number in range(12):
        Client(REMOTE_ADDR="").post(
            "/connexion/", {"username": f"p{number}@exemple.test", "password": "essai"}
        )
    answer = Client(REMOTE_ADDR="").post("/connexion/", {"username": EMAIL, "password": PASSWORD})
    assert answer.status_code == 302


def test_a_clock_set_back_does_not_lengthen_the_pause(user: User) -> None:
    assert wrong(5, HOME)[-1] == 429
    AccessAttempt.objects.update(attempt_time=F("attempt_time") + dt.timedelta(hours=1))
    assert sign_in(EMAIL, PASSWORD, HOME) == 302


def test_the_page_says_until_when(user: User) -> None:
    wrong(5, HOME)
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=5))
    client = Client(headers={"X-Forwarded-For": HOME})
    page = client.post("/connexion/", {"username": EMAIL, "password": PASSWORD}).content.decode()
    tried = AccessAttempt.objects.latest("attempt_time").attempt_time
    assert f"attendez jusqu’à {timezone.localtime(tried) + dt.timedelta(minutes=15):%H:%M}" in page
    assert "Numéro de l’incident" in page
