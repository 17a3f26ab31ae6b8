"""The follow-up of a dispositif on a phone and with the keyboard: keypad and words, folds, newest column, shortcuts."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from jalons.actions.models import Action, FollowUp, StaffLine
from jalons.discussions.models import Comment
from jalons.indicators.models import FollowUpDraft, Indicator
from tests.e2e.browser import Watch, axe, sign_in
from tests.e2e.conftest import opened
from tests.factories import Cast, make_action, make_follow_up, make_socle, organisation_of

pytestmark = pytest.mark.django_db(transaction=True)
ZEROS = {"sorties_positives": 1, "abandons": 0, "abandons_femmes": 0, "exclusions": 0}


@pytest.fixture
def action(cast: Cast) -> Action:
    make_socle()
    action = make_action("MOUS de Lille", operators=[organisation_of(cast.operator_a)], themes=["school"])
    for month in range(1, 9):
        make_follow_up(
            action, dt.date(2020, month, 28), by=cast.operator_a, menages=7, personnes=30 + month, **ZEROS
        )
    return action


@pytest.fixture
def plain(browser: Browser, live_server: Any, watch: Watch) -> Iterator[Page]:
    """A phone whose browser runs no script."""
    screen = {"width": 390, "height": 844}
    yield from opened(browser, live_server, watch, viewport=screen, java_script_enabled=False)


def address(action: Action, end: str = "suivi/") -> str:
    return f"/dispositifs/{action.public_id}/{end}"


def box(page: Page, code: str) -> Any:
    return page.locator(f"#id_v{Indicator.objects.get(code=code).pk}")


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_figures_on_a_phone(phone: Page, cast: Cast, action: Action) -> None:
    FollowUpDraft.objects.create(
        action=action,
        reporter=organisation_of(cast.operator_a),
        user=cast.operator_a,
        typed={"comment_public": ["Deux familles de plus."]},
    )
    sign_in(phone, cast.operator_a)
    phone.goto(address(action, "suivi/nouveau/"))
    # Months without a report, a draft taken up: the first figure still is in the first screen, above the bar.
    first = box(phone, "menages").bounding_box()
    assert first["y"] + first["height"] <= phone.locator(".f-bar").bounding_box()["y"]
    people = box(phone, "personnes")
    assert people.evaluate("box => box.inputMode") == "numeric"
    phone.get_by_role("button", name="ND (non disponible) : Personnes", exact=True).tap()
    assert people.input_value() == "ND"
    phone.get_by_role("button", name="/ (sans objet) : Ménages", exact=True).tap()
    assert box(phone, "menages").input_value() == "/"
    # The page knows that they were touched, as when one types.
    assert {people.get_attribute("name"), box(phone, "menages").get_attribute("name")} <= set(
        phone.locator("[name=touched]").input_value().split()
    )
    phone.locator(".f-team summary").tap()
    phone.get_by_role("button", name="ponctuel").first.tap()
    assert phone.locator("#id_fte_0").input_value() == "ponctuel"
    axe(phone)
    assert fits(phone)
    phone.set_viewport_size({"width": 320, "height": 640})
    assert fits(phone)


def test_without_script_words_are_typed(plain: Page, cast: Cast, action: Action) -> None:
    sign_in(plain, cast.operator_a)
    plain.goto(address(action, "suivi/nouveau/"))
    assert plain.locator(".f-form [inputmode]").count() == 0
    assert plain.locator(".j-figure-key").count() == 0
    plain.goto(address(action))
    # Details at zero fold without a script too, and open with the box.
    zero = plain.locator("tr.j-zero").first
    expect(zero).to_be_hidden()
    plain.get_by_label("Montrer aussi").first.check()
    expect(zero).to_be_visible()


def test_the_follow_up_opens_on_the_newest_column(phone: Page, cast: Cast, action: Action) -> None:
    sign_in(phone, cast.operator_a)
    phone.goto(address(action))
    head = phone.locator("#public [data-latest]")
    seen = "(head) => head.getBoundingClientRect().right - head.closest('.j-scroll').getBoundingClientRect().right"
    assert abs(head.evaluate(seen)) <= 2
    assert fits(phone)
    axe(phone)
    phone.get_by_role("navigation", name="Parties du suivi").get_by_role("link", name="Points de suivi").tap()
    expect(phone.locator("#points")).to_be_in_viewport()


def test_copying_the_sentence_and_moving_with_the_keyboard(page: Page, cast: Cast, action: Action) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, cast.operator_a)
    page.goto(address(action))
    axe(page)
    page.get_by_role("button", name="Copier").press("Enter")
    expect(page.get_by_role("button", name="Copié")).to_be_focused()
    copied = page.evaluate("navigator.clipboard.readText()").replace("\u00a0", " ")
    assert copied == "Au 28 août 2020 : 7 ménages, 38 personnes."
    shown = page.get_by_label("Montrer aussi").first
    shown.press("Space")
    expect(page.locator("tr.j-zero").first).to_be_visible()
    # From the column to the form that corrects it, with its reason beside the button.
    page.locator("#public [data-latest] a").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("28/08/2020")
    axe(page)
    page.locator(".f-bar").get_by_label("Pourquoi cette correction").fill("mieux compté")
    box(page, "personnes").fill("40")
    box(page, "personnes").press("Control+Enter")
    page.wait_for_url(f"**{address(action)}")
    report = FollowUp.objects.known().get(valid_on=dt.date(2020, 8, 28))
    assert report.reason == "mieux compté"


def test_control_enter_saves_a_comment_and_a_team(page: Page, cast: Cast, action: Action) -> None:
    sign_in(page, cast.operator_a)
    page.goto(address(action, ""))
    comment = page.get_by_label("Écrire un commentaire")
    comment.fill("Vu ce matin.")
    comment.press("Control+Enter")
    expect(page.get_by_text("Vu ce matin.").first).to_be_visible()
    assert Comment.objects.count() == 1
    page.goto(address(action, "equipe/"))
    axe(page)
    page.locator("[name=equipe-0-job]").select_option("interpreter")
    page.get_by_role("button", name="ponctuel").first.press("Enter")
    page.locator("[name=equipe-0-fte]").press("Control+Enter")
    page.wait_for_url(f"**{address(action, '')}")
    assert StaffLine.objects.known().get().fte is None


@pytest.mark.parametrize("path", ["/dispositifs/", "/sites/", "/carte/", "/conventions/"])
def test_filters_fold_behind_the_search(phone: Page, cast: Cast, path: str) -> None:
    sign_in(phone, cast.correspondent59)
    phone.goto(path)
    form = phone.get_by_role("search").first
    search, rest = form.locator(".j-field").first, form.locator(".j-filters-main > .j-field").nth(1)
    expect(search).to_be_visible()
    expect(rest).to_be_hidden()
    form.locator("summary", has_text="Filtres").first.tap()
    expect(rest).to_be_visible()
    axe(phone)
    assert fits(phone)


def test_the_fold_says_how_many_filters_are_at_work(phone: Page, cast: Cast) -> None:
    sign_in(phone, cast.correspondent59)
    phone.goto("/sites/?q=Lille&au=01/01/2020")
    expect(phone.locator(".j-filters-fold summary")).to_have_text("Filtres (1)")
    phone.set_viewport_size({"width": 1280, "height": 900})
    expect(phone.locator(".j-filters-fold")).to_be_hidden()
    expect(phone.locator(".j-filters-main > .j-field").nth(1)).to_be_visible()


def test_a_bar_of_progress_is_seen_in_forced_colours(page: Page, watch: Watch) -> None:
    """Windows in high contrast keeps borders and drops backgrounds: the part that is done must stay apart."""
    page.emulate_media(forced_colors="active")
    page.goto("/composants")
    bar = page.locator(".j-progress-bar").first
    assert bar.evaluate("bar => getComputedStyle(bar).forcedColorAdjust") == "none"
    assert bar.evaluate("bar => getComputedStyle(bar).outlineStyle") == "solid"
