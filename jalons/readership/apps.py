from django.apps import AppConfig

from jalons.accounts.apps import may
from jalons.accounts.enums import Right
from jalons.core import navigation, periodic


class ReadershipConfig(AppConfig):
    name = "jalons.readership"
    label = "readership"
    verbose_name = "Lecteurs"

    def ready(self) -> None:
        periodic.register(
            periodic.Job(30, "Nouveaux lecteurs", "jalons.readership.newcomers.tell_new_readers")
        )
        periodic.register(
            periodic.Job(95, "Lectures anciennes", "jalons.readership.services.forget_old_readings")
        )
        navigation.register_administration_item(
            navigation.AdministrationItem(
                65,
                "Lectures sensibles",
                "readership:journal",
                "Qui a lu les procédures, les propriétaires et leurs pièces dans votre territoire, depuis un an.",
                may(Right.MANAGE_ACCOUNTS),
            )
        )
