"""Answering requests, and opening the account that comes of it."""

import datetime as dt
import smtplib
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from jalons.accounts.enums import Role
from jalons.accounts.models import User
from jalons.joining.enums import RequestState
from jalons.joining.models import AccessRequest, Invitation
from jalons.joining.reminders import announce_ends, remind
from jalons.joining.services import close_account
from tests.factories import PASSWORD, Cast, make_access_request, make_membership, make_user
from tests.forms import form_to
from tests.joining.conftest import mails_to, path_in, signed_in

pytestmark = pytest.mark.django_db
Posts = Callable[..., Any]
CHOSEN = {"organisation": "Les amis de Lille", "role": "operator", "territory_1": "Lille (59350)"}
PASSWORDS = {"password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def asked(cast: Cast) -> AccessRequest:
    return make_access_request("lou@exemple.test", name="Lou Nouvelle")


def address(asked: AccessRequest, *steps: str) -> str:
    return "/".join(["/administration/demandes", asked.public_id, *steps, ""])


def shift(invitation: Invitation, **moved: float) -> None:
    """As if the clock had moved."""
    moment = invitation.created_at + dt.timedelta(**moved)
    Invitation.objects.filter(pk=invitation.pk).update(created_at=moment)


def approved(cast: Cast, posts: Posts, asked: AccessRequest) -> str:
    """The path of the link that the person receives."""
    assert posts(cast.local_admin, address(asked, "accepter"), CHOSEN).status_code == 302
    return path_in(mails_to("lou@exemple.test")[-1].body, "/activation/")


def test_ask_approve_activate(cast: Cast, posts: Posts, asked: AccessRequest) -> None:
    link = approved(cast, posts, asked)
    asked.refresh_from_db()
    assert (asked.state, asked.changed_by) == (RequestState.APPROVED, cast.local_admin)
    person = Client()
    assert "Lou Nouvelle" in person.get(link).content.decode()
    answer = person.post(link, PASSWORDS)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "Les amis de Lille" in person.get("/mon-compte/").content.decode()
    user = User.objects.get(email="lou@exemple.test")
    assert user.check_password(PASSWORD)
    held = user.memberships.get()
    assert (held.role, [scope.code for scope in held.scopes.all()]) == (Role.OPERATOR, ["59350"])


def test_programs_that_read_mails_open_nothing(cast: Cast, posts: Posts, asked: AccessRequest) -> None:
    link = approved(cast, posts, asked)
    for _ in range(3):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200
    assert not User.objects.get(email="lou@exemple.test").has_usable_password()
    assert Client().post(link, PASSWORDS).status_code == 302


def test_a_link_serves_once(cast: Cast, posts: Posts, asked: AccessRequest) -> None:
    link = approved(cast, posts, asked)
    Client().post(link, PASSWORDS)
    for page in (Client().get(link), Client().post(link, PASSWORDS | {"password1": "x" * 20})):
        assert "Il a déjà servi" in page.content.decode()
    assert User.objects.get(email="lou@exemple.test").check_password(PASSWORD)


def test_a_link_that_is_too_old_offers_another(cast: Cast, posts: Posts, asked: AccessRequest) -> None:
    link = approved(cast, posts, asked)
    first = Invitation.objects.get()
    shift(first, days=-7, minutes=1)
    assert "Ouvrir mon compte" in Client().get(link).content.decode()
    shift(first, days=-7, minutes=-1)
    page = Client().get(link).content.decode()
    assert "plus de sept jours" in page
    assert posts(None, link)["Location"] == "/activation/envoye/"
    second = path_in(mails_to("lou@exemple.test")[-1].body, "/activation/")
    assert second != link
    assert "Un autre lien est parti depuis" in Client().get(link).content.decode()
    assert Client().post(second, PASSWORDS).status_code == 302


def test_the_link_of_a_closed_account_says_so(cast: Cast, posts: Posts, asked: AccessRequest) -> None:
    link = approved(cast, posts, asked)
    close_account(user=User.objects.get(email="lou@exemple.test"), by=None)
    for page in (Client().get(link), Client().post(link, PASSWORDS)):
        assert "Ce compte est fermé" in page.content.decode()
    assert not User.objects.get(email="lou@exemple.test").has_usable_password()


def test_a_link_nobody_wrote_and_a_link_by_address(cast: Cast, posts: Posts, asked: AccessRequest) -> None:
    """Whoever has an account or not, the answer is the same."""
    approved(cast, posts, asked)
    shift(Invitation.objects.get(), minutes=-3)
    assert "n’a pas été copié en entier" in Client().get("/activation/x-y/").content.decode()
    mail.outbox.clear()
    answers = [
        posts(None, "/activation/nouveau/", {"email": email})
        for email in ("lou@exemple.test", "personne@ailleurs.test", cast.mairie.email)
    ]
    assert {(one.status_code, one["Location"]) for one in answers} == {(302, "/activation/envoye/")}
    assert [letter.to for letter in mail.outbox] == [["lou@exemple.test"]]


def test_passwords_are_judged_in_french(cast: Cast, posts: Posts, asked: AccessRequest) -> None:
    link = approved(cast, posts, asked)
    assert (
        "Les deux mots de passe diffèrent"
        in Client().post(link, PASSWORDS | {"password2": "x"}).content.decode()
    )
    short = Client().post(link, {"password1": "court", "password2": "court"}).content.decode()
    assert "12 caractères" in short
    assert not User.objects.get(email="lou@exemple.test").has_usable_password()


def test_it_is_sent_again_in_one_click(cast: Cast, posts: Posts, asked: AccessRequest) -> None:
    approved(cast, posts, asked)
    shift(Invitation.objects.get(), minutes=-3)
    user = User.objects.get(email="lou@exemple.test")
    page = signed_in(cast.local_admin).get(f"/administration/comptes/{user.pk}/").content.decode()
    assert "Renvoyer le lien" in page
    posts(cast.local_admin, f"/administration/comptes/{user.pk}/renvoyer/")
    assert len(mails_to("lou@exemple.test")) == 2
    assert (
        "a renvoyé le lien d’activation"
        in signed_in(cast.local_admin).get(f"/administration/comptes/{user.pk}/").content.decode()
    )


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(), "ne répond pas"),
        (smtplib.SMTPRecipientsRefused({"lou@exemple.test": (550, b"unknown")}), "refuse cette adresse"),
    ],
)
def test_a_mail_server_that_refuses_is_said_to_the_administrator(
    cast: Cast,
    posts: Posts,
    asked: AccessRequest,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    words: str,
) -> None:
    def refuse(self: Any, *args: Any) -> None:
        raise error

    name = "open" if isinstance(error, ConnectionRefusedError) else "send_messages"
    monkeypatch.setattr(f"django.core.mail.backends.locmem.EmailBackend.{name}", refuse)
    assert posts(cast.local_admin, address(asked, "accepter"), CHOSEN).status_code == 302
    user = User.objects.get(email="lou@exemple.test")
    page = signed_in(cast.local_admin).get(f"/administration/comptes/{user.pk}/").content.decode()
    assert words in page
    monkeypatch.undo()
    if name == "open":
        posts(cast.local_admin, f"/administration/comptes/{user.pk}/renvoyer/")
        assert len(mails_to("lou@exemple.test")) == 1


