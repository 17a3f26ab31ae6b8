"""The logo of a territory: a hostile file, drawn again, and the same for ever at the head of what was asked with it."""

import io
import zlib
from typing import Any

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, PngImagePlugin

from jalons.core.confined import UnreadFile
from jalons.editions.models import TerritoryLogo
from jalons.editions.services.logos import DrawnLogo, drawn_logo, remove_logo, set_logo, stored_logo
from jalons.editions.services.making import check_identical
from tests import factories
from tests.editions.making import make_edition
from tests.editions.parsing import content_of_file, pptx_slides, screen_text
from tests.factories import Cast

pytestmark = pytest.mark.django_db
SECRET = "48.8566 N 2.3522 E"


def picture(width: int = 1200, height: int = 400, *, kind: str = "PNG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#0B5D63").save(out, format=kind, **more)
    return out.getvalue()


def with_words() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET)
    return picture(pnginfo=info) + b"<script>alert(1)</script>"


def bomb() -> bytes:
    """A small file that says to be 30,000 points wide and high."""
    head = (30_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    data = picture()
    chunk = b"IHDR" + head
    return data[:12] + chunk + zlib.crc32(chunk).to_bytes(4, "big") + data[33:]


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a" + bytes(200), picture()[:80], picture(8, 8), bomb(), picture(kind="WEBP")]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadFile):
        drawn_logo(io.BytesIO(data))


def test_it_is_drawn_again_small_and_without_words(cast: Cast, client: Client) -> None:
    client.force_login(cast.correspondent59, backend=factories.BACKEND)
    url = reverse("editions:logo") + "?territoire=departement-59"

    def send(name: str, data: bytes) -> Any:
        form = client.get(url).context["form"]
        key = form["submission_key"].value()
        file = SimpleUploadedFile(name, data)
        return client.post(url, {"logo": file, "alt": "Préfecture du Nord", "submission_key": key})

    assert send("logo.pdf", b"%PDF-1.4 rien").status_code == 200
    assert send("logo.svg", b"<svg onload='alert(1)'/>").status_code == 200
    assert not TerritoryLogo.objects.exists()
    assert send("logo.png", with_words()).status_code == 302
    assert send("logo.jpg", picture(kind="JPEG")).status_code == 302
    old, row = TerritoryLogo.objects.order_by("pk")
    assert (old.removed_by, row.removed_at, row.width, row.height) == (cast.correspondent59, None, 900, 300)
    for each in (old, row):
        with each.file.open("rb") as file:
            stored = file.read()
        assert SECRET.encode() not in stored
        assert b"script" not in stored
        assert Image.open(io.BytesIO(stored)).info == {}
    given = client.get(reverse("editions:logo_picture", args=[row.sha256]))
    assert (given["Content-Type"], given.status_code) == ("image/png", 200)
    client.force_login(cast.operator_a, backend=factories.BACKEND)
    assert client.get(url).status_code == 403


def test_it_stands_in_every_file_for_ever(cast: Cast) -> None:
    by, drawn = factories.actor(cast.correspondent59), DrawnLogo(picture(90, 30), 90, 30)
    with stored_logo(drawn) as file:
        set_logo(area="departement-59", logo=drawn, file=file, alt="Préfecture du Nord", by=by)
    edition = make_edition(cast.correspondent59)
    word = docx.Document(io.BytesIO(content_of_file(edition, "docx")))
    described = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert described[0] == "Préfecture du Nord"
    assert all(described), "une image sans texte"
    [first, *_] = pptx_slides(edition)
    assert [shape.name for shape in first.shapes if shape.shape_type == 13] == ["Logo"]
    book = openpyxl.load_workbook(io.BytesIO(content_of_file(edition, "xlsx")))
    assert len(book.worksheets[0]._images) == 1  # type: ignore[attr-defined]
    assert b"/Image" in content_of_file(edition, "pdf")
    assert 'alt="Préfecture du Nord"' in content_of_file(edition, "html").decode()
    assert "Les chiffres du mois" in screen_text(edition)
    assert remove_logo(area="departement-59", by=by)
    assert check_identical(edition=edition) == []
    assert make_edition(cast.correspondent59, made=False).logo is None
