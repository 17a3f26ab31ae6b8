"""Signing in with two proofs: nothing opens before the second, and nothing is lost on the way."""

import datetime as dt
import re
import threading

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from jalons.accounts.models import User
from jalons.second_factor import codes, services
from jalons.second_factor.models import CodeApplication
from jalons.second_factor.passkeys import PROVING
from jalons.second_factor.views.step import WAITING
from tests.accounts.test_sign_in_link import received
from tests.factories import make_user
from tests.forms import posts
from tests.house.tree import python_files
from tests.second_factor.making import STEP, code, forgive, is_in, make_application, password_given, text

pytestmark = pytest.mark.django_db
KEPT = '{"path": "/mon-compte/mot-de-passe/", "fields": [["note", "mot à mot"]], "files": []}'


@pytest.fixture
def user() -> User:
    return make_user(name="Camille Essai", email="camille@exemple.test")


@pytest.fixture
def phone(user: User) -> CodeApplication:
    return make_application(user)


def test_no_other_door_opens_a_session() -> None:
    """Or one would not ask for the second proof."""
    opens = re.compile(r"from django\.contrib\.auth import [^\n]*\blogin\b|auth\.login\(")
    assert [path for path, text in python_files("jalons").items() if opens.search(text)] == [
        "jalons/accounts/opening.py"
    ]


def test_without_a_factor_the_password_is_enough(client: Client, user: User) -> None:
    assert password_given(client, user)["Location"] == "/"
    assert is_in(client)


def test_the_password_alone_opens_nothing(client: Client, user: User, phone: CodeApplication) -> None:
    answer = password_given(client, user, next="/mon-compte/?a=1")
    assert answer["Location"] == f"{STEP}?next=%2Fmon-compte%2F%3Fa%3D1"
    assert not is_in(client)
    page = client.get(answer["Location"])
    assert "Prouvez que c’est bien vous" in text(page)
    (form,) = posts(page)
    done = client.post(form.action, form.filled({"code": code()}))
    assert done["Location"] == "/mon-compte/?a=1"
    assert is_in(client)
    assert client.get("/mon-compte/double-authentification/application/").status_code == 200, "proved twice"


def test_the_link_received_by_mail_asks_for_it_too(
    client: Client, user: User, phone: CodeApplication
) -> None:
    link = received(client)
    assert client.post(link)["Location"] == STEP
    assert not is_in(client)
    assert client.post(STEP, {"code": code()})["Location"] == "/"
    assert is_in(client)


def test_what_was_typed_before_the_session_ended_survives(
    client: Client, user: User, phone: CodeApplication
) -> None:
    page = password_given(client, user, kept=KEPT)
    for wrong in ("", "000000"):
        (form,) = posts(page)
        page = client.post(form.action, form.filled({"code": wrong}))
    forgive(phone)
    (form,) = posts(page)
    done = client.post(form.action, form.filled({"code": code()}))
    assert 'name="note" value="mot à mot"' in text(done)
    assert is_in(client)


@pytest.mark.parametrize("offset", [-1, 1])
def test_a_clock_one_step_off_is_accepted(
    client: Client, user: User, phone: CodeApplication, offset: int
) -> None:
    password_given(client, user)
    assert client.post(STEP, {"code": code(offset)}).status_code == 302
    assert is_in(client)


def test_a_clock_one_hour_off_is_said(client: Client, user: User, phone: CodeApplication) -> None:
    password_given(client, user)
    page = client.post(STEP, {"code": code(codes.HOUR)})
    assert "L’horloge de votre téléphone a une heure d’écart" in text(page)
    assert not is_in(client)


def test_a_code_serves_once(client: Client, user: User, phone: CodeApplication) -> None:
    password_given(client, user)
    same = code()
    assert client.post(STEP, {"code": same}).status_code == 302
    other = Client()
    password_given(other, user)
    assert "Ce code a déjà servi" in text(other.post(STEP, {"code": same}))
    assert not is_in(other)


