from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "jalons.search"
    label = "search"
    verbose_name = "Recherche"
