"""Inviting colleagues, and living with accounts."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import Membership, User
from jalons.accounts.permissions import actor_for, can, territory_of
from jalons.joining.people_lists import read_people
from jalons.joining.permissions import may_give, may_touch, scopes_within, visible_accounts
from jalons.joining.services import close_account, end_membership
from jalons.joining.services.accounts import keep_one_admin
from tests.factories import (
    LILLE,
    MARSEILLE,
    PASSWORD,
    ROUBAIX,
    Cast,
    actor,
    commune,
    make_membership,
    make_organisation,
    make_user,
    organisation_of,
    scope,
)
from tests.forms import form_to
from tests.joining.conftest import mails_to, signed_in

Posts = Callable[..., Any]
LIST = "/administration/comptes/inviter/liste/"


# --- a pasted list, without database -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "email", "role"),
    [
        ("Lou Essai;lou@exemple.test;Opérateur", "Lou Essai", "lou@exemple.test", "operator"),
        ("Lou Essai\tLOU@Exemple.test\tintervenant", "Lou Essai", "lou@exemple.test", "contributor"),
        ("Lou;Essai;lou@exemple.test", "Lou Essai", "lou@exemple.test", ""),
        ("lou@exemple.test;Lou Essai;observateur", "Lou Essai", "lou@exemple.test", "observer"),
        ("Lou Essai <lou@exemple.test>", "Lou Essai", "lou@exemple.test", ""),
        ('"ESSAI Lou" <lou@exemple.test>;', "ESSAI Lou", "lou@exemple.test", ""),
        ("Lou Essai, lou@exemple.test, correspondant", "Lou Essai", "lou@exemple.test", "correspondent"),
        ("  Lou\u00a0Essai ; lou@exemple.test\u200b ", "Lou Essai", "lou@exemple.test", ""),
    ],
)
def test_one_person_a_line_however_it_is_pasted(text: str, name: str, email: str, role: str) -> None:
    (line,) = read_people(text)
    assert (line.name, line.email, line.role, line.trouble) == (name, email, role, "")


def test_a_mail_program_puts_everybody_on_one_line() -> None:
    lines = read_people("Lou Essai <lou@exemple.test>; Noor Autre <noor@exemple.test>")
    assert [(line.name, line.email) for line in lines] == [
        ("Lou Essai", "lou@exemple.test"),
        ("Noor Autre", "noor@exemple.test"),
    ]


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("Lou Essai", "Il manque l’adresse"),
        ("lou@exemple.test", "Il manque le nom"),
        ("Lou;lou@exemple", "n’est pas complète"),
        ("Lou;lou@exemple.test;chef", "n’est pas un rôle"),
    ],
)
def test_what_is_wrong_is_said(text: str, trouble: str) -> None:
    assert trouble in read_people(text)[0].trouble


def test_a_header_is_left_aside_and_a_repeat_is_said() -> None:
    lines = read_people("Nom;Courriel;Rôle\nLou;lou@exemple.test\n\nLou;LOU@exemple.test")
    assert [bool(line.trouble) for line in lines] == [False, True]


# --- inviting ------------------------------------------------------------------------------------------------------

TOLD = {"organisation": "Les amis de Lille", "role": "operator", "territory_1": "Lille (59350)"}


@pytest.mark.django_db
def test_a_list_is_judged_line_by_line_before_anything_is_sent(cast: Cast, posts: Posts) -> None:
    closed = make_user(email="ferme@exemple.test")
    close_account(user=closed, by=None)
    people = "\n".join(
        [
            "Lou Essai;lou@exemple.test",
            "Sacha Amis;sacha.amis@exemple.test",
            "Ange;ange.personne@exemple.test;observateur",
            "Fermé;ferme@exemple.test",
            "Alix;alix@exemple.test;administration nationale",
            "Gend;a@gendarmerie.interieur.gouv.fr",
            "Perdu",
        ]
    )
    page = posts(cast.local_admin, LIST, {**TOLD, "people": people, "etape": "verifier"})
    words = page.content.decode()
    for said in (
        "Sera invité.",
        "Cette personne a déjà ce rôle",
        "A déjà un compte (Ange Personne)",
        "Le compte de cette adresse est fermé",
        "Vous ne pouvez pas donner ce rôle",
        "seule l’administration nationale",
        "Il manque l’adresse électronique",
    ):
        assert said in words
    assert mail.outbox == []
    form = form_to(page, LIST)
    assert form.values["people"] == [people], "ce qui était collé est perdu"
    assert posts(cast.local_admin, LIST, form.filled({"etape": "envoyer"})).status_code == 302
    assert [letter.to[0] for letter in mail.outbox] == ["lou@exemple.test", "ange.personne@exemple.test"]
    assert User.objects.get(email="lou@exemple.test").memberships.get().role == Role.OPERATOR


@pytest.mark.django_db
def test_a_list_changed_after_its_verdict_is_judged_again(cast: Cast, posts: Posts) -> None:
    page = posts(cast.local_admin, LIST, {**TOLD, "people": "Lou;lou@exemple.test"})
    changed = form_to(page, LIST).filled({"people": "Zoé;zoe@exemple.test", "etape": "envoyer"})
    assert "Sera invité" in posts(cast.local_admin, LIST, changed).content.decode()
    assert not User.objects.filter(email__in=["lou@exemple.test", "zoe@exemple.test"]).exists()


@pytest.mark.django_db
def test_inviting_one_person(cast: Cast, posts: Posts) -> None:
    told = {**TOLD, "name": "Lou Essai", "email": " LOU@exemple.test\u200b "}
    assert posts(cast.local_admin, "/administration/comptes/inviter/", told).status_code == 302
    assert mails_to("lou@exemple.test")
    again = posts(cast.local_admin, "/administration/comptes/inviter/", told)
    assert "a déjà ce rôle" in again.content.decode()
    police = {**told, "email": "a@interieur.gouv.fr"}
    assert (
        "Adresse de police"
        in posts(cast.local_admin, "/administration/comptes/inviter/", police).content.decode()
    )


# --- what a local administrator may touch --------------------------------------------------------------------------


def test_an_unknown_structure_opens_the_box_that_the_error_names(cast: Cast, posts: Posts) -> None:
    """On the form of whoever invites and on the public one: what to tick is in sight, under its own name."""
    one = {"name": "Lou", "email": "lou@exemple.test", "organisation": "Zzyx Introuvable"}
    for user, address, box in (
        (cast.local_admin, "/administration/comptes/inviter/", "Elle n’y est pas"),
        (None, "/demande-acces/", "Ma structure n’est pas dans Jalons"),
    ):
        page = posts(user, address, one).content.decode()
        assert re.search(rf"cochez «\s{box}", page), address
        details = re.search(r"<details( open)?><summary>Elle n’est pas", page)
        assert details, address
        assert details[1], address


@pytest.mark.django_db
def test_the_scopes_that_stand_inside(cast: Cast) -> None:
    """A région only with all its départements, an EPCI only with all its communes."""
    both = make_user(Role.LOCAL_ADMIN, "59", "62")
    cases = [
        (cast.local_admin, "59", True),
        (cast.local_admin, LILLE, True),
        (cast.local_admin, "200093201", True),
        (cast.local_admin, "62", False),
        (cast.local_admin, "R32", False),
        (both, "R32", True),
        (cast.local_admin, "FR", False),
        (cast.admin, "FR", True),
    ]
    for admin, code, inside in cases:
        assert may_give(admin, Role.OPERATOR, [scope(code)]) is inside, (admin, code)
    assert not may_give(cast.local_admin, Role.OPERATOR, [scope("59"), scope(MARSEILLE)])
    assert not may_give(cast.local_admin, Role.NATIONAL_ADMIN, [scope("59")])
    assert not may_give(cast.operator_a, Role.OPERATOR, [scope(LILLE)])
    assert scopes_within(scope_territory(cast.admin)).count() > 0


def scope_territory(user: User) -> Any:
    return territory_of(user, Right.MANAGE_ACCOUNTS)


@pytest.mark.django_db
def test_a_national_administrator_is_out_of_reach(cast: Cast, posts: Posts) -> None:
    """Even one who also works in the territory: seen, not touched."""
    make_membership(cast.admin, Role.OBSERVER, LILLE)
    national = cast.admin.memberships.get(role=Role.NATIONAL_ADMIN)
    assert cast.admin in visible_accounts(cast.local_admin)
    assert not may_touch(cast.local_admin, national)
    page = f"/administration/comptes/{cast.admin.pk}"
    assert posts(cast.local_admin, f"{page}/fermer/").status_code == 403
    assert posts(cast.local_admin, f"{page}/rattachement/{national.pk}/terminer/").status_code == 403
    assert posts(cast.local_admin, f"/administration/comptes/{cast.operator13.pk}/fermer/").status_code == 404
    assert User.objects.get(pk=cast.admin.pk).is_active


@pytest.mark.django_db
def test_one_national_administrator_is_kept(cast: Cast, posts: Posts) -> None:
    held = cast.admin.memberships.get()
    with pytest.raises(ValidationError, match="dernier administrateur national"):
        end_membership(membership=held, by=actor(cast.admin))
    page = posts(cast.admin, f"/administration/comptes/{cast.admin.pk}/fermer/", {"reason": ""})
    assert "dernier administrateur national" in page.content.decode()
    make_user(Role.NATIONAL_ADMIN, "FR")
    keep_one_admin(besides=Membership.objects.filter(pk=held.pk))


# --- rights end ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_leaving_takes_rights_away_at_once_in_open_sessions(cast: Cast, posts: Posts) -> None:
    session = signed_in(cast.operator_a)
    assert session.get("/sites/").status_code == 200
    held = cast.operator_a.memberships.get()
    address = f"/administration/comptes/{cast.operator_a.pk}/rattachement/{held.pk}/terminer/"
    form = form_to(signed_in(cast.local_admin).get(address), address)
    assert posts(cast.local_admin, address, form.filled({"reason": "parti"})).status_code == 302
    assert session.get("/sites/").status_code == 403
    later = posts(cast.admin, address, form.filled({"reason": "parti"}))
    assert later.status_code == 409
    assert "Noor Comptes (DDETS du Nord) y a mis fin" in later.content.decode()
    held.refresh_from_db()
    assert held.history.first().history_change_reason == "parti"


@pytest.mark.django_db
def test_a_membership_begun_today_ends_today(cast: Cast) -> None:
    today = timezone.localdate()
    user = make_user()
    held = make_membership(user, Role.OPERATOR, LILLE, starts_on=today)
    assert can(User.objects.get(pk=user.pk), Right.UPDATE_SITE, commune(LILLE))
    end_membership(membership=held, by=actor(cast.local_admin))
    assert not can(User.objects.get(pk=user.pk), Right.UPDATE_SITE, commune(LILLE))
    assert user.memberships.active(today - dt.timedelta(days=1)).count() == 0
    assert held.ends_on == today


@pytest.mark.django_db
def test_what_ended_by_hand_was_in_force_the_day_before(cast: Cast) -> None:
    held = cast.operator_a.memberships.get()
    end_membership(membership=held, by=None)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    assert list(cast.operator_a.memberships.active(yesterday)) == [held]
    assert list(cast.operator_a.memberships.active()) == []


@pytest.mark.django_db
def test_a_personal_right_has_a_reason_and_an_end(cast: Cast, posts: Posts) -> None:
    held = cast.operator_a.memberships.get()
    base = f"/administration/comptes/{cast.operator_a.pk}/rattachement/{held.pk}/droit"
    told = {"right": Right.READ_JUSTICE.value, "allowed": "yes", "reason": "expertise"}
    assert (
        "avant le début"
        in posts(cast.local_admin, f"{base}/", {**told, "ends_on": "1/1/2020"}).content.decode()
    )
    assert posts(cast.local_admin, f"{base}/", told).status_code == 302
    assert "déjà donné" in posts(cast.local_admin, f"{base}/", told).content.decode()
    grant = held.grants.get()
    assert grant.history.get().history_change_reason == "expertise"
    assert can(User.objects.get(pk=cast.operator_a.pk), Right.READ_JUSTICE, commune(LILLE))
    posts(cast.local_admin, f"{base}/{grant.pk}/terminer/", {"expected_version": grant.version})
    assert not can(User.objects.get(pk=cast.operator_a.pk), Right.READ_JUSTICE, commune(LILLE))


@pytest.mark.django_db
def test_closing_ends_sessions_and_memberships_and_reopening_gives_no_right(cast: Cast, posts: Posts) -> None:
    session = signed_in(cast.operator_a)
    page = f"/administration/comptes/{cast.operator_a.pk}"
    assert posts(cast.local_admin, f"{page}/fermer/", {"reason": "parti"}).status_code == 302
    assert session.get("/mon-compte/").status_code == 302
    signing = Client().post("/connexion/", {"username": cast.operator_a.email, "password": PASSWORD})
    assert "n’est pas le bon" in signing.content.decode()
    assert posts(cast.local_admin, f"{page}/rouvrir/").status_code == 302
    user = User.objects.get(pk=cast.operator_a.pk)
    assert (user.is_active, user.active_memberships) == (True, [])
    words = signed_in(cast.local_admin).get(f"{page}/").content.decode()
    assert "a fermé le compte" in words
    assert "a rouvert le compte" in words


@pytest.mark.django_db
def test_changing_scopes_is_in_the_history(cast: Cast, posts: Posts) -> None:
    held = cast.operator_a.memberships.get()
    address = f"/administration/comptes/{cast.operator_a.pk}/rattachement/{held.pk}/"
    form = form_to(signed_in(cast.local_admin).get(address), address)
    told = form.filled({"territory_1": "Roubaix", "territory_2": "Lille", "reason": "mission"})
    assert posts(cast.local_admin, address, told).status_code == 302
    assert {one.code for one in held.scopes.all()} == {ROUBAIX, LILLE}
    second = posts(cast.admin, address, form.filled({"territory_1": "Lille"}))
    assert second.status_code == 409
    assert "Roubaix (59512)" in second.content.decode()
    page = signed_in(cast.local_admin).get(f"/administration/comptes/{cast.operator_a.pk}/").content.decode()
    assert "a changé les territoires" in page
    assert "→" in page


# --- the list ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_accounts_are_found_by_what_is_known_of_them(cast: Cast) -> None:
    make_user(name="Invité Exemple", email="invite@exemple.test", password=None)  # type: ignore[arg-type]
    client = signed_in(cast.admin)
    cases = {
        "q=sacha": {"Sacha Amis"},
        "role=local_admin": {"Noor Comptes"},
        "organisation=amis": {"Sacha Amis", "Charlie Amis"},
        "territory=Marseille": {"Maxime Solidarite"},
        "state=invited": {"Invité Exemple"},
        "state=closed": set(),
    }
    for query, names in cases.items():
        found = client.get(f"/administration/comptes/?{query}").context["rows"]
        assert {row.user.name for row in found} == names, query
    local = signed_in(cast.local_admin).get("/administration/comptes/").context["rows"]
    assert "Maxime Solidarite" not in {row.user.name for row in local}


@pytest.mark.django_db
def test_the_list_costs_the_same_for_one_and_for_many(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = signed_in(cast.admin)
    client.get("/administration/comptes/")
    with django_assert_max_num_queries(30) as few:
        client.get("/administration/comptes/?q=sacha")
    with django_assert_max_num_queries(len(few)):
        client.get("/administration/comptes/")


# --- several organisations -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_one_writes_for_the_organisation_one_chose(cast: Cast) -> None:
    second = make_organisation("Deuxième structure", LILLE)
    make_membership(cast.operator_a, Role.OPERATOR, LILLE, organisation=second)
    client = signed_in(cast.operator_a)
    page = client.get("/sites/").content.decode()
    assert "Écrire au nom de" in page
    answer = client.post("/mon-compte/au-nom-de/", {"organisation": second.pk})
    assert answer.status_code == 302
    assert "Deuxième structure · Opérateur" in client.get("/sites/").content.decode()
    user = User.objects.get(pk=cast.operator_a.pk)
    assert actor_for(user, Right.UPDATE_SITE, commune(LILLE)).organisation == organisation_of(cast.operator_a)
    user = User.objects.get(pk=cast.operator_a.pk)
    user.acting_for = second.pk
    assert actor_for(user, Right.UPDATE_SITE, commune(LILLE)).organisation == second
    # Where the chosen one has no right, the one that has it signs.
    assert actor_for(user, Right.UPDATE_SITE, commune(ROUBAIX)).organisation == organisation_of(
        cast.operator_a
    )


@pytest.mark.django_db
def test_one_only_chooses_among_ones_own(cast: Cast) -> None:
    client = signed_in(cast.operator_a)
    assert "Écrire au nom de" not in client.get("/sites/").content.decode()
    other = organisation_of(cast.mairie)
    assert client.post("/mon-compte/au-nom-de/", {"organisation": other.pk}).status_code == 302
    assert client.session.get("acting_for") is None
    assert client.post("/mon-compte/au-nom-de/", {"organisation": "x"}).status_code == 302


# --- the first administrator ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_first_administrator_of_an_empty_base_lands_where_the_work_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JALONS_ADMIN_PASSWORD", PASSWORD)
    call_command("create_admin", email="eden@exemple.test", name="Eden")
    assert "/administration/" in capsys.readouterr().out
    client = Client()
    answer = client.post("/connexion/", {"username": "eden@exemple.test", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/administration/"
    words = answer.content.decode()
    assert "Demandes d’accès" in words
    assert "Comptes" in words
    for address in (
        "/administration/demandes/",
        "/administration/comptes/",
        "/administration/comptes/inviter/",
    ):
        assert client.get(address).status_code == 200
