"""Documents of a site: attached, downloaded and withdrawn by those who may, and only through their view."""

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.test import Client

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.documents.checks import check_upload
from jalons.documents.models import Document
from jalons.documents.selectors import documents_on, pieces_on
from jalons.documents.services import withdraw_document
from jalons.exports.models import Download
from jalons.sites.models import Site
from tests import factories
from tests.documents.attaching import attach_upload
from tests.documents.files import PDF, PNG, sent
from tests.factories import BACKEND, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.discussions.urls")]


@pytest.fixture(autouse=True)
def own_storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test sees the files that it made, and only those."""
    monkeypatch.setattr(default_storage, "location", str(tmp_path), raising=False)
    monkeypatch.setattr(default_storage, "base_location", str(tmp_path), raising=False)
    return tmp_path


@pytest.fixture
def site(cast: Cast) -> Site:
    return factories.make_site("Rue du Moulin")


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def url(site: Site) -> str:
    return f"/documents/site/{site.public_id}/joindre/"


def send(user: User, site: Site, file: Any = None, **fields: Any) -> Any:
    return as_user(user).post(url(site), {"file": sent() if file is None else file, **fields})


def attach(user: User, site: Site, name: str = "plan.pdf", content: bytes = PDF, **said: Any) -> Document:
    upload = check_upload(sent(name, content), name=name)
    return attach_upload(subject=site, upload=upload, by=factories.actor(user), **said)


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_document_is_attached_and_downloaded(cast: Cast, site: Site, own_storage: Path) -> None:
    answer = send(cast.operator_a, site, sent("../Plan d’accès.pdf"), title="Plan", note="À jour")
    assert (answer.status_code, answer["Location"]) == (302, f"/sites/{site.public_id}/#documents")
    document = Document.objects.get()
    assert (document.title, document.name, document.kind) == ("Plan", "Plan d’accès.pdf", "pdf")
    (file,) = stored(own_storage)
    assert re.fullmatch(r"[0-9a-f]{32}", file.name)
    page = as_user(cast.operator_b).get(f"/sites/{site.public_id}/").content.decode()
    for text in ("Plan</a>", "PDF, ", "À jour", "Sacha Amis (Les amis de Lille)", "a joint <"):
        assert text.replace("a joint <", "a joint le document « Plan »") in page
    got = as_user(cast.operator_b).get(f"/documents/{document.public_id}/")
    assert got.getvalue() == PDF
    assert got["Content-Type"] == "application/pdf"
    assert got["Content-Disposition"].startswith(
        "attachment; filename*=utf-8''Plan%20d%E2%80%99acc%C3%A8s.pdf"
    )
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got["Cache-Control"] == "private, no-store"
    assert int(got["Content-Length"]) == len(PDF)
    assert got.streaming


def test_the_name_stands_for_a_missing_title(cast: Cast, site: Site) -> None:
    send(cast.operator_a, site, sent("Compte rendu.pdf"))
    assert Document.objects.get().title == "Compte rendu"


def test_each_download_leaves_a_trace(cast: Cast, site: Site) -> None:
    document = attach(cast.operator_a, site)
    as_user(cast.observer).get(f"/documents/{document.public_id}/")
    trace = Download.objects.get()
    assert (trace.user, trace.format) == (cast.observer, "pdf")
    assert trace.label == "Pièce jointe «\u00a0plan\u00a0», Rue du Moulin"


def test_no_address_leads_to_the_storage(cast: Cast, site: Site, client: Client) -> None:
    document = attach(cast.operator_a, site)
    for address in (document.file.url, f"/{document.file.name}/", f"/uploads/{document.file.name}"):
        assert client.get(address).status_code == 404


def test_sent_twice_is_attached_once(cast: Cast, site: Site, own_storage: Path) -> None:
    key = str(uuid.uuid4())
    for _ in range(2):
        answer = send(cast.operator_a, site, submission_key=key)
        assert answer.status_code == 302
    assert Document.objects.count() == len(stored(own_storage)) == 1


def test_who_may_not(cast: Cast, site: Site) -> None:
    document = attach(cast.correspondent59, site)
    for user, status in (
        (cast.observer, 403), (cast.contributor, 403), (cast.operator_b, 403), (cast.correspondent13, 403),
        (cast.operator13, 404),
    ):  # fmt: skip
        assert send(user, site).status_code == status, user
    assert as_user(cast.observer).get(f"/documents/{document.public_id}/").status_code == 200
    assert as_user(cast.operator13).get(f"/documents/{document.public_id}/").status_code == 404
    assert as_user(cast.nobody).get(f"/documents/{document.public_id}/").status_code == 404
    assert Client().get(f"/documents/{document.public_id}/").status_code == 302
    assert Document.objects.count() == 1
    assert pieces_on(cast.observer, site).attach_url == ""
    assert pieces_on(cast.operator_a, site).attach_url == url(site)


def test_a_piece_of_a_procedure_needs_its_own_right(cast: Cast, site: Site) -> None:
    piece = attach(cast.correspondent59, site, title="Ordonnance", sensitive=True)
    address = f"/documents/{piece.public_id}/"
    assert documents_on(site, cast.correspondent59) == documents_on(site, cast.national) == [piece]
    for user in (cast.operator_a, cast.observer, cast.mairie):
        assert documents_on(site, user) == []
        assert as_user(user).get(address).status_code == 403
        assert "Ordonnance" not in as_user(user).get(f"/sites/{site.public_id}/").content.decode()
    assert as_user(cast.national).get(address).getvalue() == PDF


def test_only_who_writes_procedures_attaches_one(cast: Cast, site: Site) -> None:
    plain = as_user(cast.operator_a).get(url(site)).content.decode()
    assert 'name="sensitive"' not in plain
    send(cast.operator_a, site, sensitive="on")
    assert not Document.objects.get().sensitive
    page = as_user(cast.correspondent59).get(url(site)).content.decode()
    assert 'name="sensitive"' in page
    assert "Qui peut lire ceci" in page
    assert "DDETS du Nord" in page
    send(cast.correspondent59, site, sensitive="on", title="Arrêté")
    assert Document.objects.get(title="Arrêté").sensitive


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("", "Choisissez le fichier à joindre."),
        (sent("page.html", b"<html>"), "ne sont pas acceptés"),
        (sent("vide.pdf", b""), "est vide"),
    ],
)
def test_what_is_wrong_with_the_file_is_said_and_the_rest_is_kept(
    cast: Cast, site: Site, file: Any, said: str
) -> None:
    answer = send(cast.operator_a, site, file, title="Plan de masse", note="À vérifier")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert 'value="Plan de masse"' in page
    assert 'value="À vérifier"' in page
    assert not Document.objects.exists()


def test_a_right_file_beside_a_wrong_field_is_asked_again(cast: Cast, site: Site) -> None:
    page = send(cast.operator_a, site, title="x" * 201).content.decode()
    assert "Choisissez de nouveau le fichier" in page


def test_what_is_too_large_is_dropped_as_it_arrives(
    cast: Cast, site: Site, settings: Any, own_storage: Path, tmp_path: Path
) -> None:
    scratch = tmp_path / "arrivals"
    scratch.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(scratch)
    answer = send(cast.operator_a, site, sent("gros.pdf", PDF + b"\0" * 50_000_000), title="Plan de masse")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Ce fichier est trop lourd\u00a0: 15\u00a0Mo au plus" in page
    assert page.count("Choisissez le fichier à joindre.") == 0
    assert 'value="Plan de masse"' in page
    assert not Document.objects.exists()
    assert stored(own_storage) == []


def test_a_file_of_just_the_limit_is_taken(cast: Cast, site: Site, settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = len(PDF)
    assert send(cast.operator_a, site, sent("plan.pdf", PDF)).status_code == 302
    assert "trop lourd" in send(cast.operator_a, site, sent("plan.pdf", PDF + b"\n")).content.decode()


def test_without_its_row_no_file_remains(
    cast: Cast, site: Site, own_storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(Document, "save", fails)
    with pytest.raises(IntegrityError):
        attach(cast.operator_a, site)
    assert stored(own_storage) == []


def test_a_withdrawn_document_loses_its_file_and_keeps_its_trace(
    cast: Cast, site: Site, own_storage: Path, django_capture_on_commit_callbacks: Any
) -> None:
    document = attach(cast.operator_a, site)
    address = f"/documents/{document.public_id}/retirer/"
    client = as_user(cast.colleague_a)  # the same association
    assert "Le fichier sera effacé pour toujours" in client.get(address).content.decode()
    assert "Dites en quelques mots" in client.post(address, {"reason": " "}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"reason": "nom d’un habitant"}).status_code == 302
    document.refresh_from_db()
    assert (document.withdrawn_by, document.withdrawn_reason) == (cast.colleague_a, "nom d’un habitant")
    assert stored(own_storage) == []
    page = as_user(cast.observer).get(f"/sites/{site.public_id}/").content.decode()
    assert "Aucun document." in page
    assert "a retiré le document « plan »" in page
    assert "Motif : nom d’un habitant" in page.replace("\u00a0", " ")
    assert client.get(f"/documents/{document.public_id}/").status_code == 404
    again = client.get(address)
    assert again.status_code == 410
    assert "Ce document est déjà retiré." in again.content.decode()


def test_only_the_organisation_that_attached_it_withdraws_it(cast: Cast, site: Site) -> None:
    document = attach(cast.operator_a, site)
    address = f"/documents/{document.public_id}/retirer/"
    for user, status in ((cast.correspondent59, 403), (cast.observer, 403), (cast.operator13, 404)):
        for answer in (as_user(user).get(address), as_user(user).post(address, {"reason": "x"})):
            assert answer.status_code == status, user
    assert [piece.may_withdraw for piece in pieces_on(cast.colleague_a, site).pieces] == [True]
    assert [piece.may_withdraw for piece in pieces_on(cast.correspondent59, site).pieces] == [False]
    assert Document.objects.standing().count() == 1


def test_a_piece_of_a_procedure_is_not_withdrawn_by_who_cannot_write_it(cast: Cast, site: Site) -> None:
    writer = factories.make_user(
        "operator", "59", organisation=cast.operator_a.memberships.get().organisation,
        grants=[Right.READ_JUSTICE, Right.WRITE_JUSTICE],
    )  # fmt: skip
    piece = attach(writer, site, sensitive=True)
    address = f"/documents/{piece.public_id}/retirer/"
    assert as_user(cast.operator_a).get(address).status_code == 403
    assert as_user(writer).get(address).status_code == 200


def test_the_service_wants_a_reason(cast: Cast, site: Site) -> None:
    document = attach(cast.operator_a, site)
    with pytest.raises(ValidationError):
        withdraw_document(document=document, by=factories.actor(cast.operator_a), reason="  ")


def test_a_lost_file_is_not_found(cast: Cast, site: Site) -> None:
    document = attach(cast.operator_a, site)
    document.file.storage.delete(document.file.name)
    assert as_user(cast.operator_a).get(f"/documents/{document.public_id}/").status_code == 404
    assert not Download.objects.exists()


def test_a_merged_site_still_gives_its_documents_and_takes_none(cast: Cast, site: Site) -> None:
    duplicate = factories.make_site("Doublon")
    document = attach(cast.operator_a, duplicate)
    Site.objects.filter(pk=duplicate.pk).update(merged_into=site)
    duplicate.refresh_from_db()
    assert documents_on(site, cast.observer, duplicate) == [document]
    assert as_user(cast.observer).get(f"/documents/{document.public_id}/").status_code == 200
    assert send(cast.operator_a, duplicate).status_code == 404


def test_as_many_queries_for_many_documents(cast: Cast, site: Site, django_assert_num_queries: Any) -> None:
    user = User.objects.get(pk=cast.correspondent59.pk)
    attach(cast.correspondent59, site)
    pieces_on(user, site)  # rights and content type are known
    for someone in (cast.operator_a, cast.mairie, cast.correspondent59):
        attach(someone, site)
    with django_assert_num_queries(1):
        shown = pieces_on(user, site)
        assert [str(piece.document.author) for piece in shown.pieces]


# Several at once, versions, images -----------------------------------------------------------------------


def test_several_files_are_attached_at_once(cast: Cast, site: Site) -> None:
    files = [sent("plan.pdf"), sent("photo.png", PNG)]
    send(cast.operator_a, site, files, title="Ignoré pour plusieurs", category="plan")
    held = {document.title: document.category for document in Document.objects.all()}
    assert held == {"plan": "plan", "photo": "plan"}


def test_a_bad_file_does_not_keep_the_others_out(cast: Cast, site: Site) -> None:
    answer = as_user(cast.operator_a).post(
        url(site), {"file": [sent("plan.pdf"), sent("vieux.exe", b"MZ")]}, follow=True
    )
    page = answer.content.decode()
    assert [document.title for document in Document.objects.all()] == ["plan"]
    assert "Pas joint." in page
    assert "vieux.exe" in page


def test_when_all_are_bad_each_is_named(cast: Cast, site: Site) -> None:
    page = send(cast.operator_a, site, [sent("a.exe", b"MZ"), sent("vide.pdf", b"")]).content.decode()
    assert "«\u00a0a.exe\u00a0»" in page
    assert "«\u00a0vide.pdf\u00a0»" in page
    assert not Document.objects.exists()


def replace(user: User, document: Document, **fields: Any) -> Any:
    path = f"/documents/{document.public_id}/remplacer/"
    return as_user(user).post(path, {"file": sent("v2.pdf"), "note": "signé", **fields})


def test_a_new_version_takes_the_place_and_the_old_one_stays_readable(cast: Cast, site: Site) -> None:
    first = attach(cast.operator_a, site, title="Arrêté", category="order")
    assert replace(cast.correspondent59, first).status_code == 302
    (piece,) = pieces_on(cast.operator_a, site).pieces
    assert (piece.document.title, piece.document.category, piece.document.note) == (
        "Arrêté",
        "order",
        "signé",
    )
    assert list(piece.former) == [first]
    assert as_user(cast.operator_b).get(f"/documents/{first.public_id}/").getvalue() == PDF
    page = as_user(cast.operator_a).get(f"/sites/{site.public_id}/").content.decode()
    assert "Versions précédentes (1)" in page


def test_the_second_person_is_told_of_the_first(cast: Cast, site: Site) -> None:
    first = attach(cast.operator_a, site, title="Arrêté")
    replace(cast.correspondent59, first)
    answer = replace(cast.operator_a, first)
    assert answer.status_code == 409
    assert "Camille Nord (DDETS du Nord)" in answer.content.decode()
    assert Document.objects.count() == 2


def test_a_withdrawn_version_gives_its_place_back(cast: Cast, site: Site) -> None:
    first = attach(cast.operator_a, site, title="Arrêté")
    replace(cast.operator_a, first)
    second = Document.objects.get(replaces=first)
    withdraw_document(document=second, by=factories.actor(cast.operator_a), reason="mauvais fichier")
    (piece,) = pieces_on(cast.operator_a, site).pieces
    assert (piece.document, list(piece.former)) == (first, [])
    assert replace(cast.operator_a, first).status_code == 302


def test_a_version_keeps_who_may_read_it(cast: Cast, site: Site) -> None:
    first = attach(cast.correspondent59, site, sensitive=True)
    assert replace(cast.operator_a, first).status_code == 403
    replace(cast.correspondent59, first)
    assert Document.objects.get(replaces=first).sensitive
    assert not pieces_on(cast.operator_a, site).pieces


def test_an_image_is_looked_at_in_its_page_and_nothing_else_is(cast: Cast, site: Site) -> None:
    photo, plan = attach(cast.operator_a, site, "photo.png", PNG), attach(cast.operator_a, site)
    answer = as_user(cast.observer).get(f"/documents/{photo.public_id}/apercu/")
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Download.objects.get().label.startswith("Image regardée")
    assert as_user(cast.observer).get(f"/documents/{plan.public_id}/apercu/").status_code == 404
    page = as_user(cast.observer).get(f"/sites/{site.public_id}/").content.decode()
    assert f'src="/documents/{photo.public_id}/apercu/"' in page
    assert f'src="/documents/{plan.public_id}/apercu/"' not in page
