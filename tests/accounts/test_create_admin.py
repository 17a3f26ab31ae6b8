"""`manage.py create_admin`: the first account of an instance."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from jalons.accounts.enums import Right
from jalons.accounts.models import Membership, Organisation, User
from jalons.accounts.permissions import EVERYWHERE, territory_of
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
VARIABLE = "JALONS_ADMIN_PASSWORD"


def create(email: str = "Eden@Exemple.test", name: str = "Eden Comptes", **more: str) -> None:
    call_command("create_admin", email=email, name=name, **more)


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)


def test_makes_an_account_that_signs_in(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    create()
    user = User.objects.get(email="eden@exemple.test")
    assert territory_of(user, Right.MANAGE_ACCOUNTS) == EVERYWHERE
    held = Membership.objects.get(user=user)
    assert (held.organisation.name, held.version, held.history.count()) == ("Administration de Jalons", 1, 1)
    answer = client.post("/connexion/", {"username": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert "Compte créé pour eden@exemple.test" in capsys.readouterr().out


def test_a_second_one_joins_the_same_organisation() -> None:
    create()
    create("autre@exemple.test", "Autre")
    assert Organisation.objects.get().memberships.count() == 2


@pytest.mark.parametrize(
    ("email", "name", "password", "words"),
    [
        ("eden", "Eden", PASSWORD, "adresse"),
        ("pris@exemple.test", "Eden", PASSWORD, "Un compte existe déjà pour pris@exemple.test."),
        ("eden@exemple.test", "  ", PASSWORD, "Le nom affiché est vide."),
        ("eden@exemple.test", "Eden", "court", "12"),
        ("eden@exemple.test", "Eden", "123456789012345", "numérique"),
    ],
)
def test_refusals_are_said_in_french_and_leave_nothing(
    monkeypatch: pytest.MonkeyPatch, email: str, name: str, password: str, words: str
) -> None:
    make_user(email="pris@exemple.test")
    monkeypatch.setenv(VARIABLE, password)
    with pytest.raises(CommandError, match=rf"^Compte non créé\. .*{words}"):
        create(email, name)
    assert (User.objects.count(), Organisation.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("email", "name", "missing"), [("", "Eden", "--email"), ("e@exemple.test", "", "--name")]
)
def test_nobody_to_ask(monkeypatch: pytest.MonkeyPatch, email: str, name: str, missing: str) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(CommandError, match=missing):
        create(email, name)
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(CommandError, match=VARIABLE):
        create()


def test_asks_for_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    typed = iter(["eden@exemple.test", "Eden"])
    monkeypatch.setattr("builtins.input", lambda question: next(typed))
    monkeypatch.setattr("getpass.getpass", lambda question: PASSWORD)
    create("", "")
    assert User.objects.get().name == "Eden"


def test_two_different_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    typed = iter([PASSWORD, "une autre longue phrase"])
    monkeypatch.setattr("getpass.getpass", lambda question: next(typed))
    with pytest.raises(CommandError, match="diffèrent"):
        create()


def test_no_option_takes_a_password() -> None:
    with pytest.raises(TypeError):
        call_command("create_admin", email="e@exemple.test", name="E", password=PASSWORD)
