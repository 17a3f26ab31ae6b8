from typing import Any

from django.apps import AppConfig
from django.db.models import Q
from django.urls import reverse

from jalons.accounts.apps import may
from jalons.accounts.enums import Right
from jalons.accounts.rights import register_rights
from jalons.administration.references import Reference, register_reference
from jalons.core import navigation, periodic
from jalons.layers.rights import LAYERS
from jalons.readership.things import Ground, ReadBlock, Thing, register_thing
from jalons.sites.cards import Card, register_card

OWN_BLOCK = ReadBlock("Par la structure qui la tient", Right.READ_LAYERS)
SHARED_BLOCK = ReadBlock("Par les lecteurs du territoire où elle est partagée", Right.READ_SITES)


class LayersConfig(AppConfig):
    name = "jalons.layers"
    label = "layers"
    verbose_name = "Couches de carte"

    def ready(self) -> None:
        register_rights(LAYERS)
        register_thing(
            Thing(
                kind="couche",
                words="cette couche",
                model=self.get_model("MapLayer"),
                url=layer_url,
                blocks=read_blocks,
                ground=ground_of,
            )
        )
        register_reference(
            Reference(self.get_model("MapLayer"), "organisation", ("couche de carte", "couches de carte"))
        )
        register_reference(
            Reference(
                self.get_model("LayerDraft"),
                "organisation",
                ("couche à vérifier", "couches à vérifier"),
                only=Q(done_at__isnull=True),
            )
        )
        register_card(
            Card(
                order=60,
                template="layers/_card.html",
                content="jalons.layers.sheet.card",
                blocks="jalons.layers.sheet.blocks",
            )
        )
        navigation.register_account_item(
            navigation.AccountItem(45, "Couches de carte", "layers:list", visible=may(Right.READ_SITES))
        )
        periodic.register(
            periodic.Job(63, "Couches à vérifier oubliées", "jalons.layers.jobs.forget_old_drafts")
        )
        periodic.register(periodic.Job(64, "Couches retirées", "jalons.layers.jobs.erase_old_layers"))


def layer_url(layer: Any) -> str:
    return reverse("layers:layer", args=[layer.public_id])


def read_blocks(layer: Any) -> list[ReadBlock]:
    return [OWN_BLOCK] if layer.shared_with_id is None else [OWN_BLOCK, SHARED_BLOCK]


def ground_of(layer: Any) -> Ground:
    """Those around: its organisation, and the départements where it is shared."""
    owners = frozenset([layer.organisation_id, layer.organisation.standing_id])
    return Ground(layer.ground.departements, owners)
