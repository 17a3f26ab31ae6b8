"""The first hour of a new instance, from an empty base: the charter, a département, its people, its first site.

Nothing is made behind the screens: each step follows the link that the page before it shows.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from jalons.accounts.models import User
from jalons.charter.models import CharterSignature
from jalons.sites.models import Site, Survey
from tests.factories import PASSWORD, make_territories
from tests.forms import form_to

pytestmark = pytest.mark.django_db
DEPARTEMENT = "/administration/mise-en-route/59/"
PASSWORDS = {"password1": PASSWORD, "password2": PASSWORD}


class Person:
    """Somebody in their browser: `page` is what they have before them."""

    def __init__(self, captured: Callable[..., Any]) -> None:
        self.client, self.captured = Client(), captured
        self.page: Any = None

    @property
    def words(self) -> str:
        return unescape(self.page.content.decode()).replace("\u00a0", " ")

    @property
    def path(self) -> str:
        return str(self.page.request["PATH_INFO"])

    def open(self, address: str) -> None:
        self.page = self.client.get(address, follow=True)
        assert self.page.status_code == 200, address

    def follow(self, name: str) -> None:
        link = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?{name}<', self.words)
        assert link, f"« {name} » n’est pas dans {self.path}"
        self.open(link[1])

    def send(self, **filled: Any) -> None:
        """The form of the page, with what is typed in it; the tasks have run when it answers."""
        form = form_to(self.page, self.path)
        with self.captured(execute=True):
            self.page = self.client.post(form.action or self.path, form.filled(filled), follow=True)
        assert self.page.status_code == 200, self.words


@pytest.fixture
def captured(django_capture_on_commit_callbacks: Any) -> Callable[..., Any]:
    return django_capture_on_commit_callbacks  # type: ignore[no-any-return]


@pytest.fixture
def admin(captured: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Person:
    """Whoever `create_admin` made, signed in; the base holds the territories and nothing else."""
    make_territories()
    monkeypatch.setenv("JALONS_ADMIN_PASSWORD", PASSWORD)
    call_command("create_admin", email="eden@exemple.test", name="Eden")
    person = Person(captured)
    person.open("/connexion/")
    person.send(username="eden@exemple.test", password=PASSWORD)
    assert person.path == "/administration/"
    return person


def activation_of(address: str) -> str:
    (body,) = [str(letter.body) for letter in mail.outbox if letter.to == [address]]
    link = re.search(r"(/activation/\S+)", body)
    assert link, body
    return link[1]


def test_from_an_empty_base_to_the_first_site(admin: Person, captured: Callable[..., Any]) -> None:
    publish_the_charter(admin)
    invite_both(admin)
    someone = Person(captured)
    someone.open(activation_of("camille@exemple.test"))
    someone.send(**PASSWORDS)
    assert someone.path == "/charte/accepter/"
    someone.send(accepted="on")
    assert someone.path == "/"
    assert CharterSignature.objects.filter(user__email="camille@exemple.test").exists()
    declare_the_first_site(someone)
    admin.open(DEPARTEMENT)
    assert "Le département a un correspondant." in admin.words
    assert "Alix Comptes est invité et n’a pas encore ouvert son compte." in admin.words


def publish_the_charter(admin: Person) -> None:
    admin.follow("Mettre en route un département")
    assert "Aucun département n’est encore commencé." in admin.words
    assert "La charte et les pages légales sont publiées" in admin.words
    admin.follow("Charte d’engagement")
    admin.send()
    assert admin.path == "/charte/accepter/"
    admin.send(accepted="on")


def invite_both(admin: Person) -> None:
    """No structure exists: the first invitation proposes to create it, the second finds it."""
    admin.open(DEPARTEMENT)
    admin.follow("Inviter un administrateur local")
    form = form_to(admin.page, admin.path)
    assert (form.values["not_listed"], form.values["organisation_kind"]) == (["on"], ["state_service"])
    admin.send(name="Alix Comptes", email="alix@exemple.test", organisation="DDETS du Nord")
    assert "L’invitation part par courriel" in admin.words
    admin.open(DEPARTEMENT)
    assert "Alix Comptes est invité" in admin.words
    admin.follow("Inviter le correspondant")
    assert "not_listed" not in form_to(admin.page, admin.path).values
    admin.send(name="Camille Nord", email="camille@exemple.test", organisation="ddets du nord")
    assert (
        User.objects.get(email="camille@exemple.test").memberships.get().organisation.name == "DDETS du Nord"
    )


def declare_the_first_site(someone: Person) -> None:
    assert "Aucun site n’est ouvert sur votre territoire." in someone.words
    someone.follow("Déclarez le premier")
    someone.send(commune="Lille", name="Rue du Moulin", people="12")
    site = Site.objects.get()
    assert someone.path == f"/sites/{site.public_id}/"
    assert "Rue du Moulin" in someone.words
    assert Survey.objects.get(site=site).people == 12
    someone.open("/")
    someone.follow("Voir ce qui a changé")
    assert "Rue du Moulin" in someone.words


def test_what_is_done_once_is_not_repeated(admin: Person) -> None:
    """A second administrator, and the four texts: the page then begins with the départements."""
    page = "/administration/mise-en-route/"
    admin.open(page)
    admin.follow("Inviter une personne")
    admin.send(name="Noor", email="noor@exemple.test", organisation="Administration de Jalons")
    assert User.objects.get(email="noor@exemple.test").memberships.get().role == "national_admin"
    for kind in ("legal", "privacy", "accessibility", "charter"):
        admin.open(page)
        admin.open(f"/administration/textes/{kind}/")
        admin.send()
    admin.send(accepted="on")
    admin.open(page)
    assert "Une fois pour tous les départements" not in admin.words
