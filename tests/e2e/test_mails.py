"""« Mes courriels », in a browser: with topics, since no app may have declared one yet."""

import pytest
from playwright.sync_api import Page, expect

from jalons.accounts.models import User
from jalons.discussions import topics
from jalons.discussions.models import MailChoice
from jalons.discussions.topics import Topic
from tests.e2e.browser import axe, sign_in
from tests.factories import Cast

REMINDERS = Topic(
    "tests.reminders",
    "les rappels d’échéances",
    "Sept jours avant, le jour même et sept jours après, s’il vous manque quelque chose. Un seul courriel par jour.",
)
ANSWERS = Topic("tests.answers", "les réponses à mes commentaires", "Dès que quelqu’un écrit sous une fiche.")


@pytest.fixture
def two_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "_topics", {topic.code: topic for topic in (REMINDERS, ANSWERS)})


def choose(page: Page, user: User) -> None:
    """Refuses the reminders, at the keyboard."""
    sign_in(page, user)
    page.goto("/compte/courriels/")
    box = page.get_by_label("Recevoir les rappels d’échéances")
    expect(box).to_be_checked()
    axe(page)
    box.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status").first).to_contain_text("Votre choix est enregistré")
    expect(box).not_to_be_checked()
    axe(page)
    assert MailChoice.objects.muted_by(user) == {"tests.reminders"}


def test_choosing(page: Page, cast: Cast, two_topics: None) -> None:
    choose(page, cast.operator_a)


def test_choosing_on_a_phone(phone: Page, cast: Cast, two_topics: None) -> None:
    choose(phone, cast.operator_a)
