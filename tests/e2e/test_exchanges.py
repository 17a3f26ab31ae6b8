"""Comments and documents, as people use them in a browser."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jalons.discussions.models import Comment
from jalons.documents.models import Document
from tests import factories
from tests.documents.files import PDF
from tests.e2e.browser import axe, sign_in
from tests.factories import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_comment_is_added_and_withdrawn_without_leaving_the_page(page: Page, cast: Cast) -> None:
    site = factories.make_site("Rue du Moulin")
    sign_in(page, cast.operator_a)
    page.goto(f"/commentaires/site/{site.public_id}/")
    axe(page)
    page.get_by_role("button", name="Ajouter le commentaire").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Écrire un commentaire").fill("Un point d’eau est ouvert.\nIl fuit.")
    page.get_by_role("button", name="Ajouter le commentaire").click()
    expect(page.get_by_role("status").filter(has_text="Votre commentaire est ajouté.")).to_be_visible()
    expect(page.get_by_role("heading", name="Commentaires (1)")).to_be_visible()
    axe(page)
    page.get_by_text("Retirer votre commentaire").click()
    page.get_by_role("button", name="Retirer mon commentaire").click()
    expect(page.get_by_text("retiré par Sacha Amis")).to_be_visible()
    assert Comment.objects.standing().count() == 0


def test_a_comment_names_somebody_and_is_kept_for_them(phone: Page, cast: Cast) -> None:
    site = factories.make_site("Rue du Moulin")
    sign_in(phone, cast.operator_a)
    phone.goto(f"/commentaires/site/{site.public_id}/")
    text = phone.get_by_label("Écrire un commentaire")
    text.press_sequentially("Vu avec @cam")
    phone.get_by_role("button", name="@Camille Nord").click()
    expect(text).to_have_value("Vu avec @Camille Nord ")
    phone.get_by_role("button", name="Le réserver à certaines personnes").click()
    expect(phone.get_by_label("Seulement les structures et les personnes que je coche")).to_be_checked()
    expect(text).to_have_value("Vu avec @Camille Nord ")
    phone.get_by_label("Camille Nord (DDETS du Nord)").check()
    axe(phone)
    phone.get_by_role("button", name="Ajouter le commentaire").click()
    expect(phone.get_by_text("pour : Camille Nord")).to_be_visible()
    assert Comment.objects.get().restricted


def test_a_document_is_attached_saved_and_withdrawn(phone: Page, cast: Cast, tmp_path: Any) -> None:
    site = factories.make_site("Rue du Moulin")
    file = tmp_path / "Plan d’accès.pdf"
    file.write_bytes(PDF)
    sign_in(phone, cast.correspondent59)
    phone.goto(f"/documents/site/{site.public_id}/joindre/")
    axe(phone)
    phone.get_by_label("Titre").fill("Plan")
    phone.get_by_role("button", name="Joindre le document").click()
    expect(phone.get_by_role("alert")).to_contain_text("Choisissez le fichier à joindre.")
    expect(phone.get_by_label("Titre")).to_have_value("Plan")
    phone.get_by_label("Fichier").set_input_files(file)
    phone.get_by_role("button", name="Joindre le document").click()
    expect(phone.get_by_text("est joint.")).to_be_visible()
    with phone.expect_download() as saving:
        phone.locator("#documents").get_by_role("link", name="Plan", exact=True).click()
    assert saving.value.suggested_filename == file.name
    assert saving.value.path().read_bytes() == PDF
    phone.locator("#documents").get_by_role("link", name="Retirer").click()
    axe(phone)
    phone.get_by_label("Pourquoi retirer ce document ?").fill("mauvais fichier")
    phone.get_by_role("button", name="Retirer le document").click()
    expect(phone.get_by_text("est retiré.")).to_be_visible()
    assert Document.objects.standing().count() == 0
