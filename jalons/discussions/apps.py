from django.apps import AppConfig

from jalons.core import periodic
from jalons.core.navigation import AccountItem, register_account_item
from jalons.discussions.topics import Topic, register_topic

MENTION = Topic(
    "mention",
    "les commentaires où l’on vous nomme",
    "Dès que quelqu’un écrit @ et votre nom sous une fiche que vous pouvez lire.",
)


class DiscussionsConfig(AppConfig):
    name = "jalons.discussions"
    label = "discussions"
    verbose_name = "Discussions"

    def ready(self) -> None:
        register_topic(MENTION)
        register_account_item(AccountItem(50, "Mes courriels", "discussions:mail_choices"))
        # Last: what the other jobs queue leaves in the same run.
        periodic.register(
            periodic.Job(90, "Envoi des courriels", "jalons.discussions.notifications.send_mails")
        )