def test_refused_tries_make_wait_whoever_answers(client: Client, user: User, phone: CodeApplication) -> None:
    """The pause is in the base: it holds in every process."""
    password_given(client, user)
    client.post(STEP, {"code": "000000"})
    other = Client()
    password_given(other, user)
    assert "Trop d’essais refusés. Attendez" in text(other.post(STEP, {"code": code()}))
    assert not is_in(other)
    forgive(phone)
    assert other.post(STEP, {"code": code()}).status_code == 302


def test_the_pause_stops_growing(phone: CodeApplication) -> None:
    for _ in range(40):
        phone.throttle_increment()
    _, why = phone.verify_is_allowed()
    assert why is not None
    assert why["locked_until"] == phone.throttling_failure_timestamp + dt.timedelta(seconds=512)


def test_a_recovery_code_opens_once_however_it_is_typed(
    client: Client, user: User, phone: CodeApplication
) -> None:
    first, second, *_ = services.new_recovery_codes(user=user)
    password_given(client, user)
    assert client.post(STEP, {"code": "", "recovery": f" {first.upper()} "}).status_code == 302
    assert is_in(client)
    other = Client()
    password_given(other, user)
    assert "il a déjà servi" in text(other.post(STEP, {"code": "", "recovery": first}))
    assert not is_in(other)
    forgive(*user.staticdevice_set.all())
    assert other.post(STEP, {"code": "", "recovery": second}).status_code == 302


@pytest.mark.parametrize("change", ["late", "password", "closed", "nobody"])
def test_the_first_proof_does_not_wait_for_ever(
    client: Client, user: User, phone: CodeApplication, change: str
) -> None:
    password_given(client, user)
    session = client.session
    if change == "late":
        session[WAITING] |= {"at": session[WAITING]["at"] - 601}
        session.save()
    elif change == "nobody":
        del session[WAITING]
        session.save()
    elif change == "password":
        user.set_password("encore une longue phrase")
        user.save()
    else:
        User.objects.filter(pk=user.pk).update(is_active=False)
    answer = client.post(STEP, {"code": code(), "kept": KEPT})
    assert answer.status_code == 401, "back to the sign-in page"
    assert not is_in(client)
    assert client.get(STEP)["Location"] == "/connexion/"


def test_the_factor_of_somebody_else_opens_nothing(
    client: Client, user: User, phone: CodeApplication
) -> None:
    other = make_user(email="autre@exemple.test")
    theirs = make_application(other, key="99" * 20)
    codes_of_other = services.new_recovery_codes(user=other)
    password_given(client, user)
    for typed in ({"code": code(key=theirs.key)}, {"code": "", "recovery": codes_of_other[0]}):
        assert client.post(STEP, typed).status_code == 200
        assert not is_in(client)


@pytest.mark.parametrize("answer", ["{}", "[]", "1", "é", '{"id": "x"}', "\x00", "[" * 5000, "a" * 30_000])
def test_what_no_passkey_would_answer_is_refused_in_french(
    client: Client, user: User, phone: CodeApplication, answer: str
) -> None:
    password_given(client, user)
    client.get(STEP)
    session = client.session
    session[PROVING] = {
        "challenge": "x",
        "require_user_verification": False,
    }  # as if a passkey had been asked for
    session.save()
    page = client.post(STEP, {"code": "", "answer": answer})
    assert page.status_code == 200
    assert "Il y a" in text(page)
    assert not is_in(client)


def test_nobody_is_told_of_a_factor_before_the_password(
    client: Client, user: User, phone: CodeApplication
) -> None:
    answer = client.post("/connexion/", {"username": user.email, "password": "pas le bon"})
    assert "n’est pas le bon" in text(answer)
    assert WAITING not in client.session
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_send_the_same_code_one_comes_in() -> None:
    user = make_user(email="camille@exemple.test")
    make_application(user)
    same, ready, opened = code(), threading.Barrier(8), []
    clients = [Client() for _ in range(8)]
    for client in clients:
        password_given(client, user)

    def run(client: Client) -> None:
        ready.wait()
        try:
            opened.append(client.post(STEP, {"code": same}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened) == [200] * 7 + [302]
