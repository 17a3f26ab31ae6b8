"""« Mes courriels »: each person chooses what Jalons writes to them about."""

import re
from typing import Any

import pytest
from django.test import Client

from jalons.accounts.models import User
from jalons.discussions import topics
from jalons.discussions.models import MailChoice
from tests import factories
from tests.factories import BACKEND
from tests.forms import form_to
from tests.front import tight

pytestmark = pytest.mark.django_db

PATH = "/compte/courriels/"


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def ticked(client: Client) -> set[str]:
    return set(form_to(client.get(PATH), PATH).values) - {"csrfmiddlewaretoken", "shown"}


def choose(client: Client, *received: str) -> Any:
    """What a browser sends once only these are ticked."""
    hidden = {"shown": form_to(client.get(PATH), PATH).values["shown"]}
    return client.post(PATH, {**hidden, **dict.fromkeys(received, "on")}, follow=True)


@pytest.mark.usefixtures("two_topics")
def test_unticking_refuses_and_ticking_takes_back() -> None:
    user = factories.make_user()
    client = as_user(user)
    assert ticked(client) == {"tests.news", "tests.evening"}
    answer = choose(client, "tests.evening")
    assert "Votre choix est enregistré." in answer.content.decode()
    assert MailChoice.objects.muted_by(user) == {"tests.news"}
    assert ticked(client) == {"tests.evening"}
    choose(client, "tests.evening", "tests.news")
    assert MailChoice.objects.muted_by(user) == set()


@pytest.mark.usefixtures("two_topics")
def test_one_person_does_not_choose_for_another() -> None:
    ada, leo = factories.make_user(), factories.make_user()
    choose(as_user(ada))
    assert MailChoice.objects.muted_by(leo) == set()
    assert ticked(as_user(leo)) == {"tests.news", "tests.evening"}


@pytest.mark.usefixtures("two_topics")
def test_sent_twice_is_as_once() -> None:
    user = factories.make_user()
    client = as_user(user)
    for _ in range(2):
        choose(client, "tests.news")
    row = MailChoice.objects.get()
    assert (row.user, row.topic, row.muted) == (user, "tests.evening", True)


@pytest.mark.usefixtures("two_topics")
def test_the_link_of_an_email_asks_to_sign_in_then_changes_nothing() -> None:
    user = factories.make_user()
    answer = Client().get(PATH)
    assert answer["Location"] == f"/connexion/?next={PATH}"
    page = as_user(user).get(PATH, {"tests.news": "", "shown": "tests.news"})
    assert page.status_code == 200
    assert not MailChoice.objects.exists()


@pytest.mark.usefixtures("two_topics")
def test_a_topic_declared_after_the_page_was_opened_is_not_refused() -> None:
    """Nor is anything by a forged form that names unknown topics."""
    user = factories.make_user()
    client = as_user(user)
    client.post(PATH, {"shown": ["tests.evening", "inconnu", "\x00"]})
    assert MailChoice.objects.muted_by(user) == {"tests.evening"}
    client.post(PATH, {"shown": ["tests.news"], "tests.news": "on"})
    assert MailChoice.objects.muted_by(user) == {"tests.evening"}, "ce qui n’était pas montré n’a pas bougé"


@pytest.mark.usefixtures("two_topics")
def test_the_page_says_what_and_when() -> None:
    user = factories.make_user(email="zoe@exemple.test")
    page = re.sub(r"\s+", " ", as_user(user).get(PATH).content.decode())
    assert "Recevoir les nouvelles du matin" in page
    assert "Chaque jour, à l’aube." in page
    assert "zoe@exemple.test" in page
    assert f'<a href="{PATH}" aria-current="page">Mes courriels</a>' in page


def test_nothing_to_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "_topics", {})
    client = as_user(factories.make_user())
    page = client.get(PATH).content.decode()
    assert "Il n’y a rien à choisir" in page
    assert ">Enregistrer<" not in tight(page)
    assert client.post(PATH, {}).status_code == 302
