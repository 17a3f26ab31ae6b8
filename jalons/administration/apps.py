from typing import Any

from django.apps import AppConfig

from jalons.core import navigation, periodic
from jalons.discussions.topics import Topic, register_topic


class AdministrationConfig(AppConfig):
    name = "jalons.administration"
    label = "administration"
    verbose_name = "Administration"

    def ready(self) -> None:
        item = navigation.AccountItem(20, "Administration", "administration:home", administers, badge=waiting)
        navigation.register_account_item(item)
        register_topic(
            Topic(
                "backup",
                "les alertes sur les sauvegardes",
                "Pour les administrateurs nationaux, une fois par jour, quand la dernière sauvegarde est ancienne.",
            )
        )
        # Before the e-mails leave.
        periodic.register(
            periodic.Job(80, "Sauvegardes", "jalons.administration.notifications.watch_backups")
        )


def administers(user: Any) -> bool:
    return bool(user.is_authenticated and navigation.administration_links(user))


def waiting(user: Any) -> int:
    """How many things wait for the user, all cards together."""
    return sum(link.badge for link in navigation.administration_links(user))
