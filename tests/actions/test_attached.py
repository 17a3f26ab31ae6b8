"""Comments and documents on a dispositif: by the part of one's organisation, funding apart."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import User
from jalons.actions.models import Action
from jalons.discussions.models import Comment
from jalons.documents.models import Document
from tests import factories
from tests.documents.files import PDF, sent
from tests.factories import BACKEND, MARSEILLE, Cast, organisation_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(default_storage, "location", str(tmp_path), raising=False)
    monkeypatch.setattr(default_storage, "base_location", str(tmp_path), raising=False)


@pytest.fixture
def action(cast: Cast) -> Action:
    """A dispositif of the Nord that an operator of Marseille fills in."""
    return factories.make_action("MOUS Lille", operators=[organisation_of(cast.operator13)])


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def comment(user: User, action: Action) -> Any:
    address = f"/commentaires/dispositif/{action.public_id}/"
    return as_user(user).post(address, {"text": "Une place se libère."})


def attach(user: User, action: Action, **said: Any) -> Any:
    address = f"/documents/dispositif/{action.public_id}/joindre/"
    return as_user(user).post(address, {"file": sent(), **said})


def test_own_operator_writes_wherever_it_is_from(cast: Cast, action: Action) -> None:
    answer = comment(cast.operator13, action)
    assert (answer.status_code, answer["Location"]) == (302, f"/dispositifs/{action.public_id}/#commentaires")
    answer = attach(cast.operator13, action)
    assert (answer.status_code, answer["Location"]) == (302, f"/dispositifs/{action.public_id}/#documents")
    document = Document.objects.get()
    assert document.organisation == Comment.objects.get().organisation == organisation_of(cast.operator13)
    assert as_user(cast.operator13).get(f"/documents/{document.public_id}/").getvalue() == PDF
    assert as_user(cast.operator_b).get(f"/documents/{document.public_id}/").status_code == 200


def test_stranger_finds_nothing(cast: Cast, action: Action) -> None:
    attach(cast.operator13, action)
    stranger = factories.make_user(Role.OPERATOR, MARSEILLE, grants=Right)
    assert comment(stranger, action).status_code == 404
    assert attach(stranger, action).status_code == 404
    for user in (stranger, cast.nobody):
        assert as_user(user).get(f"/documents/{Document.objects.get().public_id}/").status_code == 404
    assert (Comment.objects.count(), Document.objects.count()) == (0, 1)


def test_reader_without_the_right_is_refused(cast: Cast, action: Action) -> None:
    for user in (cast.observer, cast.correspondent13):
        assert comment(user, action).status_code == 403
        assert attach(user, action).status_code == 403
    assert not Comment.objects.exists()
    assert not Document.objects.exists()


def test_piece_of_funding_is_for_who_reads_funding(cast: Cast, action: Action) -> None:
    page = as_user(cast.correspondent59).get(f"/documents/dispositif/{action.public_id}/joindre/")
    html = page.content.decode()
    assert "C’est une pièce de financement" in html
    assert "Seules les personnes qui peuvent lire les financements la verront." in html
    assert "procédure" not in html
    assert (
        "pièce de financement" not in as_user(cast.operator13).get(page.request["PATH_INFO"]).content.decode()
    )
    attach(cast.correspondent59, action, sensitive="on")
    piece = Document.objects.get()
    assert piece.sensitive
    address = f"/documents/{piece.public_id}/"
    # Those who may read the procedures of sites and not this money, then those who may not even see it.
    reader = factories.make_user(Role.CONTRIBUTOR, "59", grants=[Right.READ_JUSTICE])
    for user in (reader, cast.operator13, cast.operator_b):
        assert as_user(user).get(address).status_code == 403
    for user in (cast.correspondent59, cast.national):
        assert as_user(user).get(address).status_code == 200


def test_operator_cannot_make_a_piece_of_funding(cast: Cast, action: Action) -> None:
    attach(cast.operator13, action, sensitive="on")
    assert not Document.objects.get().sensitive
