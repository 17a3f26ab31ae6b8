from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "jalons.exports"
    label = "exports"
    verbose_name = "Exports"
