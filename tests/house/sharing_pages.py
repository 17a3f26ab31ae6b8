"""The lines of the table for what is shared with the whole country."""

from collections.abc import Mapping
from typing import Any

from jalons.accounts.enums import Right
from jalons.documents.checks import check_upload
from jalons.documents.models import Document
from jalons.sharing.services import set_offer
from tests import factories
from tests.documents.attaching import attach_upload
from tests.documents.files import sent
from tests.house.page import Page
from tests.house.world import World

READ, WRITE, PUBLISH = Right.READ_SHARED, Right.WRITE_PRACTICE, Right.PUBLISH_PRACTICE
TITLE = "Livret donné"


def on_offer(world: World) -> Mapping[str, Any]:
    return {"public_id": world.offer.public_id}


def on_given(world: World) -> Mapping[str, Any]:
    """A document of the dispositif that is shown, given too; made when it is first asked for."""
    given = Document.objects.filter(title=TITLE).first()
    if given is None:
        by = factories.actor(world.cast.correspondent59)
        upload = check_upload(sent(), name="livret.pdf")
        given = attach_upload(subject=world.ended_action, upload=upload, by=by, title=TITLE)
        world.offer.refresh_from_db()
        set_offer(
            action=world.ended_action,
            by=by,
            is_offered=True,
            title=world.offer.title,
            summary=world.offer.summary,
            contact=None,
            documents=[given.public_id],
            expected_version=world.offer.version,
        )
    return {**on_offer(world), "document": given.public_id}


def on_action(world: World) -> Mapping[str, Any]:
    return {"public_id": world.action.public_id}


def on_practice(world: World) -> Mapping[str, Any]:
    return {"public_id": world.practice.public_id}


def own_page(name: str, right: Right, **kwargs: Any) -> Page:
    """A page that is not published: for anybody else than its owner it does not exist."""
    return Page(name, right, on_practice, person="operator_a", own=True, about_subject=False, **kwargs)


def national_page(name: str, **kwargs: Any) -> Page:
    return Page(name, PUBLISH, on_practice, person="national", national=True, about_subject=False, **kwargs)


SHOWN = {
    "is_offered": "oui",
    "title": "Médiation en santé",
    "summary": "Des médiatrices vont vers les familles.",
}
TEXT = {"title": "Ouvrir un compte en banque", "summary": "Pas à pas.", "body": "D’abord, la domiciliation."}

SHARING_PAGES = [
    Page("sharing:directory", READ),
    Page("sharing:offered", READ, on_offer, about_subject=False),
    Page("sharing:offered_document", READ, on_given, about_subject=False),
    Page("sharing:offer", Right.OFFER_ACTION, on_action, data=lambda w: SHOWN),
    Page("sharing:practices", READ),
    Page("sharing:practice_add", WRITE, data=lambda w: TEXT),
    own_page("sharing:practice", READ),
    own_page("sharing:practice_edit", WRITE, data=lambda w: TEXT),
    own_page("sharing:practice_editions", READ),
    own_page("sharing:practice_ask", WRITE, data=lambda w: {}),
    own_page("sharing:practice_read_again", WRITE, data=lambda w: {}, reads=False),
    own_page("sharing:practice_withdraw", WRITE, data=lambda w: {"answer": "Ce n’est plus vrai."}),
    national_page("sharing:practice_publish", data=lambda w: {}),
    national_page("sharing:practice_give_back", data=lambda w: {"answer": "Ôtez l’adresse."}),
]
