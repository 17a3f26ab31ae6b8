from django.apps import AppConfig

from jalons.accounts.apps import may
from jalons.accounts.enums import Right
from jalons.core.navigation import NavItem, register


class ReportsConfig(AppConfig):
    name = "jalons.reports"
    label = "reports"
    verbose_name = "Tableaux de bord"

    def ready(self) -> None:
        register(
            NavItem(
                50,
                "Tableau de bord",
                "reports:dashboard",
                may(Right.READ_SITES),
                prefix="/tableau-de-bord/",
            )
        )
