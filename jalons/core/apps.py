from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "jalons.core"
    label = "core"
    verbose_name = "Cœur"
