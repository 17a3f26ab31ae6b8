from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.module_loading import import_string

from jalons.accounts.apps import may
from jalons.accounts.enums import Right
from jalons.accounts.rights import register_rights
from jalons.accounts.subjects import Subject, register_subject
from jalons.core.navigation import AccountItem, NavItem, register, register_account_item
from jalons.discussions.followed import Followed, NewsSource, register_followed, register_news
from jalons.discussions.topics import Topic, register_topic
from jalons.figures.declared import register_figures
from jalons.readership.things import Ground, ReadBlock, Thing, register_thing
from jalons.sites.rights import SITES

READ_BLOCKS = (
    ReadBlock("La fiche du site", Right.READ_SITES),
    ReadBlock("Les procédures et leurs pièces", Right.READ_JUSTICE, also=Right.READ_SITES, journal=True),
    ReadBlock("Le propriétaire", Right.READ_OWNER, also=Right.READ_SITES, journal=True),
)

ANSWERS = Topic(
    "report_answer",
    "les réponses à vos signalements de sites",
    "Quand un site que vous avez signalé est déclaré, reconnu ou refusé.",
)


class SitesConfig(AppConfig):
    name = "jalons.sites"
    label = "jalons_sites"
    verbose_name = "Sites"

    def ready(self) -> None:
        register_rights(SITES)
        sites = NavItem(10, "Sites", "sites:list", may(Right.READ_SITES), prefix="/sites/")
        register(sites)
        register_subject(
            Subject(
                kind="site",
                model=self.get_model("Site"),
                url=sheet_url,
                read=Right.READ_SITES,
                comment=Right.COMMENT,
                attach=Right.ATTACH,
                frozen=is_merged,
            )
        )
        register_followed(
            Followed(
                kind="site",
                model=self.get_model("Site"),
                url=sheet_url,
                read=Right.READ_SITES,
                plural="Sites",
                list_url="sites:list",
                gone=is_merged,
            )
        )
        register_topic(ANSWERS)
        register_figures("jalons.sites.figures.FAMILIES")
        register_figures("jalons.sites.resorption.figures.FAMILIES")
        register_account_item(
            AccountItem(
                40, "Signalements", "sites:reports", visible=may(Right.READ_SITES), badge=reports_waiting
            )
        )
        register_news(
            NewsSource("sites", "jalons.sites.news.site_news", "jalons.sites.activity.site_activity")
        )
        register_thing(
            Thing(
                kind="site",
                words="ce site",
                model=self.get_model("Site"),
                url=sheet_url,
                blocks=lambda site: READ_BLOCKS,
                ground=lambda site: Ground(frozenset([site.commune.departement_id])),
            )
        )


def reports_waiting(user: Any) -> int:
    """No query for who answers none."""
    if not may(Right.DECLARE_SITE)(user):
        return 0
    report: Any = import_string("jalons.sites.reporting.models.SiteReport")
    return int(report.objects.to_answer_by(user).count())


def sheet_url(site: Any) -> str:
    return reverse("sites:sheet", args=[site.public_id])


def is_merged(site: Any) -> bool:
    return site.merged_into_id is not None
