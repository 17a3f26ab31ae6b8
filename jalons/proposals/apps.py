from typing import Any

from django.apps import AppConfig
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.rights import register_rights
from jalons.accounts.subjects import Subject, register_subject
from jalons.core import periodic
from jalons.discussions.topics import Topic, register_topic
from jalons.proposals.rights import PROPOSALS
from jalons.readership.things import Ground, ReadBlock, Thing, register_thing
from jalons.sites.cards import Card, register_card

TOPIC = Topic(
    "proposals",
    "les propositions de dispositifs et les diagnostics demandés",
    "Quand on en adresse à votre structure, quand on répond aux vôtres, et après sept jours sans réponse.",
)
READ_BLOCKS = (ReadBlock("La proposition et sa réponse", Right.READ_PROPOSALS),)


class ProposalsConfig(AppConfig):
    name = "jalons.proposals"
    label = "proposals"
    verbose_name = "Dispositifs proposés"

    def ready(self) -> None:
        register_rights(PROPOSALS)
        register_subject(
            Subject(
                kind="proposition",
                model=self.get_model("ActionProposal"),
                url=sheet_url,
                read=Right.READ_PROPOSALS,
                comment=Right.COMMENT,
                attach=Right.ATTACH,
                sensitive_words="une pièce sensible",
                related=("departement", "proposer", "pilot", "author"),
                commented="jalons.proposals.notifications.tell_comment",
            )
        )
        register_thing(
            Thing(
                kind="proposition",
                words="cette proposition",
                model=self.get_model("ActionProposal"),
                url=sheet_url,
                blocks=lambda proposal: READ_BLOCKS,
                ground=ground_of,
            )
        )
        register_topic(TOPIC)
        periodic.register(
            periodic.Job(55, "Propositions sans réponse", "jalons.proposals.notifications.remind")
        )
        register_card(
            Card(
                order=21,
                template="proposals/_site_card.html",
                content="jalons.proposals.selectors.on_site",
                blocks="jalons.proposals.selectors.site_blocks",
                rows="jalons.proposals.selectors.rows_ever",
                flag="has_proposals",
            )
        )


def sheet_url(proposal: Any) -> str:
    return reverse("proposals:sheet", args=[proposal.public_id])


def ground_of(proposal: Any) -> Ground:
    return Ground(
        frozenset([proposal.departement_id]), frozenset(organisation for organisation, _ in proposal.parts)
    )
