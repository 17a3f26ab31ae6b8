from django.apps import AppConfig


class ThresholdsConfig(AppConfig):
    name = "jalons.thresholds"
    label = "thresholds"
    verbose_name = "Seuils"
