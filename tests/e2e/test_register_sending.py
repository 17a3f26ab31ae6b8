"""A social worker whose phone loses the network: what was saved waits, sealed, goes once, and is stored once."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Dialog, Page, Route, expect

from bench.families import add_families
from jalons.demonstration.register import REGISTER_CODE
from jalons.households.models import Household, Register
from jalons.households.services import create_register, open_register
from jalons.households.sheets.selectors import read_household
from jalons.households.vault import OpenRegister
from tests.e2e.browser import Watch, axe, sign_in
from tests.e2e.layout import straight
from tests.factories import Cast, make_action, make_site, organisation_of

pytestmark = pytest.mark.django_db(transaction=True)
# Everything that this browser keeps, as text: the sealed bytes too.
KEPT = """async () => {
  const base = await new Promise((done) => {
    const opening = indexedDB.open("registre", 1);
    opening.onsuccess = () => done(opening.result);
  });
  const rows = await new Promise((done) => {
    const request = base.transaction("envois").objectStore("envois").getAll();
    request.onsuccess = () => done(request.result);
  });
  base.close();
  const clear = rows.map((row) => JSON.stringify(row) + new TextDecoder("latin1").decode(row.payload));
  const beside = JSON.stringify({ ...localStorage, ...sessionStorage });
  return { number: rows.length, text: clear.join(), beside };
}"""


def visit(phone: Page, words: str) -> None:
    phone.get_by_label("Sur place").check()
    phone.get_by_label("Ce qui s’est dit").fill(words)
    phone.get_by_role("button", name="Enregistrer la visite").tap()


def once(act: Callable[[Route], None]) -> Callable[[Route], None]:
    """For the first POST; what comes after reaches the server."""
    sent: list[str] = []

    def handle(route: Route) -> None:
        if route.request.method != "POST" or sent:
            return route.continue_()
        sent.append(route.request.url)
        return act(route)

    return handle


def stored_then_cut(route: Route) -> None:
    route.fetch()
    route.abort()


def visits(register: OpenRegister, household: Household) -> list[str]:
    family = read_household(register, household.pk)[1]
    assert family is not None
    return [fact.text for fact in family.as_known().by_kind["visit"]]


def open_with_code(phone: Page) -> None:
    phone.get_by_label("Code").first.fill(REGISTER_CODE)
    phone.keyboard.press("Enter")


def test_without_network(phone: Page, cast: Cast, watch: Watch) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED|503|403|401|favicon")
    user = cast.operator_a
    organisation, site = organisation_of(user), make_site("Rue du Port")
    action = make_action("Médiation", operators=[organisation], sites=[site])
    register, _ = create_register(user=user, organisation=organisation, code=REGISTER_CODE)
    add_families(register, user, sites=[site.public_id], actions=[action.public_id], number=2)
    household = Household.objects.order_by("number").first()
    assert household is not None
    before = len(visits(register, household))
    sign_in(phone, user)
    sheet = f"/registre/menages/{household.pk}/"
    bar, words = phone.locator("[data-sending-bar]"), phone.locator("[data-sending-words]")

    phone.goto(sheet)
    open_with_code(phone)
    phone.get_by_role("heading", name="Noter une visite").wait_for()
    expect(bar).to_be_hidden()
    assert phone.locator("[data-keys]").count() == 0, "la clé ne reste pas dans la page"

    # No network: it waits, sealed; leaving asks; the network back, it goes by itself.
    phone.context.set_offline(True)
    visit(phone, "Vaccins à jour.")
    expect(words).to_contain_text("1 envoi en attente")
    kept = phone.evaluate(KEPT)
    assert kept["number"] == 1
    assert not [text for text in ("Vaccins", "on_site", str(household.pk), "Famille") if text in kept["text"]]
    assert "Vaccins" not in kept["beside"]
    axe(phone)
    straight(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    phone.get_by_text("Relire").tap()
    expect(bar).to_contain_text("Vaccins à jour.")
    phone.get_by_role("button", name="Envoyer maintenant").tap()
    expect(words).to_contain_text("dès que la connexion revient")
    phone.context.set_offline(False)
    expect(phone.get_by_text("Enregistré.")).to_be_visible()
    expect(bar).to_be_hidden()
    assert visits(register, household)[before:] == ["Vaccins à jour."]

    # Stored, and its answer lost: sent again, it is stored once.
    phone.route("**/registre/**", once(stored_then_cut))
    visit(phone, "École à la rentrée.")
    expect(words).to_contain_text("1 envoi en attente")
    assert visits(register, household)[before:] == ["Vaccins à jour.", "École à la rentrée."]
    phone.get_by_role("button", name="Envoyer maintenant").tap()
    expect(bar).to_be_hidden()
    phone.get_by_text("École à la rentrée.").wait_for()
    assert visits(register, household)[before:] == ["Vaccins à jour.", "École à la rentrée."]
    phone.unroute("**/registre/**")

    # A server that is away, then a page that is closed all the same: it comes back with the next one.
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    phone.on("dialog", accept)
    phone.route("**/registre/**", once(lambda route: route.fulfill(status=503)))
    visit(phone, "Rendez-vous à la CAF.")
    expect(words).to_contain_text("1 envoi en attente")
    phone.reload()
    assert asked == ["beforeunload"]
    expect(words).to_contain_text("Ce qui attendait est enregistré")
    phone.get_by_role("link", name="Voir la fiche").tap()
    phone.get_by_text("Rendez-vous à la CAF.").wait_for()
    phone.unroute("**/registre/**")

    # What the server refuses comes back to the form, where it was.
    phone.get_by_role("button", name="Enregistrer la visite").tap()
    expect(phone.get_by_role("alert")).to_contain_text("à corriger")
    axe(phone)
    visit(phone, "Après correction.")
    phone.get_by_text("Après correction.").wait_for()

    # Closed meanwhile: said, and it goes on once the register is open.
    Session.objects.all().delete()
    sign_in(phone, user)
    phone.context.set_offline(True)
    visit(phone, "Écrit avant la fermeture.")
    expect(words).to_contain_text("1 envoi en attente")
    phone.context.set_offline(False)
    expect(words).to_contain_text("le registre est fermé")
    axe(phone)
    phone.get_by_role("link", name="Ouvrir le registre").tap()
    phone.get_by_role("heading", name="Le registre est fermé").wait_for()
    expect(words).to_contain_text("il partira dès que vous l’aurez ouvert")
    axe(phone)
    open_with_code(phone)
    expect(words).to_contain_text("Ce qui attendait est enregistré")
    assert visits(register, household)[before:] == [
        "Vaccins à jour.", "École à la rentrée.", "Rendez-vous à la CAF.", "Après correction.",
        "Écrit avant la fermeture.",
    ]  # fmt: skip

    # Closed before it is sent: the code is asked at once, and it goes. A session that ended: one signs in before.
    phone.goto(sheet)
    Session.objects.all().delete()
    sign_in(phone, user)
    visit(phone, "Registre fermé.")
    phone.get_by_role("heading", name="Le registre est fermé").wait_for()
    open_with_code(phone)
    expect(words).to_contain_text("Ce qui attendait est enregistré")
    phone.get_by_role("link", name="Voir la fiche").tap()
    phone.get_by_text("Registre fermé.").wait_for()
    Session.objects.all().delete()
    visit(phone, "Session finie.")
    phone.wait_for_url("**/connexion/?next=*")
    sign_in(phone, user)
    phone.goto(sheet)
    open_with_code(phone)
    expect(words).to_contain_text("Ce qui attendait est enregistré")
    assert visits(register, household)[-2:] == ["Registre fermé.", "Session finie."]

    # A new family: stored once; given up, not at all.
    phone.goto("/registre/menages/nouveau/")
    phone.route("**/registre/**", once(stored_then_cut))
    phone.get_by_label("Prénom").first.fill("Ana")
    phone.get_by_role("button", name="Ajouter la famille").tap()
    expect(words).to_contain_text("1 envoi en attente")
    phone.get_by_role("button", name="Envoyer maintenant").tap()
    phone.get_by_role("heading", name="Noter une visite").wait_for()
    phone.unroute("**/registre/**")
    assert Household.objects.count() == 3
    phone.goto("/registre/menages/nouveau/")
    phone.context.set_offline(True)
    phone.get_by_label("Prénom").first.fill("Ion")
    phone.get_by_role("button", name="Ajouter la famille").tap()
    phone.get_by_role("button", name="Abandonner").tap()
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Effacer ce qui attend").tap()
    expect(bar).to_be_hidden()
    assert Household.objects.count() == 3
    assert phone.evaluate(KEPT)["number"] == 0
    member = Register.objects.get().members.get()
    assert open_register(member, REGISTER_CODE).version == 1
