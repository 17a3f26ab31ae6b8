from django.apps import AppConfig

from jalons.accounts import opening
from jalons.accounts.apps import may
from jalons.accounts.enums import Right
from jalons.core import navigation


class SecondFactorConfig(AppConfig):
    name = "jalons.second_factor"
    label = "second_factor"
    verbose_name = "Double authentification"

    def ready(self) -> None:
        opening.register_step("jalons.second_factor.views.step.ask_second_factor")
        navigation.register_account_item(
            navigation.AccountItem(15, "Double authentification", "second_factor:overview")
        )
        navigation.register_administration_item(
            navigation.AdministrationItem(
                30,
                "Double authentification",
                "second_factor:people",
                "Qui se connecte avec un second facteur. Un téléphone perdu se remplace d’ici.",
                may(Right.MANAGE_ACCOUNTS),
            )
        )
