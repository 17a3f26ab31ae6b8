from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.module_loading import import_string

from jalons.accounts.enums import Right
from jalons.accounts.rights import register_rights
from jalons.accounts.subjects import Subject, register_subject
from jalons.conventions.rights import CONVENTIONS
from jalons.core import periodic
from jalons.core.navigation import NavItem, register
from jalons.discussions.followed import Followed, NewsSource, register_followed, register_news
from jalons.discussions.topics import Topic, register_topic
from jalons.readership.things import Ground, ReadBlock, Thing, register_thing

REPORT = Topic(
    "report",
    "les rappels du rapport d’exécution des conventions",
    "60, 30, 15 et 7 jours avant la date du rapport, puis 7 jours après, s’il vous reste quelque chose à remplir.",
    "Ne plus recevoir ces rappels",
)
JOB = periodic.Job(
    55, "Rappels du rapport d’exécution", "jalons.conventions.report.notifications.send_report_reminders"
)

READ_BLOCK = (ReadBlock("Le texte, les fiches, l’argent et les documents", Right.READ_CONVENTIONS),)


CHECKS = periodic.Job(40, "Contrôles en attente", "jalons.conventions.alerts.checking.run_all_pending")


class ConventionsConfig(AppConfig):
    name = "jalons.conventions"
    label = "conventions"
    verbose_name = "Conventions"

    def ready(self) -> None:
        register_rights(CONVENTIONS)
        register_news(NewsSource("conventions", feed="jalons.conventions.versions.news.edition_activity"))
        register(
            NavItem(
                order=25,
                label="Conventions",
                url_name="conventions:list",
                prefix="/conventions/",
                visible=reads_conventions,
            )
        )
        register_topic(REPORT)
        periodic.register(JOB)
        periodic.register(CHECKS)
        register_subject(
            Subject(
                kind="fiche",
                model=self.get_model("Commitment"),
                url=sheet_url,
                read=Right.READ_CONVENTIONS,
                comment=Right.COMMENT,
                attach=Right.ATTACH,
                related=("convention", "party"),
            )
        )
        register_thing(
            Thing(
                kind="convention",
                words="cette convention",
                model=self.get_model("Convention"),
                url=lambda convention: reverse("conventions:overview", args=[convention.slug]),
                blocks=lambda convention: READ_BLOCK,
                ground=ground_of,
                lookup="slug",
            )
        )
        register_thing(
            Thing(
                kind="fiche",
                words="cette fiche",
                model=self.get_model("Commitment"),
                url=sheet_url,
                blocks=lambda commitment: READ_BLOCK,
                ground=lambda commitment: ground_of(commitment.convention),
            )
        )
        register_followed(
            Followed(
                kind="convention",
                model=self.get_model("Convention"),
                url=overview_url,
                read=Right.READ_CONVENTIONS,
                plural="Conventions",
                list_url="conventions:list",
                key="slug",
                by_mail=False,
            )
        )


def overview_url(convention: Any) -> str:
    return reverse("conventions:overview", args=[convention.slug])


def reads_conventions(user: Any) -> bool:
    # By its name: selectors read models, which are not ready when this module is loaded.
    sees = import_string("jalons.conventions.overview.listing.sees_conventions")
    return bool(user.is_authenticated) and bool(sees(user))


def sheet_url(commitment: object) -> str:
    return reverse(
        "conventions:sheet",
        args=[commitment.convention.slug, commitment.public_id],  # type: ignore[attr-defined]
    )


def ground_of(convention: Any) -> Ground:
    """The départements that sign, and who has a seat."""
    return Ground(
        convention.departement_codes, frozenset(organisation for organisation, _ in convention.seated)
    )
