from typing import Any

from django.apps import AppConfig
from django.urls import reverse

from jalons.accounts.apps import may
from jalons.accounts.enums import Right
from jalons.accounts.rights import register_rights
from jalons.accounts.subjects import Subject, register_subject
from jalons.actions.enums import ActionTheme
from jalons.actions.rights import ACTIONS
from jalons.core import periodic
from jalons.core.navigation import NavItem, register
from jalons.discussions.followed import (
    Followed,
    NewsSource,
    register_followed,
    register_news,
    register_themes,
)
from jalons.discussions.topics import Topic, register_topic
from jalons.figures.declared import register_figures
from jalons.readership.things import Ground, ReadBlock, Thing, register_thing
from jalons.sites.cards import Card, SiteColumn, register_card, register_column

TOPICS = (
    Topic(
        "reminder",
        "les rappels des indicateurs à remplir",
        "Sept jours avant une échéance, le jour même et sept jours après, s’il manque quelque chose.",
        "Ne plus recevoir ces rappels",
    ),
    Topic(
        "late",
        "les retards des dispositifs que vous pilotez",
        "Sept jours après une échéance, si un opérateur n’a pas tout rempli.",
        "Ne plus recevoir ces relevés",
    ),
    Topic(
        "spending",
        "les demandes de dépenses exécutées",
        "Le 5 janvier, le 1er février et le 20 février, s’il en manque pour l’année d’avant.",
        "Ne plus recevoir ces demandes",
    ),
)

READ_BLOCKS = (
    ReadBlock("La fiche du dispositif et son suivi", Right.READ_ACTIONS),
    ReadBlock("Les financements et leurs pièces", Right.READ_FUNDING, also=Right.READ_ACTIONS),
)


class ActionsConfig(AppConfig):
    name = "jalons.actions"
    label = "actions"
    verbose_name = "Dispositifs"

    def ready(self) -> None:
        register_rights(ACTIONS)
        actions = NavItem(20, "Dispositifs", "actions:list", may(Right.READ_ACTIONS), prefix="/dispositifs/")
        register(actions)
        register_subject(
            Subject(
                kind="dispositif",
                model=self.get_model("Action"),
                url=sheet_url,
                read=Right.READ_ACTIONS,
                comment=Right.COMMENT,
                attach=Right.ATTACH,
                read_sensitive=Right.READ_FUNDING,
                write_sensitive=Right.WRITE_FUNDING,
                sensitive_words="une pièce de financement",
                related=("departement",),
            )
        )
        register_thing(
            Thing(
                kind="dispositif",
                words="ce dispositif",
                model=self.get_model("Action"),
                url=sheet_url,
                blocks=lambda action: READ_BLOCKS,
                ground=ground_of,
            )
        )
        register_followed(
            Followed(
                kind="dispositif",
                model=self.get_model("Action"),
                url=sheet_url,
                read=Right.READ_ACTIONS,
                plural="Dispositifs",
                list_url="actions:list",
            )
        )
        register_themes(ActionTheme.choices)
        register_figures("jalons.actions.figures.FAMILIES")
        register_news(
            NewsSource("actions", "jalons.actions.news.action_news", "jalons.actions.news.action_activity")
        )
        for topic in TOPICS:
            register_topic(topic)
        periodic.register(periodic.Job(50, "Rappels du suivi", "jalons.actions.notifications.send_reminders"))
        register_card(
            Card(
                order=20,
                template="actions/_site_card.html",
                content="jalons.actions.selectors.on_site.site_actions",
                blocks="jalons.actions.selectors.on_site.site_blocks",
                proves="jalons.actions.selectors.proofs.step_proofs",
                rows="jalons.actions.selectors.on_site.links_ever",
                flag="has_dispositifs",
            )
        )
        register_column(
            SiteColumn(
                key="dispositifs",
                header="Dispositifs",
                right=Right.READ_ACTIONS,
                empty="aucun",
                links="jalons.actions.selectors.on_site.actions_by_site",
            )
        )


def sheet_url(action: Any) -> str:
    return reverse("actions:sheet", args=[action.public_id])


def ground_of(action: Any) -> Ground:
    """Where a dispositif is declared, where its sites stand, and who takes part in it."""
    communes = frozenset(commune.departement_id for commune in action.communes)
    return Ground(
        communes | {action.departement_id}, frozenset(organisation for organisation, _ in action.parts)
    )
