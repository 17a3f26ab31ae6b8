from typing import Any

from django.apps import AppConfig

from jalons.core import navigation


class AdministrationConfig(AppConfig):
    name = "jalons.administration"
    label = "administration"
    verbose_name = "Administration"

    def ready(self) -> None:
        item = navigation.AccountItem(20, "Administration", "administration:home", administers, badge=waiting)
        navigation.register_account_item(item)


def administers(user: Any) -> bool:
    return bool(user.is_authenticated and navigation.administration_links(user))


def waiting(user: Any) -> int:
    """How many things wait for the user, all cards together."""
    return sum(link.badge for link in navigation.administration_links(user))
