from typing import Any

from django.apps import AppConfig
from django.utils.module_loading import import_string

from jalons.accounts.rights import register_rights
from jalons.core import navigation, periodic
from jalons.public.rights import PUBLIC


class PublicConfig(AppConfig):
    name = "jalons.public"
    label = "public"
    verbose_name = "Chiffres ouverts"

    def ready(self) -> None:
        register_rights(PUBLIC)
        periodic.register(periodic.Job(63, "Chiffres ouverts interrompus", "jalons.public.jobs.give_back"))
        navigation.register_footer_item(
            navigation.NavItem(10, "Chiffres ouverts", "public:figures", visible=navigation.everyone)
        )
        navigation.register_administration_item(
            navigation.AdministrationItem(
                65,
                "Chiffres ouverts",
                "public:editions",
                "Les éditions publiées pour tous : préparer, contrôler ce qui est masqué, publier, retirer.",
                publishes_figures,
            )
        )


def publishes_figures(user: Any) -> bool:
    # By its name: it reads models, which are not ready when this module is loaded.
    return bool(import_string("jalons.public.permissions.publishes_figures")(user))
