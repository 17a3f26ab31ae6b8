"""With a real provider: who is recognised, who is asked for a password, who gets no account; and signing out."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from jalons.accounts.models import Membership, User
from jalons.accounts.opening import INTRODUCED
from jalons.proconnect.models import Identity
from jalons.proconnect.views import TRY
from jalons.second_factor.permissions import PROVED_ELSEWHERE
from tests.factories import PASSWORD, make_user
from tests.forms import posts
from tests.proconnect.conftest import AFTER, Provider
from tests.second_factor.making import STEP, code, make_application

pytestmark = pytest.mark.django_db
START, LINK = "/connexion/proconnect/", "/connexion/proconnect/relier/"


@pytest.fixture
def user() -> User:
    return make_user(name="Camille Essai", email="camille@exemple.test")


@pytest.fixture
def linked(user: User, provider: Provider) -> User:
    Identity.objects.create(user=user, issuer=provider.issuer, sub="sub-camille")
    return user


def is_in(client: Client) -> bool:
    return client.get("/mon-compte/").status_code == 200


def text(answer: Any) -> str:
    return answer.content.decode()


def come_back(client: Client, provider: Provider, query: str = "") -> Any:
    return client.get(provider.visit(client.get(START + query)["Location"]))


def test_the_button_is_there(client: Client, provider: Provider, settings: Any) -> None:
    assert 'href="/connexion/proconnect/?next=%2Fsites%2F"' in text(client.get("/connexion/?next=/sites/"))
    settings.PROCONNECT_ISSUER = ""
    assert "ProConnect" not in text(client.get("/connexion/"))
    assert client.get(START).status_code == 404


def test_it_asks_with_pkce_a_nonce_and_a_state(client: Client, provider: Provider) -> None:
    query = parse_qs(urlsplit(client.get(START)["Location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43
    held = client.session[TRY]
    assert (query["state"], query["nonce"]) == ([held["state"]], [held["nonce"]])
    assert held["verifier"] not in str(query)


def test_a_known_person_comes_in_where_they_wanted(client: Client, provider: Provider, linked: User) -> None:
    provider.person("sub-camille", email="une.autre@exemple.test")
    assert come_back(client, provider, "?next=/mon-compte/")["Location"] == "/mon-compte/"
    assert is_in(client)
    assert PROVED_ELSEWHERE not in client.session, "nothing said that two proofs were asked"


@pytest.mark.parametrize("name", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"])
def test_it_leads_nowhere_else(client: Client, provider: Provider, linked: User, name: str) -> None:
    provider.person("sub-camille")
    assert come_back(client, provider, f"?next={name}")["Location"] == "/"


def test_an_address_asks_once_for_the_password(client: Client, provider: Provider, user: User) -> None:
    provider.person("sub-neuf", email="CAMILLE@exemple.test", email_verified=True)
    assert come_back(client, provider, "?next=/mon-compte/")["Location"] == LINK
    assert not is_in(client)
    assert "camille@exemple.test" in text(client.get(LINK))
    assert "Ce n’est pas le mot de passe" in text(client.post(LINK, {"password": "pas le bon"}))
    assert not Identity.objects.exists()
    assert client.post(LINK, {"password": PASSWORD})["Location"] == "/mon-compte/"
    assert is_in(client)
    other = Client()
    assert come_back(other, provider)["Location"] == "/", "the next time, ProConnect is enough"
    assert is_in(other)


def test_the_link_waits_for_the_second_proof(client: Client, provider: Provider, user: User) -> None:
    """Or a known password and an issuer that says « mfa » would make one that opens without it for ever."""
    make_application(user)
    provider.person("sub-neuf", email="camille@exemple.test", amr=("pwd", "mfa"))
    come_back(client, provider)
    assert client.post(LINK, {"password": PASSWORD})["Location"] == STEP
    assert not Identity.objects.exists()
    assert not is_in(client)
    assert client.post(STEP, {"code": code()})["Location"] == "/"
    assert Identity.objects.get().user == user


def test_an_address_said_to_be_wrong_is_nobody(client: Client, provider: Provider, user: User) -> None:
    provider.person("sub-faux", email="camille@exemple.test", email_verified=False)
    assert come_back(client, provider)["Location"] != LINK
    assert client.get(LINK)["Location"] == "/connexion/"


def test_wrong_passwords_are_counted_there_too(
    client: Client, provider: Provider, user: User, settings: Any
) -> None:
    provider.person("sub-neuf", email="camille@exemple.test")
    come_back(client, provider)
    for number in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(LINK, {"password": f"essai {number}"})
    assert answer.status_code == 429
    assert client.post(LINK, {"password": PASSWORD}).status_code == 429
    assert not Identity.objects.exists()


def test_a_newcomer_gets_no_account_and_no_right(client: Client, provider: Provider) -> None:
    provider.person(
        "sub-inconnu", email="lou@exemple.test", given_name="Lou", usual_name="Neuve", siret="13002526500013"
    )
    answer = come_back(client, provider)
    assert answer["Location"] == "/demande-acces/"
    (form,) = posts(client.get("/demande-acces/"))
    told = [form.values[name][0] for name in ("name", "email", "organisation")]
    assert told == ["Lou Neuve", "lou@exemple.test", "13002526500013"]
    assert client.session[INTRODUCED] == {
        "name": "Lou Neuve",
        "email": "lou@exemple.test",
        "siret": "13002526500013",
    }
    assert not User.objects.exists()
    assert not Membership.objects.exists()
    assert not Identity.objects.exists()


def test_a_closed_account_stays_closed(client: Client, provider: Provider, linked: User) -> None:
    User.objects.filter(pk=linked.pk).update(is_active=False)
    provider.person("sub-camille", email="camille@exemple.test")
    answer = come_back(client, provider)
    assert answer.status_code == 403
    assert "est fermé" in text(answer)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("acr", "amr", "strong"),
    [
        ("eidas2", (), True),
        ("", ("pwd", "mfa"), True),
        ("https://proconnect.gouv.fr/assurance/consistency-checked-2fa", (), True),
        ("eidas1", ("pwd",), False),
        ("https://proconnect.gouv.fr/assurance/self-asserted", (), False),
        ("", (), False),
    ],
)
def test_two_proofs_there_count_only_when_they_say_so(
    client: Client, provider: Provider, linked: User, acr: str, amr: tuple[str, ...], strong: bool
) -> None:
    make_application(linked)
    provider.person("sub-camille", acr=acr, amr=amr)
    assert come_back(client, provider)["Location"] == ("/" if strong else STEP)
    assert is_in(client) is strong


def test_a_code_serves_once(client: Client, provider: Provider, linked: User) -> None:
    provider.person("sub-camille")
    back = provider.visit(client.get(START)["Location"])
    held = client.session[TRY]
    client.get(back)
    assert is_in(client)
    assert client.get(back)["Location"] == "/", "the try is over, and so is signing in"
    other = Client()
    assert "a servi" in text(other.get(back))
    other.get(START)
    session = other.session
    session[TRY] = held
    session.save()
    replayed = other.get(back)
    assert replayed.status_code == 400
    assert "n’a pas pu être vérifiée" in text(replayed)
    assert not is_in(other)


@pytest.mark.parametrize("wrong", ["state", "nonce", "verifier"])
def test_another_try_is_refused(client: Client, provider: Provider, linked: User, wrong: str) -> None:
    provider.person("sub-camille")
    back = provider.visit(client.get(START)["Location"])
    session = client.session
    session[TRY] |= {wrong: "d’un autre essai"}
    session.save()
    answer = client.get(back)
    assert answer.status_code == 400
    assert "Se connecter avec son mot de passe" in text(answer)
    assert not is_in(client)


def test_the_browser_of_somebody_else_is_refused(client: Client, provider: Provider, linked: User) -> None:
    provider.person("sub-camille")
    back = provider.visit(client.get(START)["Location"])
    victim = Client()
    assert victim.get(back).status_code == 400
    assert not is_in(victim)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("error=access_denied", "Vous avez quitté ProConnect"),
        ("error=server_error", "n’a pas pu être vérifiée"),
        ("code=x&iss=https://autre.example", "n’a pas pu être vérifiée"),
        ("", "n’a pas pu être vérifiée"),
        ("code=%00", "n’a pas pu être vérifiée"),
    ],
)
def test_what_else_comes_back_is_said(client: Client, provider: Provider, query: str, words: str) -> None:
    client.get(f"{START}?next=/sites/")
    answer = client.get(f"/connexion/proconnect/retour/?state={client.session[TRY]['state']}&{query}")
    assert words in text(answer)
    assert 'href="/connexion/?next=%2Fsites%2F"' in text(answer)


def test_signing_out_closes_both(client: Client, provider: Provider, linked: User) -> None:
    provider.person("sub-camille")
    come_back(client, provider)
    answer = client.post("/deconnexion/")
    address = urlsplit(answer["Location"])
    assert f"{address.scheme}://{address.netloc}" == provider.issuer
    query = parse_qs(address.query)
    assert query["post_logout_redirect_uri"] == [AFTER]
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", query["id_token_hint"][0])
    assert not is_in(client)


def test_a_session_of_the_password_is_signed_out_here_only(
    client: Client, provider: Provider, linked: User
) -> None:
    client.post("/connexion/", {"username": linked.email, "password": PASSWORD})
    assert client.post("/deconnexion/")["Location"] == "/connexion/"
