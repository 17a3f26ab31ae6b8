from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "jalons.territories"
    label = "territories"
    verbose_name = "Territoires"
