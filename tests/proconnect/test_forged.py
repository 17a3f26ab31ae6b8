"""Answers that a provider never gives: each is refused, in French, and makes nobody."""

import socket
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from jalons.accounts.models import User
from jalons.proconnect.models import Identity
from jalons.proconnect.views import TRY
from tests.factories import make_user
from tests.proconnect.forger import GOOD, OTHER, Forger, signed, unsigned, with_the_public_key_as_secret

pytestmark = pytest.mark.django_db
START, BACK = "/connexion/proconnect/", "/connexion/proconnect/retour/"


@pytest.fixture
def known(forger: Forger) -> User:
    cache.clear()
    user = make_user(email="camille@exemple.test")
    Identity.objects.create(user=user, issuer=forger.issuer, sub="forgé")
    return user


def is_in(client: Client) -> bool:
    return client.get("/mon-compte/").status_code == 200


def come_back(client: Client, forger: Forger) -> Any:
    client.get(START)
    held = client.session[TRY]
    forger.nonce = held["nonce"]
    return client.get(f"{BACK}?code=x&state={held['state']}")


def test_what_is_not_forged_comes_in(client: Client, forger: Forger, known: User) -> None:
    """Or the refusals below would say nothing."""
    assert come_back(client, forger)["Location"] == "/"
    assert is_in(client)


CHANGES = {
    "issuer": {"iss": "https://autre.example"},
    "audience": {"aud": "une autre application"},
    "audience of several": {"aud": ["jalons", "une autre"]},
    "made for another": {"azp": "une autre application"},
    "expired": {"exp": 1_600_000_000},
    "never expires": {"exp": None},
    "of tomorrow": {"iat": 4_000_000_000},
    "nonce": {"nonce": "d’un autre essai"},
    "no nonce": {"nonce": None},
    "no name": {"sub": None},
    "a name too long": {"sub": "x" * 256},
    "a name that is none": {"sub": 12},
    "no issuer": {"iss": None},
    "no audience": {"aud": None},
}


def changed(claims: dict[str, Any], change: dict[str, Any]) -> None:
    for name, value in change.items():
        if value is None:
            del claims[name]
        else:
            claims[name] = value


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_wrong_token_is_refused(
    client: Client, forger: Forger, known: User, change: dict[str, Any]
) -> None:
    forger.change = lambda claims: changed(claims, change)
    refused(client, forger)


SIGNATURES = {
    "another key": lambda claims: signed(claims, OTHER),
    "another key, named": lambda claims: signed(claims, OTHER, kid="autre"),
    "none": unsigned,
    "None": lambda claims: unsigned(claims, "None"),
    "no signature": lambda claims: unsigned(claims, "RS256"),
    "the public key as a secret": with_the_public_key_as_secret,
    "cut": lambda claims: signed(claims)[:-8],
    "not a token": lambda claims: "bonjour",
    "empty": lambda claims: "",
}


@pytest.mark.parametrize("which", ["sign", "sign_identity"])
@pytest.mark.parametrize("sign", SIGNATURES.values(), ids=SIGNATURES)
def test_a_wrong_signature_is_refused(
    client: Client, forger: Forger, known: User, sign: Any, which: str
) -> None:
    setattr(forger, which, sign)
    refused(client, forger)


@pytest.mark.parametrize(
    "change", [{"sub": "quelqu’un d’autre"}, {"iss": "https://autre.example"}, {"aud": "autre"}]
)
def test_a_wrong_identity_is_refused(
    client: Client, forger: Forger, known: User, change: dict[str, Any]
) -> None:
    forger.describe = lambda claims: changed(claims, change)
    refused(client, forger)


def test_an_unsigned_identity_is_refused(client: Client, forger: Forger, known: User) -> None:
    forger.kind, forger.sign_identity = "application/json", lambda claims: '{"sub": "forgé"}'
    refused(client, forger)


def refused(client: Client, forger: Forger) -> None:
    accounts = User.objects.count()
    answer = come_back(client, forger)
    assert answer.status_code == 400
    assert "n’a pas pu être vérifiée" in answer.content.decode()
    assert not is_in(client)
    assert (User.objects.count(), Identity.objects.count()) == (accounts, 1)


def test_new_keys_are_read_when_a_token_names_one(client: Client, forger: Forger, known: User) -> None:
    assert come_back(Client(), forger).status_code == 302
    forger.keys, forger.sign = [OTHER], lambda claims: signed(claims, OTHER, kid="autre")
    forger.sign_identity = forger.sign
    assert come_back(client, forger)["Location"] == "/"
    assert is_in(client)
    assert forger.asked.count("/jwks") == 2
    forger.sign = forger.sign_identity = signed
    refused(Client(), forger)
    assert GOOD not in forger.keys


def test_the_addresses_of_another_issuer_are_refused(client: Client, forger: Forger, known: User) -> None:
    forger.issued_by = "https://autre.example"
    answer = client.get(START)
    assert answer.status_code == 503
    assert "Connectez-vous avec votre mot de passe" in answer.content.decode()


@pytest.mark.parametrize("status", [500, 503])
def test_down_while_coming_back(client: Client, forger: Forger, known: User, status: int) -> None:
    forger.status = status
    answer = come_back(client, forger)
    assert answer.status_code == 503
    assert "ProConnect ne répond pas" in answer.content.decode()
    assert not is_in(client)


def test_down_or_slow_the_password_is_offered(client: Client, forger: Forger, settings: Any) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        settings.PROCONNECT_ISSUER, settings.PROCONNECT_TIMEOUT = f"http://127.0.0.1:{port}", 0.05
        for listens in (False, True):
            if listens:
                silent.listen()
            answer = client.get(f"{START}?next=/sites/")
            assert answer.status_code == 503
            assert "ProConnect ne répond pas" in answer.content.decode()
            assert 'href="/connexion/?next=%2Fsites%2F"' in answer.content.decode()
    assert client.get("/connexion/").status_code == 200


def test_down_while_signing_out(client: Client, forger: Forger, known: User, settings: Any) -> None:
    come_back(client, forger)
    cache.clear()
    forger.issued_by = "https://autre.example"
    answer = client.post("/deconnexion/")
    assert answer["Location"] == "/connexion/proconnect/encore-ouvert/"
    assert "fermez toutes les fenêtres" in client.get(answer["Location"]).content.decode()
    assert not is_in(client)
