from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "jalons.sites"
    label = "jalons_sites"
    verbose_name = "Sites"
