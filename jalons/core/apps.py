from django.apps import AppConfig

from jalons.core.navigation import NavItem, everyone, register, register_footer_item


class CoreConfig(AppConfig):
    name = "jalons.core"
    label = "core"
    verbose_name = "Cœur"

    def ready(self) -> None:
        register(NavItem(0, "Accueil", "home"))
        register_footer_item(NavItem(90, "Composants", "core:components", visible=everyone))
