from django.apps import AppConfig

from jalons.accounts.apps import may
from jalons.accounts.enums import Right
from jalons.core import periodic
from jalons.core.navigation import NavItem, register
from jalons.discussions.topics import register_topic
from jalons.editions.topics import READY


class EditionsConfig(AppConfig):
    name = "jalons.editions"
    label = "editions"
    verbose_name = "Rapports"

    def ready(self) -> None:
        register(NavItem(52, "Rapports", "editions:list", may(Right.EXPORT), prefix="/rapports/"))
        register_topic(READY)
        periodic.register(periodic.Job(65, "Rapports interrompus", "jalons.editions.jobs.give_back"))
