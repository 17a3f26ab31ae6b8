from django.apps import AppConfig

from jalons.core.navigation import AccountItem, register_account_item


class DirectoryConfig(AppConfig):
    name = "jalons.directory"
    label = "directory"
    verbose_name = "Annuaire"

    def ready(self) -> None:
        register_account_item(AccountItem(30, "Annuaire", "directory:people"))
