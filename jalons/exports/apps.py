from django.apps import AppConfig

from jalons.core.navigation import AccountItem, register_account_item


class ExportsConfig(AppConfig):
    name = "jalons.exports"
    label = "exports"
    verbose_name = "Exports"

    def ready(self) -> None:
        register_account_item(AccountItem(60, "Mes téléchargements", "exports:downloads"))
