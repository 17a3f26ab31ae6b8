from django.apps import AppConfig

from jalons.core.navigation import NavItem, register


class SitesConfig(AppConfig):
    name = "jalons.sites"
    label = "jalons_sites"
    verbose_name = "Sites"

    def ready(self) -> None:
        register(NavItem(order=10, label="Sites", url_name="sites:list", prefix="/sites/"))
