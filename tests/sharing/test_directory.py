"""The directory of dispositifs: what is shown, to whom, and that nothing else of a dispositif is read through it."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import can
from jalons.actions.models import Action
from jalons.actions.services import close_action, remove_contact, update_action
from jalons.documents.checks import check_upload
from jalons.documents.models import Document
from jalons.documents.services import withdraw_document
from jalons.editing.refusals import Refused
from jalons.exports.models import Download
from jalons.history.services import Stale
from jalons.sharing.models import ActionOffer
from jalons.sharing.selectors.offers import documents_to_offer
from jalons.sharing.services import set_offer
from tests import factories
from tests.documents.attaching import attach_upload
from tests.documents.files import sent
from tests.factories import BACKEND, Cast, actor, organisation_of
from tests.forms import form_to
from tests.house.test_blind import content

pytestmark = pytest.mark.django_db
LIST = "/dispositifs/annuaire/"


@pytest.fixture
def action(cast: Cast) -> Action:
    return factories.make_action(
        "MOUS rue du Moulin",
        by=actor(cast.correspondent59),
        operators=[organisation_of(cast.operator_a)],
        themes=["health", "school"],
        sites=[factories.make_site("Rue du Moulin")],
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def attached(action: Action, by: User, title: str, **options: Any) -> Document:
    upload = check_upload(sent(), name="plan.pdf")
    return attach_upload(subject=action, upload=upload, by=actor(by), title=title, **options)


def names(client: Client, query: str = "") -> list[str]:
    return [line.offer.title for line in client.get(f"{LIST}{query}").context["lines"]]


def test_nothing_is_shown_until_somebody_says_so(cast: Cast, action: Action) -> None:
    stranger = signed_in(cast.operator13)
    assert not can(cast.operator13, Right.READ_ACTIONS, action)
    assert names(stranger) == []
    # The form proposes the name, and shows nothing by itself.
    operator, path = signed_in(cast.operator_a), f"{LIST}montrer/{action.public_id}/"
    form = form_to(operator.get(path), path)
    assert (form.values["is_offered"], form.values["title"]) == (["non"], ["MOUS rue du Moulin"])
    assert operator.post(path, form.filled({"summary": "Des médiatrices."})).status_code == 302
    assert names(stranger) == []
    form = form_to(operator.get(path), path)
    shown = {"is_offered": "oui", "title": "Médiation en santé", "summary": "Des médiatrices."}
    assert operator.post(path, form.filled(shown)).status_code == 302
    assert names(stranger) == ["Médiation en santé"]
    page = stranger.get(f"{LIST}{ActionOffer.objects.get().public_id}/").content.decode()
    assert "Les amis de Lille" in page
    assert "Moulin" not in page
    assert action.public_id not in page
    assert (
        operator.post(path, form_to(operator.get(path), path).filled({"is_offered": "non"})).status_code
        == 302
    )
    assert names(stranger) == []
    assert stranger.get(f"{LIST}{ActionOffer.objects.get().public_id}/").status_code == 404


def test_what_is_not_shown_changes_no_byte(cast: Cast, action: Action) -> None:
    """Name, objectives, sites, people, money, documents, contacts: a reader elsewhere sees the same page."""
    offer = factories.make_offer(action, cast.operator_a, title="Médiation")
    addresses = [
        LIST,
        f"{LIST}?q=moulin",
        f"{LIST}{offer.public_id}/",
        "/recherche/?q=moulin",
        "/recherche/?q=12345",
    ]

    def seen() -> dict[str, bytes]:
        client = signed_in(cast.operator13)
        return {path: content(client.get(path)) for path in addresses}

    by, before = actor(cast.correspondent59), seen()
    update_action(
        action=action, by=by, expected_version=action.version, name="Moulin 12345", objectives="Moulin"
    )
    site = factories.make_site("Autre moulin")
    factories.make_survey(site, dt.date(2020, 1, 1), 12345)
    factories.make_funding(action, 2019, planned=12345)
    factories.make_contact(action, "Moulin Contact")
    attached(action, cast.operator_a, "Plan du moulin 12345")
    assert seen() == before


def test_documents_are_given_one_by_one(cast: Cast, action: Action) -> None:
    given = attached(action, cast.operator_a, "Livret")
    other = attached(action, cast.operator_a, "Plan du terrain")
    money = attached(action, cast.correspondent59, "Budget", sensitive=True)
    assert {row.title for row in documents_to_offer(action)} == {"Livret", "Plan du terrain"}
    wanted = [given.public_id, money.public_id]
    offer = factories.make_offer(action, cast.operator_a, documents=wanted)
    assert offer.documents == [given.public_id]
    client = signed_in(cast.operator13)

    def answer(document: Document) -> int:
        return client.get(f"{LIST}{offer.public_id}/documents/{document.public_id}/").status_code

    assert [answer(row) for row in (given, other, money)] == [200, 404, 404]
    assert Download.objects.filter(user=cast.operator13).count() == 1, "une pièce lue laisse sa trace"
    assert client.get(f"/documents/{given.public_id}/").status_code == 404, "par l’annuaire seulement"
    # Forged into the row, a document that is sensitive or of another dispositif is still not given.
    elsewhere = factories.make_action("Autre", by=actor(cast.correspondent59))
    foreign = attached(elsewhere, cast.correspondent59, "Autre pièce")
    forged = [given.public_id, money.public_id, foreign.public_id]
    ActionOffer.objects.filter(pk=offer.pk).update(documents=forged)
    assert [answer(row) for row in (given, money, foreign)] == [200, 404, 404]
    withdraw_document(document=given, by=actor(cast.operator_a), reason="erreur")
    assert answer(given) == 404


def test_the_contact_is_the_one_chosen(cast: Cast, action: Action) -> None:
    contact = factories.make_contact(action, "Lou Choisie", email="lou@exemple.test")
    factories.make_contact(action, "Kim Tue")
    offer = factories.make_offer(action, cast.operator_a, contact=contact)
    client = signed_in(cast.observer)
    page = client.get(f"{LIST}{offer.public_id}/").content.decode()
    assert "lou@exemple.test" in page
    assert "Kim Tue" not in page
    remove_contact(contact=contact, by=actor(cast.correspondent59))
    page = client.get(f"{LIST}{offer.public_id}/").content.decode()
    assert "Lou Choisie" not in page
    assert "personne n’est montré" in page


def test_who_may_show_it(cast: Cast, action: Action) -> None:
    path = f"{LIST}montrer/{action.public_id}/"
    answers = {
        name: signed_in(getattr(cast, name)).get(path).status_code
        for name in ("correspondent59", "operator_a", "operator_b", "national", "correspondent13")
    }
    assert answers == {
        "correspondent59": 200,
        "operator_a": 200,
        "operator_b": 403,
        "national": 403,
        "correspondent13": 403,
    }
    with pytest.raises(Refused):
        factories.make_offer(action, cast.operator_a, summary=" ")
    offer = factories.make_offer(action, cast.operator_a)
    with pytest.raises(Stale):
        factories.make_offer(action, cast.correspondent59, expected_version=offer.version - 1)


def test_searching(cast: Cast, action: Action) -> None:
    by = actor(cast.correspondent13)
    far = factories.make_action(
        "Loin", "13", by=by, operators=[organisation_of(cast.operator13)], themes=["work"]
    )
    factories.make_offer(action, cast.operator_a, title="Médiation en santé")
    factories.make_offer(far, cast.correspondent13, title="Chantier d’insertion", summary="Un atelier vélo.")
    close_action(action=far, by=by, ended_on=dt.date(2020, 1, 1))
    client = signed_in(cast.observer)
    operator = organisation_of(cast.operator13).pk
    for query, expected in {
        "": ["Chantier d’insertion", "Médiation en santé"],
        "?q=mediation SANTE": ["Médiation en santé"],
        "?q=vélo": ["Chantier d’insertion"],
        "?q=amis": ["Médiation en santé"],
        "?q=sante vélo": [],
        "?theme=work": ["Chantier d’insertion"],
        "?departement=59": ["Médiation en santé"],
        f"?operateur={operator}": ["Chantier d’insertion"],
        "?etat=en-cours": ["Médiation en santé"],
        "?etat=termines": ["Chantier d’insertion"],
        "?etat=a-venir": [],
        "?q=%00&theme=x&operateur=-1&page=99": ["Chantier d’insertion", "Médiation en santé"],
    }.items():
        assert names(client, query) == expected, query


def test_the_cost_does_not_grow(cast: Cast, action: Action) -> None:
    def cost() -> int:
        client = signed_in(cast.operator13)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    given = attached(action, cast.operator_a, "Livret")
    factories.make_offer(action, cast.operator_a, documents=[given.public_id])
    few = cost()
    for number in range(4):
        other = factories.make_action(
            f"Autre {number}", by=actor(cast.correspondent59), operators=[organisation_of(cast.operator_b)]
        )
        document = attached(other, cast.correspondent59, f"Pièce {number}")
        set_offer(
            action=other,
            by=actor(cast.correspondent59),
            is_offered=True,
            title=f"Titre {number}",
            summary="Ce qu’il fait.",
            contact=None,
            documents=[document.public_id],
            expected_version=0,
        )
    assert cost() == few
