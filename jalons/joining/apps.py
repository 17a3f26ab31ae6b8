from typing import Any

from django.apps import AppConfig
from django.utils.module_loading import import_string

from jalons.accounts.apps import may
from jalons.accounts.enums import Right
from jalons.core import navigation, periodic


class JoiningConfig(AppConfig):
    name = "jalons.joining"
    label = "joining"
    verbose_name = "Accès"

    def ready(self) -> None:
        item, visible = navigation.AdministrationItem, may(Right.MANAGE_ACCOUNTS)
        navigation.register_administration_item(
            item(
                10,
                "Demandes d’accès",
                "joining:requests",
                "Qui demande un compte dans votre territoire\u00a0: accepter, refuser, poser une question.",
                visible,
                badge=waiting,
            )
        )
        navigation.register_administration_item(
            item(
                20,
                "Comptes",
                "joining:accounts",
                "Inviter des collègues, donner un rôle, un territoire ou un droit, y mettre fin.",
                visible,
            )
        )
        periodic.register(periodic.Job(30, "Demandes d’accès", "jalons.joining.reminders.remind"))
        periodic.register(periodic.Job(31, "Fins de droits", "jalons.joining.reminders.announce_ends"))


def waiting(user: Any) -> int:
    """How many requests wait for this person."""
    model: Any = import_string("jalons.joining.models.AccessRequest")
    return int(model.objects.waiting().visible_to(user).count())
