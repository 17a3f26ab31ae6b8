from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.utils.module_loading import import_string

from jalons.accounts.enums import Reach, Right, Role
from jalons.accounts.rights import Rights, register_rights
from jalons.core import navigation

ACCOUNTS = Rights(
    order=50,
    title="Comptes",
    reaches={
        Right.MANAGE_ACCOUNTS: {Role.LOCAL_ADMIN: Reach.SCOPE, Role.NATIONAL_ADMIN: Reach.ALL},
    },
)


class AccountsConfig(AppConfig):
    name = "jalons.accounts"
    label = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        register_rights(ACCOUNTS)
        account, everyone = navigation.AccountItem, navigation.everyone
        navigation.register_account_item(account(10, "Mon compte", "accounts:account"))
        navigation.register_account_item(account(90, "Se déconnecter", "accounts:sign_out", post=True))
        table = navigation.NavItem(10, "Qui peut voir quoi ?", "accounts:who_sees_what", visible=everyone)
        navigation.register_footer_item(table)
        navigation.describe_account(describe)
        navigation.register_switch(organisations_of, "accounts:act_for")


def describe(user: Any) -> str:
    """What stands under the name in the header: « DDETS du Nord · Correspondant départemental »."""
    for membership in user.active_memberships:
        return f"{membership.organisation} · {membership.get_role_display()}"
    return "Compte sans rattachement"


def organisations_of(user: Any) -> list[navigation.Choice]:
    """Those that the person may write for, each once, after leaving it to Jalons; nothing for whoever has one only."""
    labels = {
        membership.organisation_id: str(membership.organisation) for membership in user.active_memberships
    }
    if len(labels) < 2:
        return []
    chosen = user.acting_for if user.acting_for in labels else None
    named = [navigation.Choice(label, pk, pk == chosen) for pk, label in labels.items()]
    automatic = navigation.Choice("Celle qui en a le droit", 0, chosen is None)
    return [automatic, *sorted(named, key=lambda choice: choice.label)]


def may(right: Right) -> Callable[[Any], bool]:
    """For an entry of a menu: shown to whoever holds `right` somewhere. An `apps.py` cannot import `permissions`."""

    def visible(user: Any) -> bool:
        return bool(user.is_authenticated and import_string("jalons.accounts.permissions.has")(user, right))

    return visible