# --- the administrator ---------------------------------------------------------------------------------------------


def test_role_and_scope_are_proposed_and_near_names_are_shown(cast: Cast) -> None:
    asked = make_access_request(organisation_name="Les amis de Lile", organisation_kind="association")
    page = signed_in(cast.local_admin).get(address(asked, "accepter"))
    form = form_to(page, address(asked, "accepter"))
    assert form.values["role"] == ["operator"]
    assert form.values["territory_1"] == ["Lille (59350)"]
    assert "Est-ce l’une de celles-ci" in page.content.decode()
    assert form.values["meant"] == ["none"]


def test_a_new_organisation_is_made_once(cast: Cast, posts: Posts, asked: AccessRequest) -> None:
    form = form_to(signed_in(cast.local_admin).get(address(asked, "accepter")), address(asked, "accepter"))
    assert posts(cast.local_admin, address(asked, "accepter"), form.values).status_code == 302
    held = User.objects.get(email="lou@exemple.test").memberships.get().organisation
    assert (held.name, held.kind, held.category) == (asked.organisation_name, "association", "operator")
    assert held.changed_by == cast.local_admin


def test_a_local_administrator_gives_no_more_than_they_hold(
    cast: Cast, posts: Posts, asked: AccessRequest
) -> None:
    for changed in ({"territory_1": "Marseille"}, {"territory_2": "France entière"}, {"role": "national"}):
        page = posts(cast.local_admin, address(asked, "accepter"), {**CHOSEN, **changed})
        assert page.status_code == 200
        assert "j-error" in page.content.decode()
    page = posts(cast.local_admin, address(asked, "accepter"), {**CHOSEN, "role": "correspondent"})
    assert "sur un département ou une région entière" in page.content.decode()
    assert not User.objects.filter(email="lou@exemple.test").exists()


