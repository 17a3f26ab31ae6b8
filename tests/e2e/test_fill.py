"""An operator fills in a follow-up: in ten interactions on a phone, with the keyboard alone, without JavaScript."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from jalons.actions.models import Action, FollowUp
from jalons.core import clock
from jalons.core.values import format_date
from jalons.indicators.models import FollowUpDraft, Indicator, Measurement
from tests.e2e.browser import Watch, axe, sign_in
from tests.e2e.conftest import opened
from tests.factories import Cast, make_action, make_follow_up, make_socle, organisation_of

pytestmark = pytest.mark.django_db(transaction=True)
# Within the rhythm: after a longer gap, empty movements are not zeros (tests/indicators/test_fill_gap.py).
LAST = clock.today() - dt.timedelta(days=20)
# Thirty values of the socle, as they stood a month ago.
TOLD = {
    "menages": 9, "personnes": 30, "femmes": 12, "mineurs": 14, "entrees": 4, "entrees_familles": 1,
    "entrees_femmes": 2, "entrees_mineurs": 1, "sorties_positives": 1, "abandons": 0, "exclusions": 0,
    "scolarisables": 10, "maternelle": 1, "elementaire": 4, "college": 2, "lycee": 1, "autre_scolarite": 0,
    "mediation_scolaire": 6, "france_travail": 3, "mission_locale": 1, "formations": 2, "contrats": 1,
    "autoentrepreneurs": 0, "en_emploi": 5, "puma_valide": 20, "puma_en_cours": 2, "ame_valide": 4,
    "ame_en_cours": 1, "orientations_sante": 8, "accompagnements_sante": 5,
}  # fmt: skip


@pytest.fixture
def action(cast: Cast) -> Action:
    make_socle()
    operators = [organisation_of(cast.operator_a)]
    action = make_action("MOUS de Lille", operators=operators, themes=["school", "work", "health"])
    make_follow_up(action, LAST, by=cast.operator_a, **TOLD)
    assert len(TOLD) == 30
    return action


@pytest.fixture
def plain(browser: Browser, live_server: Any, watch: Watch) -> Iterator[Page]:
    """A phone whose browser runs no script."""
    screen = {"width": 390, "height": 844}
    yield from opened(browser, live_server, watch, viewport=screen, java_script_enabled=False)


def address(action: Action, end: str = "nouveau/") -> str:
    return f"/dispositifs/{action.public_id}/suivi/{end}"


def box(page: Page, code: str) -> Any:
    return page.locator(f"#id_v{Indicator.objects.get(code=code).pk}")


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def numbers() -> dict[str, Any]:
    report = FollowUp.objects.known().latest("valid_on")
    told = Measurement.objects.known().filter(valid_on=report.valid_on).select_related("series__indicator")
    return {one.series.indicator.code: one.number for one in told}


@pytest.mark.both_databases(reason="le suivi qui s’enregistre en tapant")
def test_three_changes_in_ten_interactions(phone: Page, cast: Cast, action: Action) -> None:
    """From the link of the reminder, signed in. A tap is one interaction; so is typing one figure."""
    sign_in(phone, cast.operator_a)
    interactions = 0
    phone.goto(address(action))
    interactions += 1  # the link of the e-mail
    assert fits(phone)
    axe(phone)
    assert phone.get_by_text(f"repris du {format_date(LAST)}").count() == 16
    for code, figure in (("personnes", "32"), ("entrees", "3"), ("abandons", "1")):
        box(phone, code).tap()
        phone.keyboard.type(figure)  # the old figure is selected: typing replaces it
        interactions += 2
    phone.locator("label", has_text="tout reprendre").tap()
    interactions += 1
    phone.get_by_role("button", name="Enregistrer").tap()
    interactions += 1
    phone.wait_for_url(f"**{address(action, '')}")
    assert interactions == 9 <= 10
    told = numbers()
    assert (told["personnes"], told["entrees"], told["abandons"], told["femmes"]) == (32, 3, 1, 12)
    assert (told["exclusions"], told["contrats"], told["puma-valide"]) == (0, 0, 20)
    report = FollowUp.objects.known().latest("valid_on")
    assert report.unchanged == ("school", "work", "health")
    assert not FollowUpDraft.objects.exists()


def test_totals_warnings_and_draft_while_typing(phone: Page, cast: Cast, action: Action) -> None:
    sign_in(phone, cast.operator_a)
    phone.goto(address(action))
    box(phone, "college").fill("9")
    phone.get_by_text("150 % (15 sur 10)").wait_for()
    phone.get_by_role("link", name="2 à vérifier").wait_for()
    axe(phone)
    phone.get_by_text("Brouillon enregistré à").wait_for()
    assert fits(phone)
    phone.once("dialog", lambda dialog: dialog.accept())
    phone.goto(address(action))
    phone.get_by_text("Vous aviez commencé").wait_for()
    assert box(phone, "college").input_value() == "9"
    axe(phone)
    phone.get_by_role("button", name="Effacer ce brouillon").click()
    phone.get_by_text("Le brouillon est effacé").wait_for()
    assert box(phone, "college").input_value() == "2"


def test_the_keyboard_alone(page: Page, cast: Cast, action: Action) -> None:
    sign_in(page, cast.operator_a)
    page.goto(address(action))
    keys = page.keyboard

    def reach(wanted: str) -> list[str]:
        passed = []
        for _ in range(80):
            keys.press("Tab")
            now = page.evaluate("document.activeElement.id || document.activeElement.innerText.trim()")
            if now == wanted:
                return passed
            passed.append(now)
        raise AssertionError(f"le clavier n’atteint pas {wanted} : {passed}")

    people, entries = (f"id_v{Indicator.objects.get(code=code).pk}" for code in ("personnes", "entrees"))
    # « Rien n’a changé » comes before the boxes of its part.
    assert "id_same_public" in reach(people)
    keys.type("33")
    keys.press("Enter")
    women = f"id_v{Indicator.objects.get(code='femmes').pk}"
    assert page.evaluate("document.activeElement.id") == women
    assert page.url.endswith(address(action))
    reach(entries)
    keys.type("3")
    # Who came in is asked at once, in the next boxes.
    assert page.get_by_label("Entrées, dont femmes").is_visible()
    reach("id_same_school")
    keys.press("Space")
    reach("Enregistrer")
    keys.press("Enter")
    page.wait_for_url(f"**{address(action, '')}")
    told = numbers()
    assert (told["personnes"], told["entrees"], told["college"]) == (33, 3, 2)
    assert FollowUp.objects.known().latest("valid_on").unchanged == ("school",)


def test_undoing_nothing_changed(page: Page, cast: Cast, action: Action) -> None:
    sign_in(page, cast.operator_a)
    page.goto(address(action))
    every = page.locator("label", has_text="tout reprendre")
    every.click()
    assert page.locator("[name^=same_]:checked").count() == 5
    assert box(page, "entrees").get_attribute("placeholder") == "0"
    page.locator("label[for=id_same_health]").click()
    assert not page.locator("#id_same_all").is_checked()
    every.click()
    every.click()
    assert page.locator("[name^=same_]:checked").count() == 0
    assert box(page, "entrees").get_attribute("placeholder") == ""


def test_without_javascript(plain: Page, cast: Cast, action: Action) -> None:
    sign_in(plain, cast.operator_a)
    plain.goto(address(action))
    assert fits(plain)
    box(plain, "femmes").fill("40")
    # Enter keeps a draft: it never sends the report by accident.
    box(plain, "femmes").press("Enter")
    plain.get_by_text("Brouillon enregistré").wait_for()
    assert FollowUp.objects.count() == 1
    assert box(plain, "femmes").input_value() == "40"
    plain.locator("label[for=id_same_work]").click()
    plain.get_by_role("button", name="Enregistrer", exact=True).click()
    plain.get_by_text("Enregistré, à vérifier").wait_for()
    told = numbers()
    assert (told["femmes"], told["contrats"]) == (40, 0)
    assert "entrees" not in told
    plain.get_by_role("link", name="Corriger ce point de suivi").click()
    box(plain, "femmes").fill("14")
    plain.get_by_label("Pourquoi cette correction ?").fill("faute de frappe")
    plain.get_by_role("button", name="Enregistrer").click()
    plain.get_by_text("corrigé.").wait_for()
    assert numbers()["femmes"] == 14


def test_the_one_click_of_the_reminder(phone: Page, cast: Cast, action: Action) -> None:
    sign_in(phone, cast.operator_a)
    phone.goto(address(action, "inchange/"))
    axe(phone)
    assert fits(phone)
    phone.get_by_role("button", name="Confirmer : rien n’a changé").tap()
    phone.wait_for_url(f"**{address(action, '')}")
    assert (numbers()["personnes"], numbers()["entrees"]) == (30, 0)


def test_correcting_is_accessible(phone: Page, cast: Cast, action: Action) -> None:
    sign_in(phone, cast.operator_a)
    phone.goto(address(action, f"{FollowUp.objects.get().lineage}/"))
    axe(phone)
    assert fits(phone)
