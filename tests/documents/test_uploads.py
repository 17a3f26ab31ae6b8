"""What arrives with a request: limits hold for all its files together; a damaged file is a sentence on the form."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from jalons.accounts.models import User
from jalons.documents.uploads import dropped_files
from tests import factories
from tests.documents.files import GOOD
from tests.factories import BACKEND, Cast


def posted(*sizes: int) -> Any:
    files = {f"f{number}": SimpleUploadedFile("a.txt", b"a" * size) for number, size in enumerate(sizes)}
    return RequestFactory().post("/", files)


@pytest.mark.parametrize(
    ("sizes", "dropped"),
    [
        ((1000,), set()),
        ((1001,), {"f0"}),
        ((600, 400), set()),
        ((600, 401), {"f1"}),
        ((300, 300, 300, 101), {"f3"}),
    ],
)
def test_all_files_of_a_request_count(settings: Any, sizes: tuple[int, ...], dropped: set[str]) -> None:
    settings.DOCUMENT_MAX_BYTES = 1000
    request = posted(*sizes)
    assert dropped_files(request) == dropped
    assert set(request.FILES) == {f"f{number}" for number in range(len(sizes))} - dropped


def test_no_more_files_than_forms_take(db: None) -> None:
    files = {f"f{number}": SimpleUploadedFile("a.txt", b"a") for number in range(11)}
    assert Client().post("/connexion/", files).status_code == 413
    del files["f10"]
    assert Client().post("/connexion/", files).status_code == 200


@pytest.mark.django_db
@pytest.mark.urls("tests.discussions.urls")
@pytest.mark.parametrize(
    ("name", "place", "noise"),
    [
        ("compte rendu.docx", 8, b"\x0e\0"),  # LZMA
        ("tableau.xlsx", 60, b"\xff" * 12),
        ("suivi.ods", -30, b"\xff" * 4),
        ("plan.pdf", -60, b"PK\x06\x07" + b"\xff" * 16 + b"PK\x05\x06" + b"\0" * 18),
        ("schéma.png", 0, b"\0" * 8),
    ],
)
def test_a_damaged_attachment_is_said_on_the_form(cast: Cast, name: str, place: int, noise: bytes) -> None:
    content = bytearray(GOOD[name])
    content[place : place + len(noise) or None] = noise
    client = Client()
    client.force_login(User.objects.get(pk=cast.operator_a.pk), BACKEND)
    site = factories.make_site("Rue du Moulin")
    file = SimpleUploadedFile(name, bytes(content))
    page = client.post(f"/documents/site/{site.public_id}/joindre/", {"file": file})
    assert page.status_code == 200
    assert "invalid-feedback" in page.content.decode() or "erreur" in page.content.decode().lower()
