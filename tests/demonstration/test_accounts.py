"""The accounts of the invented world: who they are, what each may do."""

import io

import pytest
from django.core.management import call_command

from jalons.accounts.enums import Right, Role
from jalons.accounts.models import User
from jalons.accounts.permissions import can, territory_of
from jalons.demonstration import world as worlds
from jalons.demonstration.people import PASSWORD
from jalons.joining.models import AccessRequest
from jalons.joining.permissions import visible_accounts
from jalons.sites.models import Site
from jalons.territories.models import Commune

ROLES = {
    "national": [Role.NATIONAL],
    "correspondant59": [Role.CORRESPONDENT],
    "correspondant13": [Role.CORRESPONDENT],
    "mairie": [Role.INSTITUTION],
    "operateur-a": [Role.OPERATOR],
    "operateur-b": [Role.OPERATOR],
    "intervenant": [Role.CONTRIBUTOR],
    "observateur": [Role.OBSERVER],
    "departement59": [Role.INSTITUTION],
    "referent59": [Role.INSTITUTION],
    "dtml": [Role.CONTRIBUTOR],
    "comptes59": [Role.LOCAL_ADMIN],
    "admin": [Role.NATIONAL_ADMIN, Role.NATIONAL],
}


def account(name: str) -> User:
    return User.objects.get(email=f"{name}@demo.example")


@pytest.mark.parametrize("name", ROLES)
def test_each_account_signs_in_with_its_role(world: worlds.Built, name: str) -> None:
    user = account(name)
    assert user.check_password(PASSWORD)
    assert [membership.role for membership in user.active_memberships] == ROLES[name]


def test_people_knock_at_the_door(world: worlds.Built) -> None:
    """What the local administrator has to answer, and what is not for them."""
    local, national = account("comptes59"), account("admin")
    waiting = AccessRequest.objects.waiting()
    assert (waiting.visible_to(local).count(), waiting.visible_to(national).count()) == (3, 4)
    invited = account("noemie.lacroix")
    assert not invited.has_usable_password()
    assert invited in visible_accounts(local)


def test_who_may_what(world: worlds.Built) -> None:
    lille, roubaix, marseille = (Commune.objects.get(pk=code) for code in ("59350", "59512", "13055"))
    at = {code: Site(commune=commune) for code, commune in (("lille", lille), ("roubaix", roubaix))}
    south = Site(commune=marseille)
    granted, plain = account("operateur-a"), account("operateur-b")
    assert can(granted, Right.READ_JUSTICE, at["lille"])
    assert can(granted, Right.DECLARE_SITE, at["roubaix"])
    assert not can(plain, Right.READ_JUSTICE, at["lille"])
    assert not can(plain, Right.DECLARE_SITE, at["lille"])
    assert can(plain, Right.UPDATE_SITE, at["lille"])
    assert not can(plain, Right.READ_SITES, south)
    assert can(account("mairie"), Right.UPDATE_SITE, at["lille"])
    assert not can(account("mairie"), Right.UPDATE_SITE, at["roubaix"])
    assert not can(account("intervenant"), Right.READ_SITES, at["lille"])
    assert can(account("correspondant13"), Right.CLOSE_SITE, south)
    assert territory_of(account("national"), Right.READ_SITES).everywhere


def test_the_table_of_accounts(world: worlds.Built) -> None:
    out = io.StringIO()
    call_command("demonstration", "--accounts", stdout=out)
    shown = out.getvalue()
    assert PASSWORD in shown
    assert all(f"{name}@demo.example" in shown for name in ROLES)
    assert "Correspondant départemental" in shown
    assert "Les amis de Lille" in shown
    assert "correspondant93" not in shown
