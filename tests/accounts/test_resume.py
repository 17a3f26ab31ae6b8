"""A session that ends while somebody types costs them nothing, and opens nothing to anybody else."""

import html
import json
import re

import pytest
from axes.models import AccessAttempt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from jalons.accounts.models import User
from jalons.core import resume
from jalons.sites.models import Site, SiteEvent
from tests.factories import BACKEND, PASSWORD, Cast, make_site
from tests.forms import Form, posts

pytestmark = [pytest.mark.urls("tests.accounts.urls"), pytest.mark.django_db]
TYPED = {"description": ["Une famille est arrivée « hier »\r\n<b>3 enfants</b>", "Deux mots"], "empty": ""}


def form_of(answer: HttpResponse) -> Form:
    (only,) = posts(answer)
    return only


@pytest.fixture
def site(cast: Cast) -> Site:
    return make_site()


def signed_out_post(client: Client, site: Site, **more: object) -> HttpResponse:
    return client.post(f"/essai/{site.public_id}/?de=ici", TYPED | more)


def sign_in_with(client: Client, answer: HttpResponse, user: User, password: str = PASSWORD) -> HttpResponse:
    form = form_of(answer)
    return client.post(form.action, form.filled({"username": user.email, "password": password}))


def test_what_was_typed_is_written_after_signing_in_again(client: Client, cast: Cast, site: Site) -> None:
    answer = signed_out_post(client, site)
    assert answer.status_code == 401
    assert (
        "Votre session a expiré\u00a0: reconnectez-vous, votre saisie est conservée"
        in answer.content.decode()
    )
    assert answer["Cache-Control"] == "private, no-store"
    wrong = sign_in_with(client, answer, cast.operator_a, "pas le bon")
    assert "n’est pas le bon" in wrong.content.decode()
    back = sign_in_with(client, wrong, cast.operator_a)
    assert "Reprendre l’enregistrement" in back.content.decode()
    assert not SiteEvent.objects.exists()
    form = form_of(back)
    assert form.action == f"/essai/{site.public_id}/?de=ici"
    assert client.post(form.action, form.values).content.decode() == "écrit"
    written = SiteEvent.objects.order_by("pk").values_list("description", "author")
    assert [*written] == [(text, cast.operator_a.pk) for text in TYPED["description"]]


def test_the_token_of_the_page_is_fresh(cast: Cast, site: Site) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/connexion/")
    token = client.cookies["csrftoken"].value
    answer = signed_out_post(client, site, csrfmiddlewaretoken=token)
    assert answer.status_code == 401
    form = form_of(sign_in_with(client, answer, cast.operator_a))
    assert len(form.values["csrfmiddlewaretoken"]) == 1
    assert client.post(form.action, form.values).content.decode() == "écrit"


@pytest.mark.parametrize(("who", "status"), [("operator_b", 403), ("operator13", 404), ("observer", 403)])
def test_somebody_else_does_not_write_with_it(
    client: Client, cast: Cast, site: Site, who: str, status: int
) -> None:
    back = sign_in_with(client, signed_out_post(client, site), getattr(cast, who))
    form = form_of(back)
    assert client.post(form.action, form.values).status_code == status
    assert not SiteEvent.objects.exists()


def test_secrets_and_files_stay_behind(client: Client, site: Site) -> None:
    plan = SimpleUploadedFile("plan du terrain.pdf", b"%PDF")
    answer = signed_out_post(
        client, site, plan=plan, new_password1="secret1", api_token="secret2", csrfmiddlewaretoken="secret3"
    )
    page = answer.content.decode()
    assert "secret" not in page
    assert "%PDF" not in page
    assert "devrez le joindre de nouveau (plan du terrain.pdf)" in page
    kept = json.loads(html.unescape(str(re.search(r'name="kept" value="([^"]*)"', page)[1])))  # type: ignore[index]
    assert kept["fields"] == [["description", text] for text in TYPED["description"]] + [["empty", ""]]


def test_what_is_carried_is_not_kept_with_refused_tries(client: Client, cast: Cast, site: Site) -> None:
    sign_in_with(client, signed_out_post(client, site), cast.operator_a, "pas le bon")
    written = AccessAttempt.objects.get().post_data
    assert "kept=" in written
    assert "famille" not in written
    assert "pas le bon" not in written


def test_too_long_is_said(client: Client, cast: Cast, site: Site) -> None:
    referer = {"HTTP_REFERER": "http://testserver/mon-compte/?x=1"}
    answer = client.post(
        f"/essai/{site.public_id}/", {"description": "é" * (resume.MAX_CHARACTERS + 1)}, **referer
    )
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "trop longue pour être conservée" in page
    assert len(page) < 20_000
    back = sign_in_with(client, answer, cast.operator_a)
    assert (back.status_code, back["Location"]) == (302, "/mon-compte/?x=1")


@pytest.mark.parametrize(
    "path",
    [
        "https://ailleurs.example/",
        "//ailleurs.example/",
        "/\\ailleurs.example",
        "javascript:alert(1)",
        "essai/",
        "/n-existe-pas/",
        "/connexion/",
        "/essai/ouvert/",
        "/static/x.css",
        "/essai/" + "x" * 3000 + "/",
        "",
        None,
        7,
    ],
)
def test_only_a_guarded_page_of_ours_is_resumed(client: Client, cast: Cast, path: object) -> None:
    kept = json.dumps({"path": path, "fields": [["a", "b"]], "files": []})
    data = {"username": cast.mairie.email, "password": PASSWORD, "kept": kept}
    answer = client.post("/connexion/", data)
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize(
    "kept",
    ["", "{", "[]", "null", '{"path": "/mon-compte/"}', '{"path": "/mon-compte/", "fields": [["a"]], "files": []}',
     '{"path": "/mon-compte/", "fields": [["a", 1]], "files": []}', '{"path": "/mon-compte/", "fields": {}}',
     "[" * 100_000],
)  # fmt: skip
def test_a_field_that_we_did_not_write_is_nothing(client: Client, cast: Cast, kept: str) -> None:
    answer = client.post("/connexion/", {"username": cast.mairie.email, "password": PASSWORD, "kept": kept})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_htmx_gets_a_page_it_will_show(client: Client, site: Site) -> None:
    answer = client.post(f"/essai/{site.public_id}/", TYPED, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert (answer["HX-Retarget"], answer["HX-Push-Url"]) == ("body", "/connexion/")
    assert "votre saisie est conservée" in answer.content.decode()


def test_htmx_reading_goes_to_sign_in_and_comes_back_to_its_page(client: Client, site: Site) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/mon-compte/?a=b"}
    answer = client.get(f"/essai/{site.public_id}/", headers=headers)
    assert answer["HX-Redirect"] == "/connexion/?next=/mon-compte/%3Fa%3Db"
    assert answer.content == b""


def test_signing_in_in_another_tab_costs_nothing_either(cast: Cast, site: Site) -> None:
    """The token of the first tab is then out of date."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.operator_a, BACKEND)
    client.get("/mon-compte/")
    stale = TYPED | {"csrfmiddlewaretoken": "x" * 64}
    address = f"/essai/{site.public_id}/"
    answer = client.post(address, stale, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    form = form_of(answer)
    assert client.post(form.action, form.values).content.decode() == "écrit"


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://ailleurs.example"}, {"Origin": "null"}])
def test_another_site_is_not_offered_to_send_again(cast: Cast, site: Site, headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.operator_a, BACKEND)
    answer = client.post(f"/essai/{site.public_id}/", TYPED, headers=headers)
    assert answer.status_code == 403
    assert "famille" not in answer.content.decode()
