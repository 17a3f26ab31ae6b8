"""Two people in one form: each sees what the other wrote, and chooses field by field."""

import datetime as dt
from typing import Any

import pytest
from django.template import engines

from jalons.core.ui import Difference
from jalons.history.conflicts import conflict, fact_conflict, settled
from jalons.history.services import Stale, correct, save_record
from jalons.sites.models import Site, Survey
from tests import factories
from tests.front import on_one_line

pytestmark = pytest.mark.django_db

DAY = dt.date(2019, 12, 12)


def refused(site: Site, typed: dict[str, Any], seen: int) -> Stale:
    for name, value in typed.items():
        setattr(site, name, value)
    with pytest.raises(Stale) as stale:
        save_record(record=site, by=factories.an_author(site), expected_version=seen)
    return stale.value


@pytest.fixture
def opened_by_two() -> tuple[Site, int]:
    """A site that I opened, and that someone else saved since, twice."""
    site = factories.make_site("Rue du Général", address="12 rue du Général", kind="land")
    seen = site.version
    theirs = Site.objects.get(pk=site.pk)
    theirs.name = "Rue Neuve"
    save_record(record=theirs, by=factories.an_author(site))
    theirs.kind = "building"
    sacha = factories.make_user("operator", "59", name="Sacha Amis")
    save_record(record=theirs, by=factories.actor(sacha))
    return site, seen


def test_each_field_says_who_wrote_what(opened_by_two) -> None:
    site, seen = opened_by_two
    typed = {"name": "Rue du Maréchal", "kind": "other", "address": "14 rue du Général"}
    stale = refused(site, typed, seen)
    name, kind = conflict(stale.current, seen, typed)  # the address is mine alone: no conflict
    assert (name.field, name.label, name.seen, name.theirs, name.mine) == (
        "name", "Nom du site", "Rue du Général", "Rue Neuve", "Rue du Maréchal",
    )  # fmt: skip
    assert (kind.seen, kind.theirs, kind.mine) == ("Terrain", "Immeuble bâti", "Autre")
    assert (name.who, kind.who) == (str(factories.an_author(site).user), "Sacha Amis")
    assert kind.organisation
    assert kind.when == Site.objects.get(pk=site.pk).changed_at
    assert name.keep_mine


def test_what_i_left_alone_is_theirs_by_default(opened_by_two) -> None:
    site, seen = opened_by_two
    typed = {"name": "Rue du Général", "kind": "building"}
    (name,) = conflict(refused(site, typed, seen).current, seen, typed)  # we agree on the kind
    assert (name.field, name.keep_mine) == ("name", False)


@pytest.mark.parametrize("seen", [None, 99])
def test_a_version_that_is_not_found_compares_with_what_stands(opened_by_two, seen: int | None) -> None:
    site, _ = opened_by_two
    typed = {"name": "Rue du Maréchal", "kind": "building"}
    (name,) = conflict(Site.objects.get(pk=site.pk), seen, typed)
    assert (name.seen, name.theirs, name.mine, name.keep_mine) == ("", "Rue Neuve", "Rue du Maréchal", True)


def test_the_choice_is_saved_and_nothing_typed_is_lost(opened_by_two) -> None:
    site, seen = opened_by_two
    typed = {"name": "Rue du Maréchal", "kind": "other", "address": "14 rue du Général"}
    current = refused(site, typed, seen).current
    chosen = settled(current, typed, {"conflit-name": "theirs", "conflit-kind": "mine"})
    assert chosen == {"name": "Rue Neuve", "kind": "other", "address": "14 rue du Général"}


def test_facts_conflict_too() -> None:
    site = factories.make_site()
    author = factories.an_author(site)
    seen = factories.make_survey(site, DAY, 12, minors=None, blanks={"minors": "nd"})
    current = correct(
        fact=Survey.objects.get(pk=seen.pk), by=author, reason="", people=15, minors=4, households=None,
        blanks={"households": "na"},
    )  # fmt: skip
    typed = {"people": 16, "minors": None, "households": 3, "blanks": {"minors": "dash"}}
    shown = {one.field: one for one in fact_conflict(seen, current, typed)}
    assert list(shown) == ["people", "households", "minors"]
    assert (shown["people"].seen, shown["people"].theirs, shown["people"].mine) == ("12", "15", "16")
    assert (shown["minors"].seen, shown["minors"].theirs, shown["minors"].mine) == ("ND", "4", "–")
    assert shown["people"].who == str(author.user)
    chosen = settled(current, typed, {"conflit-minors": "theirs", "conflit-households": "theirs"})
    assert chosen == {"people": 16, "minors": 4, "households": None, "blanks": {"households": "na"}}


def test_the_component_shows_the_three_values_and_two_choices() -> None:
    shown = Difference(
        "name", "Nom du site", "", "Rue <b>Neuve</b>", "Rue du Maréchal", "Sacha Amis", "Les amis de Lille"
    )
    page = on_one_line(
        engines["django"].from_string("{% conflict differences %}").render({"differences": [shown]})
    )
    for text in (
        "Vous aviez vu", "non renseigné", "Sacha Amis (Les amis de Lille) a enregistré",
        "Rue &lt;b&gt;Neuve&lt;/b&gt;", "Vous proposez", "Garder la mienne", "Prendre la leur",
    ):  # fmt: skip
        assert text in page
    assert page.count('name="conflit-name"') == 2
    assert 'value="mine" id="conflit-name-mine" checked' in page
    assert engines["django"].from_string("{% conflict none %}").render({"none": []}).strip() == ""
