from django.apps import AppConfig

from jalons.backups import queues
from jalons.core import periodic
from jalons.core.navigation import AccountItem, register_account_item
from jalons.presence.erasing import register_eraser


class DiscussionsConfig(AppConfig):
    name = "jalons.discussions"
    label = "discussions"
    verbose_name = "Discussions"

    def ready(self) -> None:
        register_account_item(AccountItem(50, "Mes courriels", "discussions:mail_choices"))
        register_eraser("jalons.discussions.services.erase_mails")
        queues.register("courriels", "jalons.discussions.held")
        # Last: what the other jobs queue leaves in the same run.
        periodic.register(
            periodic.Job(90, "Envoi des courriels", "jalons.discussions.notifications.send_mails")
        )
