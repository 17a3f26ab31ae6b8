"""The dates of the past and the dates that do not agree, seen in a browser at both sizes."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from jalons.actions.enums import Rhythm
from jalons.actions.models import Action
from jalons.sites.models import Site
from tests import factories
from tests.e2e.browser import axe, sign_in
from tests.factories import Cast

JANUARY, MARCH, JUNE, SEPTEMBER = (dt.date(2020, month, 1) for month in (1, 3, 6, 9))


@pytest.fixture
def site(cast: Cast) -> Site:
    """A site closed in June where people were counted in September, and an open one to merge."""
    by = factories.actor(cast.correspondent59)
    closed = factories.make_site("Le Pont", opened=JANUARY, closed=JUNE, by=by)
    factories.make_survey(closed, SEPTEMBER, 40, by=by)
    return closed


@pytest.fixture
def action(cast: Cast) -> Action:
    factories.make_socle()
    made = factories.make_action(
        "MOUS de Lille",
        operators=[factories.organisation_of(cast.operator_a)],
        starts_on=JANUARY,
        rhythm=Rhythm.MONTHLY,
    )
    factories.make_follow_up(made, SEPTEMBER, by=cast.operator_a, personnes=30, entrees=4)
    return made


def both(page: Page, phone: Page) -> list[Page]:
    return [page, phone]


def test_the_two_answers_without_the_address(page: Page, phone: Page, cast: Cast, site: Site) -> None:
    open_site = factories.make_site("Le Talus", opened=JANUARY, by=factories.actor(cast.correspondent59))
    factories.make_survey(open_site, MARCH, 25, by=factories.actor(cast.correspondent59))
    for one in both(page, phone):
        sign_in(one, cast.correspondent59)
        one.goto("/sites/?au=2020-04-01")
        expect(one.get_by_label("Situation au", exact=True)).to_have_value("01/04/2020")
        axe(one)
        one.get_by_role("link", name="comparer les deux").click()
        expect(one.get_by_role("heading", level=1)).to_contain_text("Ce que l’on savait")
        expect(one.get_by_role("cell", name="+25").first).to_be_visible()
        axe(one)
        one.goto("/sites/?au=2020-04-01")
        one.get_by_role("link", name="voir telle que connue le 1er avril 2020").click()
        expect(one.get_by_role("link", name="Retirer le filtre Telle que connue le")).to_be_visible()
        axe(one)
        one.get_by_role("link", name="voir telle que connue aujourd’hui").click()
        expect(one.get_by_role("link", name="Le Talus")).to_be_visible()


def test_dates_that_do_not_agree(page: Page, phone: Page, cast: Cast, site: Site) -> None:
    other = factories.make_site("Le Talus", opened=JANUARY, by=factories.actor(cast.correspondent59))
    factories.make_survey(other, SEPTEMBER, 40, by=factories.actor(cast.correspondent59))
    for one in both(page, phone):
        sign_in(one, cast.correspondent59)
        for address in (
            f"/sites/{site.public_id}/",
            "/sites/?statut=fermes",
            f"/sites/{site.public_id}/fusionner/?avec={other.public_id}",
        ):
            one.goto(address)
            expect(one.get_by_text("après la fermeture du site").first).to_be_visible()
            axe(one)
        expect(one.get_by_label("Garder le site ouvert")).to_be_checked()


def test_movements_after_a_gap_on_a_desk(page: Page, cast: Cast, action: Action) -> None:
    movements_after_a_gap(page, cast, action)


def test_movements_after_a_gap_on_a_phone(phone: Page, cast: Cast, action: Action) -> None:
    movements_after_a_gap(phone, cast, action)


def movements_after_a_gap(one: Page, cast: Cast, action: Action) -> None:
    """One screen at a time: a draft is the person's own, on whichever it was typed."""
    sign_in(one, cast.operator_a)
    one.goto(f"/dispositifs/{action.public_id}/suivi/nouveau/")
    entries = one.locator("[data-flow] input:not([type=radio])").first
    one.locator("label[for=id_same_all]").click()
    expect(entries).to_have_attribute("placeholder", "")
    one.get_by_label("Aucun mouvement depuis le 01/09/2020").check()
    expect(entries).to_have_attribute("placeholder", "0")
    axe(one)
    one.goto(f"/dispositifs/{action.public_id}/suivi/inchange/")
    expect(one.get_by_text("plus longtemps que le rythme convenu")).to_be_visible()
    axe(one)


def test_a_dispositif_keeps_the_alert(page: Page, phone: Page, cast: Cast, action: Action) -> None:
    factories.close_action(action=action, by=factories.actor(cast.correspondent59), ended_on=JUNE)
    for one in both(page, phone):
        sign_in(one, cast.correspondent59)
        for address in (f"/dispositifs/{action.public_id}/", "/dispositifs/?statut=termines"):
            one.goto(address)
            expect(one.get_by_text("après la fermeture du dispositif").first).to_be_visible()
            axe(one)
