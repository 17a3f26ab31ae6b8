"""What `straight` sees, and the menus of somebody whose name is long and for whom something waits."""

import pytest
from playwright.sync_api import Page

from tests import factories
from tests.e2e.browser import sign_in
from tests.e2e.layout import FLAWS, straight
from tests.factories import Cast

MAIN = "<body style='margin:0'><main style='height:300px'>{}</main></body>"
BAR = "<div style='position:fixed;bottom:0;{}'>{}</div>"
BUTTON = "<button style='position:absolute;top:{}px;height:20px'>Enregistrer</button>"


@pytest.mark.parametrize(
    ("html", "flaw"),
    [
        ("<select style='width:60px'><option>Toutes les structures du territoire</select>", "coupé"),
        ("<select style='width:400px'><option>Toutes</select>", ""),
        ("<details><summary>x</summary><ul class='j-pop' style='position:absolute;left:-9px'>x", "hors"),
        ("<details><summary>x</summary><ul class='j-pop' style='position:absolute;left:9px'>x", ""),
        (BAR.format("left:40px;right:0", "x"), "de travers"),
        (BAR.format("left:0;right:0", "x"), ""),
        (BAR.format("left:0;right:0", "x") + BAR.format("left:0;right:0", "y"), "l’une sur l’autre"),
        (BAR.format("left:0;right:0;height:40px", BUTTON.format(0) + BUTTON.format(9)), "décalés"),
        (BAR.format("left:0;right:0;height:40px", BUTTON.format(0) + BUTTON.format(0)), ""),
    ],
)
def test_the_rule_sees(page: Page, html: str, flaw: str) -> None:
    page.set_content(MAIN.format(html))
    flaws = "\n".join(page.evaluate(FLAWS))
    assert flaw in flaws
    assert bool(flaws) is bool(flaw)


def test_menus_open_inside_the_window_of_a_phone(phone: Page, cast: Cast) -> None:
    """The one of the person used to lose its left half as soon as a count stood beside a name of two words."""
    factories.make_access_request()
    cast.local_admin.name = "Marie-Christine Delebarre"
    cast.local_admin.save(update_fields=["name"])
    sign_in(phone, cast.local_admin)
    phone.goto("/administration/")
    straight(phone)
    action = factories.make_action("Médiation", operators=[factories.organisation_of(cast.operator_a)])
    sign_in(phone, cast.correspondent59)
    phone.goto(f"/dispositifs/{action.public_id}/")
    straight(phone)
