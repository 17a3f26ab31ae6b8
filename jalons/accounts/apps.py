from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jalons.accounts"
    label = "accounts"
    verbose_name = "Comptes"
