"""Who works for two operators: two registers, both opened; what is typed for one is never in the other."""

import datetime as dt
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from jalons.accounts.enums import Role
from jalons.accounts.models import Membership
from jalons.core import clock
from jalons.households import session
from jalons.households.families.content import FamilyFact
from jalons.households.models import Household
from jalons.households.services import create_register
from tests.factories import Cast, make_action, make_membership, make_socle, organisation_of
from tests.households.sheets.test_family_pages import LIST, NEW, family_in, text_of
from tests.households.test_opening import CODE, OTHER_CODE, client_of

pytestmark = pytest.mark.django_db


def opened(client: Any, organisation: Any, code: str) -> None:
    client.post("/registre/ouvrir/", {"code": code, "registre": organisation.pk})


def test_two_registers_of_one_person(cast: Cast) -> None:
    user, friends, north = cast.operator_a, organisation_of(cast.operator_a), organisation_of(cast.operator_b)
    south = organisation_of(cast.operator13)
    own, _ = create_register(user=user, organisation=friends, code=CODE)
    client = client_of(user)
    assert "Registre de" not in text_of(client.get("/registre/")), "une seule structure : rien de plus"
    make_membership(user, Role.OPERATOR, "59", organisation=north)
    theirs, _ = create_register(user=user, organisation=north, code=OTHER_CODE)
    ana, mira = family_in(own, "Ana"), family_in(theirs, "Mira")
    client = client_of(user)

    asked = text_of(client.get("/registre/"))
    assert "Quel registre ouvrir" in asked
    assert {str(name) in asked for name in (friends, north)} == {True}
    assert str(south) not in asked
    client.post("/registre/choisir/", {"registre": north.pk})
    locked = text_of(client.get("/registre/"))
    assert f"Registre de {north}" in locked
    opened(client, friends, OTHER_CODE)
    assert "Ana" not in text_of(client.get(LIST)), "chaque registre a son code"
    opened(client, friends, CODE)
    opened(client, north, OTHER_CODE)
    assert {*client.session[session.IN_SESSION]} == {str(friends.pk), str(north.pk)}

    # Both are open; the list is that of the one chosen, and a sheet is read in its own.
    page = text_of(client.get(LIST))
    assert "Mira" in page
    assert "Ana" not in page
    assert f"Passer à celui de {friends}" in page
    sheet = text_of(client.get(f"{LIST}{ana}/"))
    assert "Ana" in sheet
    assert f"Registre de {friends}" in sheet
    client.post("/registre/choisir/", {"registre": friends.pk})
    assert "Ana" in text_of(client.get(LIST))

    # A form goes to the register that it was opened in, whatever another tab chose since.
    page = client.get(NEW).content.decode()
    assert re.findall(r'name="registre" value="(\d+)"', page)[-1] == str(friends.pk)
    typed = {"household": str(uuid4()), "submission_key": str(uuid4()), "personne-0-given_name": "Ion"}
    client.post(NEW, {**typed, "registre": north.pk})
    assert Household.objects.filter(organisation=north).count() == 2
    assert "Ion" not in text_of(client.get(LIST))

    for wrong in (str(south.pk), "x", "-1"):
        assert client.get(LIST, {"registre": wrong}).status_code == 404
        assert client.post("/registre/choisir/", {"registre": wrong}).status_code == 404
        assert client.post(NEW, {**typed, "registre": wrong}).status_code == 404
    stranger = client_of(cast.operator_b)
    assert stranger.get(LIST, {"registre": friends.pk}).status_code == 404
    assert stranger.get(f"{LIST}{ana}/").status_code == 404
    client.post("/registre/fermer/", {"registre": friends.pk})
    for family in (ana, mira):
        assert "Registre fermé" in text_of(client.get(f"{LIST}{family}/")), "les deux se ferment"

    Membership.objects.filter(user=user, organisation=north).update(
        ends_on=clock.today() - dt.timedelta(days=1)
    )
    left = client_of(user)
    assert left.get(LIST, {"registre": north.pk}).status_code == 404
    assert left.get(f"{LIST}{mira}/").status_code in (200, 404)
    assert "Mira" not in text_of(left.get(f"{LIST}{mira}/"))
    assert "Quel registre" not in text_of(left.get("/registre/"))


def test_the_follow_up_counts_in_the_register_of_the_structure_that_fills_in(cast: Cast) -> None:
    socle = make_socle()
    user, friends, north = cast.operator_a, organisation_of(cast.operator_a), organisation_of(cast.operator_b)
    make_membership(user, Role.OPERATOR, "59", organisation=north)
    action = make_action("Médiation", operators=[friends, north])
    own, _ = create_register(user=user, organisation=friends, code=CODE)
    theirs, _ = create_register(user=user, organisation=north, code=OTHER_CODE)
    entry = FamilyFact("d", "dispositif", value=action.public_id)
    family_in(own, "Ana", entry)
    for name in ("Mira", "Ion", "Vera"):
        family_in(theirs, name, entry)
    client = client_of(user)
    fill = f"/dispositifs/{action.public_id}/suivi/nouveau/"
    assert socle
    page = client.get(fill, {"pour": north.pk}).content.decode()
    assert f"/registre/ouvrir/?registre={north.pk}" in page
    for organisation, code, number in ((friends, CODE, 1), (north, OTHER_CODE, 3)):
        opened(client, organisation, code)
        page = text_of(client.get(fill, {"pour": organisation.pk}))
        assert f"{number} d’après votre registre" in page
    # Both stay open: each form has its own numbers, and each list is read in its own register.
    page = client.get(fill, {"pour": friends.pk})
    assert "1 d’après votre registre" in text_of(page)
    listed = {"dispositif": action.public_id, "au": "2026-11-30"}
    ours = text_of(client.get("/registre/nombres/personnes/", {**listed, "registre": friends.pk}))
    other = text_of(client.get("/registre/nombres/personnes/", {**listed, "registre": north.pk}))
    assert ("Ana" in ours, "Mira" in ours, "Ana" in other, "Mira" in other) == (True, False, False, True)


def test_each_form_names_its_register() -> None:
    """By its household, or by a hidden field: a second tab may have chosen another register since."""
    by_household = {
        "handing/hand.html", "joining/unite.html", "joining/part.html", "joining/choose.html", "claims.html",
        "sheets/sheet.html", "sheets/piece.html",
    }  # fmt: skip
    of_every_register = {
        "_switch.html",
        "_bar.html",
        "choose.html",
        "resumed.html",
    }  # they choose or close one
    folder = Path("jalons/households/templates/households")
    nameless = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if 'method="post"' in path.read_text() and "households/_which.html" not in path.read_text()
    }
    assert nameless == by_household | of_every_register
