from django.apps import AppConfig

from jalons.sites.cards import Card, register_card


class AlikeConfig(AppConfig):
    name = "jalons.alike"
    label = "alike"
    verbose_name = "Situations semblables"

    def ready(self) -> None:
        register_card(
            Card(
                order=45,
                template="alike/_card.html",
                content="jalons.alike.card.card",
                blocks="jalons.alike.card.blocks",
            )
        )
