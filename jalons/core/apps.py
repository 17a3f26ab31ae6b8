from typing import Any

from django.apps import AppConfig
from django.conf import settings

from jalons.core import periodic
from jalons.core.navigation import NavItem, register, register_footer_item


class CoreConfig(AppConfig):
    name = "jalons.core"
    label = "core"
    verbose_name = "Cœur"

    def ready(self) -> None:
        register(NavItem(0, "Accueil", "home"))
        periodic.register(periodic.Job(5, "Tâches interrompues", "jalons.core.interrupted.give_back_tasks"))
        register_footer_item(NavItem(90, "Composants", "core:components", visible=page_of_components))


def page_of_components(user: Any) -> bool:
    """For those who write pages: not on a real instance."""
    return bool(settings.COMPONENTS_PAGE)
