from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "jalons.figures"
    label = "figures"
    verbose_name = "Chiffres"
