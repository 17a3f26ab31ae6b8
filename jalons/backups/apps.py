from django.apps import AppConfig

from jalons.backups.queues import register
from jalons.core import monitoring


class BackupsConfig(AppConfig):
    name = "jalons.backups"
    label = "backups"
    verbose_name = "Sauvegardes"

    def ready(self) -> None:
        monitoring.register("sauvegarde", "jalons.backups.checks.recent_backup")
        register("tâches", "jalons.backups.background")
