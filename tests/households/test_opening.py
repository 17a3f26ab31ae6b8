"""From nothing to an opened register, and every way in and out of it."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from jalons.accounts.models import User
from jalons.households import renewal, services, session
from jalons.households.enums import RegisterAct
from jalons.households.models import Register, RegisterKeyCopy, RegisterMember, RegisterReading
from tests.factories import BACKEND, Cast, organisation_of

pytestmark = pytest.mark.django_db
CODE, OTHER_CODE, THIRD_CODE = "péniche du matin 7", "brouette sous la pluie", "un pont près du canal"
PRINTED = re.compile(r"(?:[0-9A-Z]{5}-){5}[0-9A-Z]{5}")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def create(user: User, code: str = CODE) -> tuple[Client, str]:
    """A register made through its pages: who has it open, and the code that was printed."""
    client = client_of(user)
    page = client.post("/registre/creer/", {"code": code, "again": code, "understood": "on"})
    printed = PRINTED.search(page.content.decode())
    assert printed is not None, page.content.decode()
    return client, printed[0]


def opens(client: Client, code: str) -> bool:
    client.post("/registre/ouvrir/", {"code": code})
    return client.get("/registre/equipe/").status_code == 200 and is_open(client)


def is_open(client: Client) -> bool:
    return "Qui peut ouvrir le registre" in client.get("/registre/equipe/").content.decode()


def later(client: Client, seconds: int) -> None:
    """As if the register had been read that long ago."""
    store = client.session
    store[session.IN_SESSION] = {
        name: {**held, "at": held["at"] - seconds} for name, held in store[session.IN_SESSION].items()
    }
    store.save()


def acts() -> list[str]:
    return [*RegisterReading.objects.order_by("pk").values_list("act", flat=True)]


def test_create_lock_and_open_again(cast: Cast) -> None:
    client = client_of(cast.operator_a)
    assert "PLUS RIEN NE POURRA ÊTRE LU" in client.get("/registre/creer/").content.decode()
    for wrong in (
        {"code": "court", "again": "court"},
        {"code": CODE, "again": CODE + "x"},
        {"code": CODE, "again": CODE},
    ):
        assert client.post("/registre/creer/", wrong).status_code == 200
    assert not Register.objects.exists(), "trop court, deux codes, case non cochée"
    client, _ = create(cast.operator_a)
    assert is_open(client)
    assert client.get("/registre/creer/").status_code == 302
    client.post("/registre/fermer/")
    assert not is_open(client)
    assert not opens(client, OTHER_CODE)
    assert opens(client, CODE)
    assert acts() == [RegisterAct.CREATED, RegisterAct.REFUSED, RegisterAct.OPENED]
    client.logout()
    assert opens(client_of(cast.operator_a), CODE)


def test_it_locks_by_itself_and_nothing_typed_is_lost(cast: Cast) -> None:
    client, _ = create(cast.operator_a)
    later(client, session.IDLE_SECONDS - 5)
    assert is_open(client), "lire garde ouvert"
    later(client, session.IDLE_SECONDS + 5)
    typed = {"person": "La famille Stoica a une fille de six ans"}
    locked = client.post("/registre/equipe/inviter/", typed)
    page = locked.content.decode()
    assert locked.status_code == 403
    assert "Votre saisie est conservée" in page
    assert "Stoica" not in page
    draft = re.search(r'name="draft" value="([^"]+)"', page)
    assert draft is not None
    again = client.post("/registre/ouvrir/", {"code": "pas le bon code", "draft": draft[1]}).content.decode()
    assert draft[1] in again, "un mauvais code ne perd rien"
    thief = client_of(cast.operator_a)
    assert session.read_draft(request_of(thief), draft[1]) is None, "un autre navigateur ne l’ouvre pas"
    resumed = client.post("/registre/ouvrir/", {"code": CODE, "draft": draft[1]}).content.decode()
    assert 'action="/registre/equipe/inviter/"' in resumed
    assert 'value="La famille Stoica a une fille de six ans"' in resumed
    assert is_open(client)
    later(client, -session.SKEW_SECONDS - 5)
    assert not is_open(client), "une horloge reculée ne garde pas ouvert"


def request_of(client: Client) -> Any:
    return client.get("/").wsgi_request


def test_a_session_opens_nothing_without_the_cookie(cast: Cast) -> None:
    client, _ = create(cast.operator_a)
    cookie = client.cookies[session.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert not is_open(thief)
    thief.cookies[session.COOKIE] = session.text_of(b"\0" * 32)
    assert not is_open(thief)
    for wrong in ("é", "x", cookie.value[:-4], ""):
        thief.cookies[session.COOKIE] = wrong
        assert not is_open(thief)
    colleague = client_of(cast.colleague_a)
    store = colleague.session
    store[session.IN_SESSION] = client.session[session.IN_SESSION]
    store.save()
    colleague.cookies[session.COOKIE] = cookie.value
    assert not is_open(colleague), "ni membre, ni de cette session"
    later_session = Session.objects.get(pk=client.cookies["sessionid"].value)
    assert cookie.value not in later_session.session_data


def test_five_codes_then_a_pause(cast: Cast) -> None:
    client, _ = create(cast.operator_a)
    client.post("/registre/fermer/")
    for _ in range(5):
        assert not opens(client, OTHER_CODE)
    page = client.post("/registre/ouvrir/", {"code": CODE}).content.decode()
    assert "Trop de codes refusés" in page
    assert not is_open(client)
    assert RegisterReading.objects.filter(act=RegisterAct.REFUSED).count() == 5


def test_who_may_even_see_that_there_is_a_register(cast: Cast) -> None:
    create(cast.operator_a)
    pages = ("/registre/", "/registre/equipe/", "/registre/journal/", "/registre/creer/", "/registre/ouvrir/")
    expected = {
        cast.national: 404, cast.correspondent59: 404, cast.admin: 404, cast.local_admin: 404, cast.observer: None,
        cast.nobody: 404, cast.contributor: None, cast.operator_b: None,
    }  # fmt: skip
    for user, status in expected.items():
        client = client_of(user)
        for page in pages:
            answer = client.get(page, follow=True)
            wanted = {200, 403, 404} if status is None else {status}
            assert answer.status_code in wanted, (user, page)
            assert "Qui peut ouvrir" not in answer.content.decode()
    own = client_of(cast.operator_b).get("/registre/").content.decode()
    assert "n’a pas encore de registre" in own, "celui d’une autre structure n’existe pas"
    with_two_proofs_only(cast)


def with_two_proofs_only(cast: Cast) -> None:
    from django.test import override_settings  # noqa: PLC0415

    with override_settings(SECOND_FACTOR_REQUIRED=True):
        for page in ("/registre/", "/registre/equipe/"):
            answer = client_of(cast.operator_a).get(page)
            assert (answer.status_code, "/registre/" in answer["Location"]) == (302, False)


def test_invite_give_the_key_withdraw(cast: Cast) -> None:
    first, _ = create(cast.operator_a)
    colleague = client_of(cast.colleague_a)
    assert "Vous n’êtes pas membre" in colleague.get("/registre/").content.decode()
    first.post("/registre/equipe/inviter/", {"person": cast.operator_b.pk})
    assert RegisterMember.objects.count() == 1, "une autre structure ne s’invite pas"
    first.post("/registre/equipe/inviter/", {"person": cast.colleague_a.pk})
    assert "Vous êtes invité" in colleague.get("/registre/").content.decode()
    colleague.post("/registre/mon-code/", {"code": OTHER_CODE, "again": OTHER_CODE})
    waiting = colleague.get("/registre/").content.decode()
    member = RegisterMember.objects.get(user=cast.colleague_a)
    assert not opens(colleague, OTHER_CODE), "pas avant d’avoir reçu la clé"
    digits = re.search(r"\d{4} \d{4} \d{4}", waiting)
    assert digits is not None
    assert digits[0] in first.get("/registre/equipe/").content.decode(), "les deux lisent les mêmes chiffres"
    first.post(f"/registre/equipe/{member.public_id}/cle/", {"fingerprint": "0000 0000"})
    assert not opens(colleague, OTHER_CODE)
    first.post(f"/registre/equipe/{member.public_id}/cle/", {"fingerprint": digits[0]})
    assert opens(colleague, OTHER_CODE)
    for page in (
        "/registre/journal/",
        f"/registre/equipe/{member.public_id}/retirer/",
        "/registre/equipe/code-de-secours/",
    ):
        assert colleague.get(page).status_code == 403, "pas responsable"
    assert first.get("/registre/journal/").status_code == 200
    first.post(f"/registre/equipe/{RegisterMember.objects.get(user=cast.operator_a).public_id}/retirer/")
    assert opens(client_of(cast.operator_a), CODE), "la dernière personne responsable reste"
    first.post(f"/registre/equipe/{member.public_id}/retirer/")
    assert not is_open(colleague), "tout de suite"
    assert not opens(colleague, OTHER_CODE)
    assert is_open(first)
    assert Register.objects.get().key_version == 2
    assert {*RegisterKeyCopy.objects.values_list("version", flat=True)} == {2}
    assert opens(client_of(cast.operator_a), CODE)


def test_lost_codes(cast: Cast) -> None:
    first, printed = create(cast.operator_a)
    lost = client_of(cast.operator_a)
    page = lost.get("/registre/mon-code/").content.decode()
    assert "PLUS RIEN NE POURRA ÊTRE LU" in page, "dit avant"
    lost.post("/registre/mon-code/", {"code": OTHER_CODE, "again": OTHER_CODE})
    assert is_open(first), "seule, elle ne peut pas se fermer dehors"
    mistyped = printed[:2] + ("0" if printed[2] != "0" else "1") + printed[3:]
    form = {"code": OTHER_CODE, "again": OTHER_CODE}
    answer = lost.post("/registre/code-de-secours/", {**form, "recovery": mistyped})
    assert "Le groupe 1 est mal recopié" in answer.content.decode()
    assert RegisterReading.objects.filter(act=RegisterAct.REFUSED).count() == 0, (
        "une faute de frappe n’est pas un essai"
    )
    stranger = client_of(cast.operator_b)
    assert stranger.post("/registre/code-de-secours/", {**form, "recovery": printed}).status_code == 404
    colleague = client_of(cast.colleague_a)
    colleague.post(
        "/registre/code-de-secours/", {"recovery": printed.lower(), "code": THIRD_CODE, "again": THIRD_CODE}
    )
    assert is_open(colleague)
    assert opens(client_of(cast.colleague_a), THIRD_CODE)
    lost.post("/registre/mon-code/", {"code": OTHER_CODE, "again": OTHER_CODE})
    assert not is_open(first), "à deux, l’autre redonne la clé"
    renewed = PRINTED.search(colleague.post("/registre/equipe/code-de-secours/").content.decode())
    assert renewed is not None
    for code, opened in ((printed, False), (renewed[0], True)):
        saved = client_of(cast.operator_a)
        saved.post("/registre/code-de-secours/", {**form, "recovery": code})
        assert is_open(saved) == opened
    member = RegisterMember.objects.get(user=cast.operator_a)
    client = client_of(cast.operator_a)
    assert opens(client, OTHER_CODE)
    client.post("/registre/mon-code/", {"code": CODE, "again": CODE})
    assert opens(client, CODE), "ouvert, on change de code seul"
    assert RegisterMember.objects.get(pk=member.pk).admitted_at is not None


def test_two_tabs_a_mail_and_many_codes(cast: Cast) -> None:
    """Opened from one tab, what the other was typing still comes back; a page reached from a mail closes nothing."""
    client, _ = create(cast.operator_a)
    from_a_mail = Client()
    from_a_mail.cookies["sessionid"] = client.cookies["sessionid"].value  # the other cookie is « Strict »
    assert session.COOKIE not in from_a_mail.get("/registre/menages/").cookies
    assert is_open(client)
    later(client, session.IDLE_SECONDS + 5)
    drafts = []
    for text in ("Ecrit dans le premier", "Ecrit dans le second"):
        page = client.post("/registre/equipe/inviter/", {"person": text}).content.decode()
        drafts += re.findall(r'name="draft" value="([^"]+)"', page)
    for draft, text in zip(drafts, ("premier", "second"), strict=True):
        resumed = client.post("/registre/ouvrir/", {"code": CODE, "draft": draft}).content.decode()
        assert f"Ecrit dans le {text}" in resumed
    client.post("/registre/fermer/")
    assert session.FORMER not in client.session
    opens(client, CODE)
    for code in (OTHER_CODE, CODE, OTHER_CODE, CODE, OTHER_CODE):
        assert client.post("/registre/mon-code/", {"code": code, "again": code}).status_code == 302
    busy = client.post("/registre/mon-code/", {"code": THIRD_CODE, "again": THIRD_CODE}).content.decode()
    assert "Trop d’essais" in busy, "chaque code coûte 64 Mio au serveur"


def test_each_page_that_derives_a_key_has_its_pause(cast: Cast) -> None:
    """Creating a register and printing another code cost as much as opening: nobody keeps the server busy with them."""
    client, _ = create(cast.operator_a)
    printed = [client.post("/registre/equipe/code-de-secours/").content.decode() for _ in range(6)]
    assert [bool(PRINTED.search(page)) for page in printed] == [True] * 5 + [False]
    assert "Trop d’essais" in client.get("/registre/equipe/code-de-secours/").content.decode()
    assert acts().count(RegisterAct.PRINTED) == 5
    assert RegisterReading.objects.exclude(device="").count() == RegisterReading.objects.count()
    # Another person has tries of their own; five of them, then a register waits.
    organisation = organisation_of(cast.operator_b)
    for _ in range(5):
        RegisterReading.objects.create(
            organisation=organisation, user=cast.operator_b, act=RegisterAct.REFUSED
        )
    form = {"code": CODE, "again": CODE, "understood": "on"}
    answer = client_of(cast.operator_b).post("/registre/creer/", form).content.decode()
    assert "Trop d’essais" in answer
    assert "À donner de nouveau" in answer
    assert not Register.objects.filter(organisation=organisation).exists()


def test_who_left_keeps_nothing_and_counts_for_nobody(cast: Cast) -> None:
    """A closed account cannot give a key back, cannot be the only responsible person, and gets no new key."""
    first, _ = create(cast.operator_a)
    stored = Register.objects.get()
    mine = RegisterMember.objects.get()
    gone = RegisterMember.objects.create(
        register=stored, user=cast.colleague_a, responsible=True, public_key=bytes(mine.public_key),
        code_chosen_at=mine.code_chosen_at, admitted_at=mine.admitted_at,
    )  # fmt: skip
    assert RegisterMember.objects.present().count() == 2
    User.objects.filter(pk=cast.colleague_a.pk).update(is_active=False)
    first.post(f"/registre/equipe/{mine.public_id}/responsable/")
    mine.refresh_from_db()
    assert mine.responsible
    lost = client_of(cast.operator_a)
    assert "PLUS RIEN NE POURRA ÊTRE LU" in lost.get("/registre/mon-code/").content.decode()
    opened = services.open_register(mine, CODE)
    gone.proof = opened.vouch(gone.public_key, services.holder_of(gone.user_id))
    gone.save()
    renewal.start_renewal(opened, stored)
    gone.refresh_from_db()
    assert gone.admitted_at is None
    assert {*RegisterKeyCopy.objects.filter(member=mine).values_list("version", flat=True)} == {1, 2}
