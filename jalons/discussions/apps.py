from django.apps import AppConfig

from jalons.accounts.rights import register_rights
from jalons.backups import queues
from jalons.core import periodic
from jalons.core.navigation import AccountItem, register_account_item
from jalons.discussions.followed import NewsSource, register_news
from jalons.discussions.rights import COMMENTS
from jalons.discussions.topics import Topic, register_topic
from jalons.presence.erasing import register_eraser
from jalons.readership.things import register_chosen

TOPICS = (
    Topic(
        "mention",
        "les commentaires où l’on vous nomme",
        "Dès que quelqu’un écrit @ et votre nom sous une fiche que vous pouvez lire.",
    ),
    Topic(
        "news",
        "les nouvelles à envoyer tout de suite",
        "Pour ce que vous suivez « tout de suite », dès qu’il s’y passe quelque chose.",
    ),
    Topic(
        "digest",
        "la lettre de la semaine",
        "Le lundi, ce qui s’est passé sur ce que vous suivez « une fois par semaine » ; rien s’il ne s’est rien passé.",
        "Ne plus recevoir cette lettre",
    ),
)
LETTERS = "jalons.discussions.news.letters"


class DiscussionsConfig(AppConfig):
    name = "jalons.discussions"
    label = "discussions"
    verbose_name = "Discussions"

    def ready(self) -> None:
        register_rights(COMMENTS)
        register_account_item(AccountItem(45, "Mes abonnements", "discussions:subscriptions"))
        register_account_item(AccountItem(50, "Mes courriels", "discussions:mail_choices"))
        register_eraser("jalons.discussions.services.erase_mails")
        for topic in TOPICS:
            register_topic(topic)
        register_news(
            NewsSource(
                "attached",
                "jalons.discussions.news.attached.attached_news",
                "jalons.discussions.activity.attached_activity",
            )
        )
        periodic.register(periodic.Job(80, "Nouvelles à envoyer tout de suite", f"{LETTERS}.tell_at_once"))
        periodic.register(periodic.Job(81, "Lettres de la semaine", f"{LETTERS}.write_digests"))
        register_chosen("jalons.discussions.selectors.restricted_readers")
        queues.register("courriels", "jalons.discussions.held")
        # Last: what the other jobs queue leaves in the same run.
        periodic.register(
            periodic.Job(90, "Envoi des courriels", "jalons.discussions.notifications.send_mails")
        )
