"""The watch, the session and the accessibility check of the journeys see what they must see."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from tests.e2e.browser import Watch, axe, sign_in

pytestmark = pytest.mark.urls("tests.house.urls")


def test_page_and_phone_have_their_widths(page: Page, phone: Page) -> None:
    for one, width in ((page, 1280), (phone, 390)):
        one.goto("/maison/")
        expect(one.get_by_role("heading", name="Maison")).to_be_visible()
        assert one.evaluate("window.innerWidth") == width
        axe(one)


def test_signed_in_with_a_real_session(page: Page) -> None:
    user = get_user_model().objects.create_user(email="maia@example.org", name="Maïa Ferrand")
    page.goto("/maison/")
    expect(page.get_by_text("Connecté : personne")).to_be_visible()
    sign_in(page, user)
    page.goto("/maison/")
    expect(page.get_by_text(f"Connecté : {user.pk}")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/maison/refusee", "Content Security Policy"),
        ("/maison/exception", "HTTP 500"),
        ("/maison/ecrit", "HTTP 500"),
        ("/maison/absente", "HTTP 500"),
        ("/maison/nulle-part", "status of 404"),
    ],
)
def test_problem_of_a_page_fails_the_test(page: Page, watch: Watch, path: str, problem: str) -> None:
    page.goto(path)
    assert any(problem in text for text in watch.remaining()), watch.remaining()
    watch.expect(".")


def test_exception_of_a_script_fails_the_test(page: Page, watch: Watch) -> None:
    page.goto("/maison/")
    page.evaluate("setTimeout(() => { throw new Error('volontaire') })")
    page.evaluate("new Promise(done => setTimeout(done, 50))")
    assert any("volontaire" in text for text in watch.remaining())
    watch.expect(".")


def test_expected_problem_is_let_through(page: Page, watch: Watch) -> None:
    watch.expect("status of 404")
    page.goto("/maison/nulle-part")
    assert watch.problems
    assert not watch.remaining()


def test_inaccessible_page_fails_readably(page: Page) -> None:
    page.goto("/maison/inaccessible")
    with pytest.raises(AssertionError) as failure:
        axe(page)
    assert "image-alt" in str(failure.value)
    assert "sans-etiquette" in str(failure.value)


def test_a_pale_text_is_refused_each_time_after_readable_ones_were_judged(page: Page) -> None:
    page.goto("/maison/")
    axe(page)
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    for _ in range(2):
        with pytest.raises(AssertionError, match="color-contrast"):
            axe(page)


def test_browser_does_not_leave_the_machine(page: Page, watch: Watch) -> None:
    page.goto("/maison/")
    refused = page.evaluate("fetch('http://example.org/').then(() => 'joint', () => 'refusé')")
    assert refused == "refusé"
    watch.expect(".")
