from django.apps import AppConfig

from jalons.sites.cards import Card, register_card


class UrgencyConfig(AppConfig):
    name = "jalons.urgency"
    label = "urgency"
    verbose_name = "Priorités"

    def ready(self) -> None:
        register_card(
            Card(
                order=5,
                template="urgency/_card.html",
                content="jalons.urgency.sheet.card",
                blocks="jalons.urgency.sheet.blocks",
            )
        )
