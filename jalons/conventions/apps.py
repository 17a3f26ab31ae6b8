from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.module_loading import import_string

from jalons.accounts.enums import Right
from jalons.accounts.subjects import Subject, register_subject
from jalons.core import periodic
from jalons.core.navigation import NavItem, register
from jalons.discussions.topics import Topic, register_topic

REPORT = Topic(
    "report",
    "les rappels du rapport d’exécution des conventions",
    "60, 30, 15 et 7 jours avant la date du rapport, puis 7 jours après, s’il vous reste quelque chose à remplir.",
    "Ne plus recevoir ces rappels",
)
JOB = periodic.Job(
    55, "Rappels du rapport d’exécution", "jalons.conventions.notifications.send_report_reminders"
)


class ConventionsConfig(AppConfig):
    name = "jalons.conventions"
    label = "conventions"
    verbose_name = "Conventions"

    def ready(self) -> None:
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


def reads_conventions(user: Any) -> bool:
    # By its name: selectors read models, which are not ready when this module is loaded.
    sees = import_string("jalons.conventions.selectors.listing.sees_conventions")
    return bool(user.is_authenticated) and bool(sees(user))


def sheet_url(commitment: object) -> str:
    return reverse(
        "conventions:sheet",
        args=[commitment.convention.slug, commitment.public_id],  # type: ignore[attr-defined]
    )
