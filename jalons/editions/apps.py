from typing import Any

from django.apps import AppConfig
from django.utils.module_loading import import_string

from jalons.accounts.rights import register_rights
from jalons.administration.references import Reference, register_reference
from jalons.core import periodic
from jalons.core.navigation import NavItem, register
from jalons.discussions.topics import register_topic
from jalons.editions.rights import EDITIONS
from jalons.editions.topics import EXPECTED, READY, SHARED


class EditionsConfig(AppConfig):
    name = "jalons.editions"
    label = "editions"
    verbose_name = "Rapports"

    def ready(self) -> None:
        register_rights(EDITIONS)
        register(NavItem(52, "Rapports", "editions:list", has_reports, prefix="/rapports/"))
        nudge: Any = self.get_model("ContributionNudge")
        register_reference(
            Reference(
                nudge,
                "organisation",
                ("relance reçue pour un semestre", "relances reçues pour un semestre"),
                lambda row, survivor: nudge.objects.filter(
                    organisation=survivor, first_day=row.first_day, week=row.week
                ),
            )
        )
        for topic in (READY, SHARED, EXPECTED):
            register_topic(topic)
        periodic.register(periodic.Job(65, "Rapports interrompus", "jalons.editions.jobs.give_back"))
        periodic.register(periodic.Job(66, "Fichiers abandonnés", "jalons.editions.jobs.clear_shelf"))
        periodic.register(
            periodic.Job(44, "Rappels du semestre", "jalons.editions.services.nudging.remind_now")
        )


def has_reports(user: Any) -> bool:
    """An `apps.py` cannot import `permissions`."""
    return bool(user.is_authenticated and import_string("jalons.editions.permissions.has_reports")(user))
