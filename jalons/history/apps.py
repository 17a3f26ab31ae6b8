from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "jalons.history"
    label = "history"
    verbose_name = "Histoire"
