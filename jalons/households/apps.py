from django.apps import AppConfig

from jalons.accounts.rights import register_rights
from jalons.administration.references import register_obstacle
from jalons.households.rights import REGISTER


class HouseholdsConfig(AppConfig):
    name = "jalons.households"
    label = "households"
    verbose_name = "Registre des familles"

    def ready(self) -> None:
        register_rights(REGISTER)
        register_obstacle("jalons.households.selectors.merge_obstacle")
