from django.apps import AppConfig

from jalons.accounts.apps import may
from jalons.accounts.enums import Right
from jalons.accounts.rights import register_rights
from jalons.core.navigation import AdministrationItem, register_administration_item
from jalons.sites.cards import Card, Urgency, register_card, register_urgency
from jalons.urgency.rights import PRIORITIES


class UrgencyConfig(AppConfig):
    name = "jalons.urgency"
    label = "urgency"
    verbose_name = "Priorités"

    def ready(self) -> None:
        register_rights(PRIORITIES)
        register_administration_item(
            AdministrationItem(
                45,
                "Priorités des sites",
                "urgency:scales",
                "Ce que pèse chaque raison dans l’ordre des sites de votre territoire, et à partir de quand elle vaut.",
                may(Right.MANAGE_ACCOUNTS),  # who sets them without managing accounts finds it above the list
            )
        )
        register_urgency(
            Urgency(
                reasons="jalons.urgency.on_lists.listed_reasons",
                weights="jalons.urgency.on_lists.urgent_weights",
            )
        )
        register_card(
            Card(
                order=5,
                template="urgency/_card.html",
                content="jalons.urgency.sheet.card",
                blocks="jalons.urgency.sheet.blocks",
                above=True,
            )
        )
