from typing import Any

from django.apps import AppConfig
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.rights import register_rights
from jalons.accounts.subjects import Subject, register_subject
from jalons.core import periodic
from jalons.discussions.topics import Topic, register_topic
from jalons.readership.things import Ground, ReadBlock, Thing, register_thing
from jalons.sharing.rights import SHARING

TOPIC = Topic(
    "practices",
    "ce que deviennent les bonnes pratiques de votre structure",
    "Quand une page est publiée, rendue, ou pas relue depuis dix-huit mois ; pour qui publie, quand une attend.",
)
PUBLISHED = ReadBlock("La page publiée et ses documents", Right.READ_SHARED)
BEFORE = ReadBlock("La page, tant qu’elle n’est pas publiée", Right.WRITE_PRACTICE)


class SharingConfig(AppConfig):
    name = "jalons.sharing"
    label = "sharing"
    verbose_name = "Annuaire des dispositifs et bonnes pratiques"

    def ready(self) -> None:
        register_rights(SHARING)
        register_subject(
            Subject(
                kind="pratique",
                model=self.get_model("Practice"),
                url=page_url,
                read=Right.READ_SHARED,
                comment=Right.COMMENT_PRACTICE,
                attach=Right.WRITE_PRACTICE,
                sensitive_words="une pièce sensible",
                related=("owner",),
            )
        )
        register_thing(
            Thing(
                kind="pratique",
                words="cette page",
                model=self.get_model("Practice"),
                url=page_url,
                blocks=lambda practice: (PUBLISHED,) if practice.is_published else (BEFORE,),
                ground=lambda practice: Ground(frozenset(), frozenset([practice.owner.standing_id])),
            )
        )
        register_topic(TOPIC)
        periodic.register(
            periodic.Job(56, "Bonnes pratiques à relire", "jalons.sharing.notifications.remind")
        )


def page_url(practice: Any) -> str:
    return reverse("sharing:practice", args=[practice.public_id])
