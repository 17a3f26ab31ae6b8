from django.apps import AppConfig

from jalons.accounts.apps import may
from jalons.accounts.enums import Right
from jalons.accounts.rights import register_rights
from jalons.core import navigation, periodic
from jalons.exports.rights import EXPORTS


class ExportsConfig(AppConfig):
    name = "jalons.exports"
    label = "exports"
    verbose_name = "Exports"

    def ready(self) -> None:
        register_rights(EXPORTS)
        navigation.register_account_item(
            navigation.AccountItem(60, "Mes téléchargements", "exports:downloads")
        )
        periodic.register(
            periodic.Job(65, "Fichiers préparés oubliés", "jalons.exports.jobs.forget_prepared")
        )
        navigation.register_administration_item(
            navigation.AdministrationItem(
                70,
                "Téléchargements",
                "exports:everyone",
                "Les fichiers sortis de Jalons dans votre territoire : qui, quoi et quand.",
                may(Right.MANAGE_ACCOUNTS),
            )
        )
