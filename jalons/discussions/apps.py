from django.apps import AppConfig


class DiscussionsConfig(AppConfig):
    name = "jalons.discussions"
    label = "discussions"
    verbose_name = "Discussions"
