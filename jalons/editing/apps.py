from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "jalons.editing"
    label = "editing"
    verbose_name = "Écrire à plusieurs"
