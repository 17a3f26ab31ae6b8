from typing import Any

from django.apps import AppConfig
from django.utils.module_loading import import_string

from jalons.accounts.apps import may
from jalons.accounts.enums import Right
from jalons.core import navigation, periodic
from jalons.discussions.topics import Topic, register_topic

# Order, label, page, what is done there, whether it is for national administrators only.
CARDS = (
    (
        5,
        "Mettre en route un département",
        "territories",
        "Ce qui manque avant qu’un territoire vive ici.",
        False,
    ),
    (40, "Structures", "organisations", "Leur nom, leur type, et les doublons à réunir.", False),
    (50, "Référentiels", "referentials", "Nomenclatures, indicateurs du socle, échéances et seuils.", False),
    (80, "Courriels", "mails", "Ce qui est parti, ce qui attend, ce qui est refusé.", True),
    (85, "Tâches de fond", "jobs", "Ce que le serveur fait à côté des pages.", True),
    (90, "Réglages", "settings", "Les choix de la personne qui héberge Jalons.", True),
)


class AdministrationConfig(AppConfig):
    name = "jalons.administration"
    label = "administration"
    verbose_name = "Administration"

    def ready(self) -> None:
        item = navigation.AccountItem(20, "Administration", "administration:home", administers, badge=waiting)
        navigation.register_account_item(item)
        for order, label, page, summary, national in CARDS:
            visible = administers_all if national else may(Right.MANAGE_ACCOUNTS)
            navigation.register_administration_item(
                navigation.AdministrationItem(order, label, f"administration:{page}", summary, visible)
            )
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
    return bool(user.is_authenticated and navigation.administers(user))


def administers_all(user: Any) -> bool:
    territory = import_string("jalons.accounts.permissions.territory_of")
    return bool(user.is_authenticated and territory(user, Right.MANAGE_ACCOUNTS).everywhere)


def waiting(user: Any) -> int:
    """How many things wait for the user, all cards together."""
    return sum(link.badge for link in navigation.administration_links(user))
