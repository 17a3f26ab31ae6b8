"""A list that answers nothing here, and something in another tab or state, says where the answer is."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from jalons.conventions.alerts.services import acknowledge
from jalons.conventions.models import Alert
from tests import factories
from tests.house.pages import World
from tests.house.test_permissions import signed_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.first_database(reason="ce que dit une liste vide ; les filtres ont leurs tests"),
]


def only_answered(world: World) -> str:
    """The only error of the convention is acknowledged."""
    convention = world.convention
    Alert.objects.filter(convention=convention).exclude(pk=world.alert.pk).delete()
    acknowledge(alert=world.alert, reason="Vu.", by=factories.actor(world.cast.council))
    return f"/conventions/{convention.slug}/alertes/?niveau={world.alert.level}"


def answered_request(world: World) -> str:
    factories.make_access_request("lou@exemple.test", name="Lou Ailleurs", state="refused")
    return "/administration/demandes/?q=ailleurs"


def structure_alone(world: World) -> str:
    factories.make_organisation("Atelier Ailleurs", "59")
    return "/annuaire/?q=ailleurs"


def person_alone(world: World) -> str:
    factories.make_user("observer", "59", name="Lou Ailleurs")
    return "/annuaire/structures/?q=Lou+Ailleurs"


def closed_site(world: World) -> str:
    factories.make_site("Terrain Ailleurs", "59350", closed=factories.OPENED.replace(year=2020))
    return "/sites/?q=ailleurs"


def ended_action(world: World) -> str:
    return f"/dispositifs/?q={world.ended_action.name.replace(' ', '+')}"


def site_of_a_search(world: World) -> str:
    factories.make_site("Terrain Ailleurs", "59350")
    return "/recherche/?q=ailleurs&dans=conventions"


LISTS: list[tuple[Callable[[World], str], str, str]] = [
    (closed_site, "correspondent59", "?"),
    (ended_action, "correspondent59", "?"),
    (structure_alone, "correspondent59", "/annuaire/structures/?"),
    (person_alone, "correspondent59", "/annuaire/?"),
    (answered_request, "local_admin", "?"),
    (only_answered, "council", "?"),
    (site_of_a_search, "correspondent59", "?"),
]


@pytest.mark.parametrize(("made", "person", "leads"), LISTS, ids=lambda told: getattr(told, "__name__", ""))
def test_an_empty_list_says_where_the_answer_is(still: World, made: Any, person: str, leads: str) -> None:
    address = made(still)
    client = signed_in(getattr(still.cast, person))
    page = client.get(address).content.decode()
    empty = re.search(r'<div class="j-empty">(.*?)</div>', page, re.DOTALL)
    assert empty is not None, "la liste n’est pas vide : l’exemple ne montre rien"
    button = re.search(r'href="([^"]*)"', empty[1])
    assert button is not None
    target = html.unescape(button[1])
    assert target.startswith(leads)
    there = client.get(target if target.startswith("/") else address.partition("?")[0] + target)
    assert "j-empty" not in there.content.decode()
