from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    name = "jalons.conventions"
    label = "conventions"
    verbose_name = "Conventions"
