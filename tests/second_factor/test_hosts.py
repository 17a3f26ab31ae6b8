"""A passkey serves at the address where it was made, and nowhere else."""

from typing import Any

import pytest
from django.test import Client

from jalons.accounts.models import User
from jalons.second_factor.passkeys import PROVING
from tests.factories import make_user
from tests.second_factor.authenticator import SoftwareKey
from tests.second_factor.making import STEP, is_in, password_given, text

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "http://testserver", "https://jalons-demo.exemple"


@pytest.fixture
def key() -> SoftwareKey:
    key = SoftwareKey(make_user(name="Camille Essai", email="camille@exemple.test"))
    key.register()
    return key


@pytest.fixture
def at_home(settings: Any) -> None:
    settings.OTP_WEBAUTHN_RP_ID = "testserver"
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [HERE]


def sent(client: Client, user: User, key: SoftwareKey, *, origin: str, relying_party: str) -> Any:
    password_given(client, user)
    client.get(STEP)
    challenge = client.session[PROVING]["challenge"]
    answer = key.answer(challenge=challenge, origin=origin, relying_party=relying_party)
    return client.post(STEP, {"code": "", "answer": answer})


def test_it_opens_at_its_own_address(client: Client, key: SoftwareKey, at_home: None) -> None:
    answer = sent(client, key.user, key, origin=HERE, relying_party="testserver")
    assert (answer.status_code, is_in(client)) == (302, True)


@pytest.mark.parametrize(
    ("origin", "relying_party"),
    [
        (ELSEWHERE, "jalons-demo.exemple"),  # a copy of the pages at another name
        (ELSEWHERE, "testserver"),
        (HERE, "jalons-demo.exemple"),
        ("http://testserver:8001", "testserver"),  # another port is another address
        ("https://testserver", "testserver"),
        ("http://testserver.exemple", "testserver"),
    ],
)
def test_what_was_signed_for_another_address_is_refused(
    client: Client, key: SoftwareKey, at_home: None, origin: str, relying_party: str
) -> None:
    answer = sent(client, key.user, key, origin=origin, relying_party=relying_party)
    assert answer.status_code == 200
    assert "La clé n’a pas été reconnue" in text(answer)
    assert not is_in(client)


def test_at_another_address_the_page_says_where_it_serves(client: Client, key: SoftwareKey) -> None:
    """« testserver » is not where the passkeys of this instance belong; no challenge is given there."""
    password_given(client, key.user)
    page = client.get(STEP)
    assert "Votre clé ne sert pas à cette adresse" in text(page)
    assert 'href="http://localhost:8000"' in page.content.decode()
    assert PROVING not in client.session
    forged = key.answer(challenge="eA", origin="http://localhost:8000", relying_party="localhost")
    assert client.post(STEP, {"code": "", "answer": forged}).status_code == 200
    assert not is_in(client)
