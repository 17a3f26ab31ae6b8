from django.apps import AppConfig


class MapsConfig(AppConfig):
    name = "jalons.maps"
    label = "maps"
    verbose_name = "Cartes"