def test_the_second_of_two_administrators_sees_the_first_answer(
    cast: Cast, posts: Posts, asked: AccessRequest
) -> None:
    form = form_to(signed_in(cast.admin).get(address(asked, "refuser")), address(asked, "refuser"))
    approved(cast, posts, asked)
    page = posts(cast.admin, address(asked, "refuser"), form.filled({"reason": "Trop loin."}))
    assert page.status_code == 409
    words = page.content.decode()
    assert "Noor Comptes (DDETS du Nord) a accepté cette demande" in words
    assert "Trop loin." in words
    assert signed_in(cast.admin).get(address(asked, "refuser")).status_code == 302


def test_refusing_gives_the_reason(cast: Cast, posts: Posts, asked: AccessRequest) -> None:
    posts(cast.local_admin, address(asked, "refuser"), {"reason": "Demandez à la Ville."})
    assert "Demandez à la Ville." in mails_to("lou@exemple.test")[0].body
    assert not User.objects.filter(email="lou@exemple.test").exists()


def test_a_question_is_answered_and_kept(cast: Cast, posts: Posts, asked: AccessRequest) -> None:
    posts(cast.local_admin, address(asked, "question"), {"text": "Pour quel quartier ?"})
    link = path_in(mails_to("lou@exemple.test")[0].body, "/demande-acces/reponse/")
    assert "Pour quel quartier" in Client().get(link).content.decode()
    posts(None, link, {"text": "Wazemmes."})
    page = signed_in(cast.local_admin).get(address(asked)).content.decode()
    assert "Pour quel quartier" in page
    assert "Wazemmes." in page
    assert "Wazemmes." in mails_to(cast.local_admin.email)[0].body
    posts(cast.local_admin, address(asked, "refuser"), {"reason": "Non."})
    assert "a déjà sa réponse" in Client().get(link).content.decode()
    assert "a déjà sa réponse" in posts(None, link, {"text": "Encore."}).content.decode()
    assert "pas complet" in Client().get("/demande-acces/reponse/x-y/").content.decode()


# --- by the clock --------------------------------------------------------------------------------------------------


def test_reminders_at_two_and_seven_days_then_the_national_administration(
    cast: Cast, asked: AccessRequest
) -> None:
    told = []
    for days in (1, 2, 3, 7, 8, 9, 20):
        AccessRequest.objects.update(created_at=timezone.now() - dt.timedelta(days=days))
        mail.outbox.clear()
        remind()
        remind()
        told.append((days, [letter.to[0] for letter in mail.outbox]))
    local, national = [cast.local_admin.email], [cast.admin.email]
    assert told == [(1, []), (2, local), (3, []), (7, local), (8, []), (9, national), (20, [])]


def test_after_an_outage_one_reminder_is_enough(cast: Cast, asked: AccessRequest) -> None:
    AccessRequest.objects.update(created_at=timezone.now() - dt.timedelta(days=30))
    remind()
    assert [letter.to[0] for letter in mail.outbox] == [cast.admin.email]


def test_where_a_request_came_from_is_forgotten_after_a_day(cast: Cast) -> None:
    day_old, fresh = (make_access_request(origin="empreinte") for _ in range(2))
    then = timezone.now() - dt.timedelta(days=1, minutes=1)
    for rows in (AccessRequest.objects.filter(pk=day_old.pk), AccessRequest.history.filter(id=day_old.pk)):
        rows.update(created_at=then)
    remind()
    assert [one.origin for one in AccessRequest.objects.order_by("pk")] == ["", "empreinte"]
    assert day_old.history.get().origin == ""
    assert fresh.history.get().origin == "empreinte"


def test_the_end_of_a_membership_is_announced_once(cast: Cast) -> None:
    today = timezone.localdate()
    user = make_user(email="fin@exemple.test")
    make_membership(user, Role.OPERATOR, "59", ends_on=today + dt.timedelta(days=16))
    announce_ends()
    assert mail.outbox == []
    user.memberships.update(ends_on=today + dt.timedelta(days=15))
    announce_ends()
    announce_ends()
    assert [letter.to for letter in mail.outbox] == [["fin@exemple.test"]]
    assert "se termine bientôt" in mail.outbox[0].subject
