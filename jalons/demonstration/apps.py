from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "jalons.demonstration"
    label = "demonstration"
    verbose_name = "Démonstration"
