"""The charter: accepted once, asked again when it changes, and nothing that was typed is lost by it."""

from typing import Any

import pytest
from django.test import Client

from jalons.accounts.opening import Entrance
from jalons.charter.enums import TextKind
from jalons.charter.models import Charter, CharterSignature
from jalons.charter.selectors import as_html, proposed
from jalons.charter.services import Replaced, accept, ask_on_opening, publish
from jalons.discussions.models import Comment
from tests import factories
from tests.factories import Cast

BACKEND = "jalons.accounts.backends.SessionBackend"
ACCEPT = "/charte/accepter/"


@pytest.fixture
def charter(cast: Cast) -> Charter:
    return publish(kind=TextKind.CHARTER, body="Je n’écris le nom de personne.", by=None)


def signed_in(client: Client, user: Any) -> Client:
    user.refresh_from_db()
    client.force_login(user, BACKEND)
    return client


def test_a_page_leads_to_the_charter_and_comes_back(client: Client, cast: Cast, charter: Charter) -> None:
    signed_in(client, cast.correspondent59)
    assert client.get("/sites/?q=moulin")["Location"] == f"{ACCEPT}?next=%2Fsites%2F%3Fq%3Dmoulin"
    page = client.get(f"{ACCEPT}?next=/sites/?q=moulin").content.decode()
    assert "Je n’écris le nom de personne." in page
    answer = client.post(ACCEPT, {"number": 1, "accepted": "on", "next": "/sites/?q=moulin"})
    assert answer["Location"] == "/sites/?q=moulin"
    assert client.get("/sites/").status_code == 200
    assert CharterSignature.objects.get().user == cast.correspondent59


def test_a_form_sent_meanwhile_is_recorded_first(client: Client, cast: Cast, charter: Charter) -> None:
    site = factories.make_site()
    signed_in(client, cast.correspondent59)
    client.post(f"/commentaires/site/{site.public_id}/", {"text": "Vu ce matin.", "body": "Vu ce matin."})
    assert Comment.objects.count() == 1


def test_unticked_it_says_what_to_do(client: Client, cast: Cast, charter: Charter) -> None:
    page = signed_in(client, cast.correspondent59).post(ACCEPT, {"number": 1}).content.decode()
    assert "Cochez la case pour accepter, ou déconnectez-vous." in page


def test_a_charter_that_changed_while_it_was_read_is_read_again(
    client: Client, cast: Cast, charter: Charter
) -> None:
    publish(kind=TextKind.CHARTER, body="La nouvelle.", by=None, seen=1)
    answer = signed_in(client, cast.correspondent59).post(ACCEPT, {"number": 1, "accepted": "on"})
    assert answer.status_code == 409
    assert "La nouvelle." in answer.content.decode()
    assert not CharterSignature.objects.exists()


def test_signing_out_and_the_open_pages_are_never_behind_it(
    client: Client, cast: Cast, charter: Charter
) -> None:
    signed_in(client, cast.correspondent59)
    for path in ("/charte/", "/donnees-personnelles/", "/mon-compte/", "/sante"):
        assert client.get(path).status_code == 200, path
    assert client.get("/")["Location"].startswith(ACCEPT)
    assert client.post("/deconnexion/")["Location"] == "/connexion/"


def test_htmx_leaves_the_whole_page(client: Client, cast: Cast, charter: Charter) -> None:
    answer = signed_in(client, cast.correspondent59).get("/sites/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith(ACCEPT)


def test_no_other_site_can_be_the_next_page(client: Client, cast: Cast, charter: Charter) -> None:
    answer = signed_in(client, cast.correspondent59).post(
        ACCEPT, {"number": 1, "accepted": "on", "next": "https://exemple.test/"}
    )
    assert answer["Location"] == "/"


def test_somebody_new_is_asked_when_they_sign_in(cast: Cast, charter: Charter) -> None:
    late = factories.make_user(email="nouvelle@exemple.test")
    assert not late.charter_due
    ask_on_opening(None, Entrance(late, means="mot de passe"))
    late.refresh_from_db()
    assert late.charter_due
    accept(user=late, number=1)
    ask_on_opening(None, Entrance(late, means="mot de passe"))
    late.refresh_from_db()
    assert not late.charter_due


def test_a_published_text_is_replaced_never_changed(cast: Cast, charter: Charter) -> None:
    charter.body = "Autre"
    with pytest.raises(TypeError):
        charter.save()
    with pytest.raises(TypeError):
        charter.delete()
    with pytest.raises(Replaced):
        publish(kind=TextKind.CHARTER, body="Autre", by=None, seen=0)


def test_old_versions_stay_readable(client: Client, cast: Cast, charter: Charter) -> None:
    publish(kind=TextKind.CHARTER, body="La nouvelle.", by=None, seen=1, what_changed="Un mot.")
    assert "La nouvelle." in client.get("/charte/").content.decode()
    old = client.get("/charte/?version=1").content.decode()
    assert "Je n’écris le nom de personne." in old
    assert "remplacée depuis" in old
    assert client.get("/charte/?version=7").status_code == 404
    assert client.get("/charte/?version=x").status_code == 404


@pytest.mark.parametrize("kind", list(TextKind))
def test_each_text_has_a_proposal(client: Client, cast: Cast, kind: TextKind) -> None:
    assert proposed(kind).startswith("## ")


def test_no_html_of_the_author_goes_through() -> None:
    html = as_html('<script>alert(1)</script> [x](javascript:alert(1)) <img src="x">')
    assert "<script" not in html
    assert "<img" not in html
    assert "href" not in html


def test_two_administrators_publish_at_once(client: Client, cast: Cast, charter: Charter) -> None:
    accept(user=cast.admin, number=1)
    path = "/administration/textes/charter/"
    signed_in(client, cast.admin)
    key = "6d0e3c7e-1111-4222-8333-123456789012"
    publish(kind=TextKind.CHARTER, body="Celle de l’autre.", by=None, seen=1)
    answer = client.post(path, {"submission_key": key, "seen": 1, "body": "La mienne.", "what_changed": ""})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Celle de l’autre." in page
    assert "La mienne." in page


def test_a_local_administrator_publishes_nothing(client: Client, cast: Cast) -> None:
    client.force_login(cast.local_admin, BACKEND)
    for path in ("/administration/textes/", "/administration/textes/charter/"):
        assert client.get(path).status_code == 403
