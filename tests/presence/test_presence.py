"""Sessions, sign-ins, idle accounts, and leaving."""

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessLog
from django.core import mail
from django.test import Client
from django.utils import timezone

from jalons.accounts.models import User
from jalons.discussions.models import Mail
from jalons.presence.leaving import look_after_accounts
from jalons.presence.sessions import device_words, open_sessions
from tests import factories
from tests.factories import PASSWORD, Cast

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
)
PHONE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)


def come_in(user: Any, agent: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    answer = client.post("/connexion/", {"username": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox sur Windows"),
        (EDGE, "Edge sur Mac"),
        (PHONE, "Chrome sur Android"),
        ("", "navigateur inconnu"),
        ("\x00<script>", "navigateur inconnu"),
    ],
)
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert device_words(agent) == words


def test_one_sees_where_one_is_signed_in_and_closes_elsewhere(cast: Cast) -> None:
    here, elsewhere = come_in(cast.operator_a), come_in(cast.operator_a, PHONE)
    come_in(cast.operator_b)
    page = here.get("/mon-compte/sessions/").content.decode()
    assert page.index("Firefox sur Windows") < page.index("Chrome sur Android")
    assert "par mot de passe" in page
    assert len(open_sessions(cast.operator_a, here=here.session.session_key)) == 2
    here.post("/mon-compte/sessions/fermer/")
    assert elsewhere.get("/mon-compte/").status_code == 302
    assert here.get("/mon-compte/").status_code == 200
    assert len(open_sessions(cast.operator_b, here=None)) == 1


def test_one_reads_ones_own_sign_ins_only(cast: Cast) -> None:
    come_in(cast.operator_b, PHONE)
    client = come_in(cast.operator_a)
    Client().post("/connexion/", {"username": cast.operator_a.email, "password": "faux"})
    page = client.get("/mon-compte/sessions/").content.decode()
    assert "Chrome sur Android" not in page
    assert "mot de passe refusé" in page


# --- idle ------------------------------------------------------------------------------------------------------


def away(user: Any, months: float) -> None:
    seen = timezone.now() - dt.timedelta(days=30.5 * months)
    User.objects.update(last_login=timezone.now())
    User.objects.filter(pk=user.pk).update(last_login=seen, joined_at=seen)


def later(user: Any, months: float) -> None:
    """Time goes by for this account."""
    gone = dt.timedelta(days=30.5 * months)
    for stored in User.objects.filter(pk=user.pk):
        moved = {
            name: getattr(stored, name) - gone
            for name in ("last_login", "joined_at", "idle_warned_at", "closed_at")
            if getattr(stored, name)
        }
        User.objects.filter(pk=user.pk).update(**moved)


def test_an_idle_account_is_warned_closed_then_erased(cast: Cast) -> None:
    user = cast.operator_a
    away(user, 4.9)
    look_after_accounts()
    assert not mail.outbox
    later(user, 0.2)
    for _ in range(2):
        look_after_accounts()
    assert [letter.subject for letter in mail.outbox] == [
        "Jalons\u00a0: Votre compte sera fermé dans un mois"
    ]
    later(user, 1)
    look_after_accounts()
    stored = User.objects.get(pk=user.pk)
    assert not stored.is_active
    assert stored.name == "Sacha Amis"
    assert not stored.memberships.active().exists()
    later(user, 6.1)
    look_after_accounts()
    stored.refresh_from_db()
    assert stored.name == "Compte supprimé"
    assert "exemple" not in stored.email
    assert not stored.has_usable_password()


def test_signing_in_forgets_the_warning(cast: Cast) -> None:
    user = cast.operator_a
    away(user, 5.5)
    look_after_accounts()
    come_in(user)
    stored = User.objects.get(pk=user.pk)
    assert stored.idle_warned_at is None
    later(user, 0.9)
    look_after_accounts()
    assert User.objects.get(pk=user.pk).is_active


def test_after_a_long_stop_of_the_server_a_month_is_left_to_come_back(cast: Cast) -> None:
    away(cast.operator_a, 9)
    look_after_accounts()
    look_after_accounts()
    assert User.objects.get(pk=cast.operator_a.pk).is_active


# --- leaving ---------------------------------------------------------------------------------------------------


def test_one_deletes_ones_account_and_the_organisation_stays_in_history(cast: Cast) -> None:
    site = factories.make_site(by=factories.actor(cast.correspondent59))
    client, elsewhere = come_in(cast.correspondent59), come_in(cast.correspondent59, PHONE)
    email = cast.correspondent59.email
    Mail.objects.create(
        key="x", user=cast.correspondent59, topic="reminder", subject="Bonjour", body="Camille"
    )
    answer = client.post("/mon-compte/supprimer/", {"password": PASSWORD, "sure": "on"})
    assert answer["Location"] == "/connexion/"
    assert elsewhere.get("/mon-compte/").status_code == 302
    stored = User.objects.get(pk=cast.correspondent59.pk)
    assert (stored.name, stored.is_active) == ("Compte supprimé", False)
    assert not AccessLog.objects.filter(username=email).exists()
    assert Mail.objects.get(key="x").body == ""
    site.refresh_from_db()
    assert str(site.changed_for) == "DDETS du Nord"
    come_back = Client().post("/connexion/", {"username": email, "password": PASSWORD})
    assert come_back.status_code == 200


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"password": "faux", "sure": "on"}, "Ce n’est pas votre mot de passe."),
        ({"password": PASSWORD}, "Cochez la case pour supprimer votre compte."),
    ],
)
def test_nothing_is_deleted_by_mistake(cast: Cast, data: dict[str, str], words: str) -> None:
    client = come_in(cast.operator_a)
    assert words in client.post("/mon-compte/supprimer/", data).content.decode()
    assert User.objects.get(pk=cast.operator_a.pk).is_active


def test_the_last_national_administrator_cannot_leave(cast: Cast) -> None:
    client = come_in(cast.admin)
    page = client.post("/mon-compte/supprimer/", {"password": PASSWORD, "sure": "on"}).content.decode()
    assert "C’est le dernier administrateur national" in page
    assert User.objects.get(pk=cast.admin.pk).is_active
