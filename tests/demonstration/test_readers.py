"""« Qui peut lire ceci ? » names exactly the people whose lists hold the thing, in the demonstration."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from jalons.accounts.models import User
from jalons.accounts.permissions import can
from jalons.actions.models import Action
from jalons.conventions.models import Commitment, Convention
from jalons.demonstration import world as worlds
from jalons.documents.models import Document
from jalons.documents.permissions import fetch_document
from jalons.readership.selectors import all_readers, around, holders_of
from jalons.readership.things import ReadBlock, thing_of
from jalons.sites.models import Site

pytestmark = pytest.mark.django_db


def everyone() -> list[User]:
    return list(User.objects.filter(is_active=True))


def named(obj: Any, block: ReadBlock) -> set[int]:
    thing = thing_of(obj)
    held_on = thing.held_on(obj)
    found = around(thing, obj, [right for right in (block.right, block.also) if right])
    readers = {user for group in holders_of(block, held_on, found) for user, _ in group.people}
    whole = next(one for one in all_readers(thing, obj) if one.block == block)
    assert whole.people == len(readers), "les droits des autres blocs n’y changent rien"
    return readers


@pytest.mark.parametrize("model", [Site, Action, Convention, Commitment])
def test_the_readers_of_a_thing_are_those_whose_list_holds_it(world: worlds.Built, model: Any) -> None:
    visible = {
        user.pk: set(model.objects.visible_to(user).values_list("pk", flat=True)) for user in everyone()
    }
    things = list(model.objects.order_by("pk"))
    assert things
    for obj in things[:: max(1, len(things) // 12)]:
        block = next(iter(thing_of(obj).blocks(obj)))
        assert named(obj, block) == {pk for pk, seen in visible.items() if obj.pk in seen}, obj


@pytest.mark.parametrize("model", [Site, Action])
def test_the_readers_of_a_sensitive_block_are_those_who_see_it_on_the_page(
    world: worlds.Built, model: Any
) -> None:
    people = everyone()
    things = list(model.objects.order_by("pk"))
    for obj in things[:: max(1, len(things) // 8)]:
        for block in list(thing_of(obj).blocks(obj))[1:]:
            page = thing_of(obj).blocks(obj)[0].right
            seeing = {one.pk for one in people if can(one, page, obj) and can(one, block.right, obj)}
            assert named(obj, block) == seeing, (obj, block)


def test_the_readers_of_a_document_are_those_who_may_fetch_it(world: worlds.Built) -> None:
    documents = list(Document.objects.standing())
    assert any(document.sensitive for document in documents)
    assert not all(document.sensitive for document in documents)
    for document in documents[:12]:
        (block,) = thing_of(document).blocks(document)
        assert named(document, block) == {one.pk for one in everyone() if fetched(one, document)}


def fetched(user: User, document: Document) -> bool:
    try:
        fetch_document(user, document.public_id)
    except (Http404, PermissionDenied):
        return False
    return True


def test_a_person_named_for_a_right_is_told_with_its_end(world: worlds.Built) -> None:
    granted = [
        row
        for site in Site.objects.all()[:40]
        for readers in all_readers(thing_of(site), site)[1:]
        for row in readers.near
        if any("nommément" in why for why in row.why)
    ]
    assert granted
