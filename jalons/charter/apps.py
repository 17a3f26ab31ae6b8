from typing import Any

from django.apps import AppConfig
from django.utils.module_loading import import_string

from jalons.accounts.enums import Right
from jalons.core import navigation


class CharterConfig(AppConfig):
    name = "jalons.charter"
    label = "charter"
    verbose_name = "Charte et textes"

    def ready(self) -> None:
        # By its name: it reads models, which are not ready when this module is loaded.
        register_opened = import_string("jalons.accounts.opening.register_opened")
        register_opened("jalons.charter.services.ask_on_opening")
        for order, label, page in (
            (20, "Charte", "charter"),
            (30, "Mentions légales", "legal"),
            (40, "Données personnelles", "privacy"),
            (50, "Accessibilité", "accessibility"),
        ):
            item = navigation.NavItem(order, label, f"charter:{page}", visible=navigation.everyone)
            navigation.register_footer_item(item)
        navigation.register_administration_item(
            navigation.AdministrationItem(
                60,
                "Charte et textes",
                "charter:texts",
                "La charte que chacun accepte, et les pages légales, avec leurs versions.",
                publishes,
            )
        )


def publishes(user: Any) -> bool:
    territory = import_string("jalons.accounts.permissions.territory_of")
    return bool(user.is_authenticated and territory(user, Right.MANAGE_ACCOUNTS).everywhere)
