"""Who reads a layer: its organisation, and who sees the sites of the territory where it is shared. Nobody else."""

from typing import Any

import pytest
from django.test import Client

from jalons.accounts.enums import Right, Role
from jalons.accounts.permissions import territory_of
from jalons.layers.models import MapLayer
from jalons.layers.permissions import keeping_actor, keeps, sharing_choices
from jalons.layers.services import edit_layer, put_back, withdraw_layer
from jalons.readership.selectors import all_readers
from jalons.readership.things import thing_kind
from tests import factories
from tests.factories import AMP, BACKEND, LILLE, MARSEILLE, MEL, Cast, actor
from tests.layers.making import make_layer

SHARES = ("", "FR", "R32", "59", "13", MEL, LILLE, MARSEILLE)


def readers(layer: MapLayer, people: dict[str, Any]) -> set[str]:
    return {
        name
        for name, user in people.items()
        if MapLayer.objects.visible_to(user).filter(pk=layer.pk).exists()
    }


def in_one_place(layer: MapLayer, people: dict[str, Any]) -> set[str]:
    """The same, asked of the layer itself, as « Qui peut lire ceci ? » does."""
    rights = (Right.READ_LAYERS, *((Right.READ_SITES,) if layer.shared_with_id else ()))
    return {
        name
        for name, user in people.items()
        if any(territory_of(user, right).holds(layer) for right in rights)
    }


def test_two_ways_of_asking_agree(cast: Cast) -> None:
    """The query and the layer give the same people, for every role, reach and level of sharing."""
    people = vars(cast) | {
        "of_mel": factories.make_user(Role.OPERATOR, MEL),
        "of_region": factories.make_user(Role.CONTRIBUTOR, "R32"),
        "of_nowhere": factories.make_user(Role.OBSERVER),
        "of_marseille": factories.make_user(Role.OBSERVER, MARSEILLE),
        "of_amp": factories.make_user(Role.OBSERVER, AMP),
    }
    seen = {}
    for shared in SHARES:
        layer = make_layer(f"Couche {shared}", by=actor(cast.operator_a), shared=shared)
        seen[shared] = readers(layer, people)
        assert seen[shared] == in_one_place(layer, people), shared
    own = {"operator_a", "colleague_a"}
    everywhere = {"national", "correspondent59", "correspondent13"}
    assert seen[""] == own
    assert seen["13"] == own | everywhere | {"operator13", "of_marseille", "of_amp"}
    assert seen[MARSEILLE] == seen["13"]
    nord = (
        own
        | everywhere
        | {"mairie", "operator_b", "contributor", "observer", "council", "of_mel", "of_region"}
    )
    assert seen["59"] == nord
    assert seen["R32"] == nord
    assert seen["FR"] == nord | seen["13"]


def test_only_its_organisation_keeps_it(cast: Cast) -> None:
    layer = make_layer(by=actor(cast.operator_a), shared="59")
    assert {name for name, user in vars(cast).items() if keeps(user, layer)} == {"operator_a", "colleague_a"}


def test_shared_no_wider_than_the_person(cast: Cast) -> None:
    """An association of Lille shares with Lille; a région may choose one of its départements; nobody chooses more."""
    assert [key for key, _ in sharing_choices(keeping_actor(cast.colleague_a))] == [f"commune:{LILLE}"]
    assert [key for key, _ in sharing_choices(keeping_actor(cast.correspondent59))] == ["departement:59"]
    of_region = factories.make_user(Role.INSTITUTION, "R32")
    assert {"region:32", "departement:59", "departement:62"} <= dict(
        sharing_choices(keeping_actor(of_region))
    ).keys()
    assert "departement:13" in dict(sharing_choices(keeping_actor(cast.national)))


def test_a_forged_territory_is_refused(cast: Cast, client: Client) -> None:
    layer = make_layer(by=actor(cast.colleague_a))
    client.force_login(cast.colleague_a, BACKEND)
    form = {
        "title": "x", "source": "y", "dated_on": "1/1/2020", "colour": "blue", "symbol": "star",
        "readers": "departement:59", "expected_version": layer.version,
        "submission_key": "8d2b2c1e-0000-4000-8000-000000000001",
    }  # fmt: skip
    answer = client.post(f"/couches/{layer.public_id}/modifier/", form)
    assert answer.status_code == 200
    layer.refresh_from_db()
    assert (layer.title, layer.shared_with) == ("Maraîchers", None)


def test_withdrawn_it_is_gone_for_all(cast: Cast) -> None:
    layer = make_layer(by=actor(cast.operator_a), shared="59")
    withdraw_layer(layer=layer, by=actor(cast.operator_a), reason="périmée")
    assert readers(layer, vars(cast)) == set()
    put_back(layer=layer, by=actor(cast.colleague_a))
    assert "operator_b" in readers(layer, vars(cast))


def test_sharing_is_dated_and_stays_in_the_history(cast: Cast) -> None:
    layer = make_layer(by=actor(cast.operator_a), shared="59")
    since = layer.shared_on
    edit_layer(layer=layer, described={"title": "Autre"}, by=actor(cast.operator_a), expected_version=1)
    assert layer.shared_on == since is not None
    edit_layer(layer=layer, described={"shared_with": None}, by=actor(cast.colleague_a), expected_version=2)
    assert layer.shared_on is None
    lines = MapLayer.history.filter(id=layer.pk).order_by("version").values_list("changed_by", "shared_with")
    assert [(who, bool(scope)) for who, scope in lines] == [
        (cast.operator_a.pk, True),
        (cast.operator_a.pk, True),
        (cast.colleague_a.pk, False),
    ]


@pytest.mark.parametrize("shared", ["", "59"])
def test_who_can_read_this(cast: Cast, shared: str) -> None:
    layer = make_layer(by=actor(cast.operator_a), shared=shared)
    own, *others = all_readers(thing_kind("couche"), MapLayer.objects.get(pk=layer.pk))
    assert [(row.organisation, row.people) for row in own.near] == [(layer.organisation, 2)]
    assert len(others) == bool(shared)
    if others:
        assert others[0].people == len(readers(layer, vars(cast)))


def test_a_structure_that_is_merged_hands_its_layers_on(cast: Cast) -> None:
    layer = make_layer(by=actor(cast.operator_b))
    organisation = layer.organisation
    organisation.merged_into = actor(cast.operator_a).organisation
    organisation.save()
    assert layer in MapLayer.objects.visible_to(cast.operator_a)
    assert keeps(cast.operator_a, MapLayer.objects.get(pk=layer.pk))
