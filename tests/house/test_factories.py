"""What tests are made of keeps the rules of the product."""

import datetime as dt

import pytest

from jalons.accounts.enums import Right, Role
from jalons.accounts.permissions import can
from jalons.history.querysets import AsOf
from jalons.sites.models import Site
from jalons.territories.selectors import search_communes
from tests import factories
from tests.factories import Cast

DAY = dt.date(2020, 1, 1)


@pytest.mark.django_db
def test_a_site_stands_alone() -> None:
    site = factories.make_site(closed=DAY)
    assert [*Site.objects.open_on(AsOf(dt.date(2019, 6, 1)))] == [site]
    assert [*Site.objects.closed_on(AsOf(DAY))] == [site]
    assert search_communes("lille")[0].commune_id == factories.LILLE


@pytest.mark.django_db
def test_the_newest_survey_stands() -> None:
    site = factories.make_site()
    factories.make_survey(site, DAY, 12)
    factories.make_survey(site, dt.date(2019, 12, 1), 9)
    assert [*Site.objects.with_figure().values_list("figure__people", flat=True)] == [12]


def test_what_the_cast_may_do_in_lille(cast: Cast) -> None:
    site = factories.make_site()
    people = vars(cast)
    assert {name for name, user in people.items() if can(user, Right.READ_SITES, site)} == set(people) - {
        "operator13", "local_admin", "admin", "nobody",
    }  # fmt: skip
    assert {name for name, user in people.items() if can(user, Right.UPDATE_SITE, site)} == {
        "correspondent59", "mairie", "operator_a", "colleague_a", "council",
    }  # fmt: skip


@pytest.mark.django_db
def test_every_kind_of_scope_and_personal_rights() -> None:
    user = factories.make_user(
        Role.OPERATOR, "59", "R93", factories.MEL, factories.LILLE,
        grants=[Right.READ_OWNER], refused=[Right.ATTACH],
    )  # fmt: skip
    held = user.memberships.get()
    assert sorted(held.scopes.values_list("level", flat=True)) == ["commune", "departement", "epci", "region"]
    assert sorted(held.grants.values_list("right", "allowed")) == [("attach", False), ("read_owner", True)]
