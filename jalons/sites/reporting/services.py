"""Reporting a site, and answering once: the second of two people reads the answer of the first."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from jalons.core.navigation import full_address
from jalons.core.values import format_date
from jalons.discussions.services import queue_mail
from jalons.documents.services import StoredFile
from jalons.editing.refusals import Refused
from jalons.history.services import Actor
from jalons.sites.enums import EventKind, SiteReportState
from jalons.sites.models import Site
from jalons.sites.reporting.models import SiteReport
from jalons.sites.services import add_event
from jalons.territories.models import Commune

TOPIC = "report_answer"


@transaction.atomic
def report_site(
    *,
    by: Actor,
    commune: Commune,
    seen_on: dt.date,
    message: str,
    photo: StoredFile | None = None,
    **place: Any,
) -> SiteReport:
    """`place`: address, address_detail, latitude, longitude, as far as they are known."""
    report = SiteReport(
        author=by.user,
        organisation=by.organisation,
        commune=commune,
        seen_on=seen_on,
        message=message,
        **place,
    )
    if photo:
        report.photo_name, report.photo_kind = photo.upload.name, photo.upload.kind
        report.photo = photo.path
    report.save(force_insert=True)
    return report


@transaction.atomic
def accept_report(*, report: SiteReport, site: Site, by: Actor) -> None:
    """`site` was declared from this report, whose words go in its journal."""
    answer_once(report, by, state=SiteReportState.ACCEPTED, site=site)
    note_in_journal(report, site, by)
    tell_author(report, site)


@transaction.atomic
def merge_report(*, report: SiteReport, site: Site, by: Actor) -> None:
    """What was reported is a site that is known already."""
    answer_once(report, by, state=SiteReportState.MERGED, site=site)
    note_in_journal(report, site, by)
    tell_author(report, site)


@transaction.atomic
def refuse_report(*, report: SiteReport, answer: str, by: Actor) -> None:
    answer_once(report, by, state=SiteReportState.REFUSED, answer=answer)
    tell_author(report, None)


def answer_once(report: SiteReport, by: Actor, **answered: Any) -> None:
    """`Refused` when somebody has answered: one statement, so that of two people one alone succeeds."""
    pending = SiteReport.objects.filter(pk=report.pk, state=SiteReportState.PENDING)
    if not pending.update(answered_at=timezone.now(), answered_by=by.user, **answered):
        report.refresh_from_db()
        raise Refused(
            f"{report.answered_by} a déjà répondu à ce signalement\u00a0: {report.get_state_display().lower()}."
        )
    report.refresh_from_db()


def note_in_journal(report: SiteReport, site: Site, by: Actor) -> None:
    words = f"Signalé par {report.author} ({report.organisation})\u00a0: {report.message}"
    add_event(site=site, kind=EventKind.REPORT, on=report.seen_on, description=words[:1000], by=by)


def tell_author(report: SiteReport, site: Site | None) -> None:
    """Which site it became is only told to an author who may read it."""
    readable = site if site and Site.objects.visible_to(report.author).filter(pk=site.pk).exists() else None
    link = full_address("sites:report_sheet", report.public_id)
    queue_mail(
        key=f"{TOPIC}/{report.public_id}",
        user=report.author,
        topic=TOPIC,
        subject=f"Votre signalement du {format_date(report.created_at.date())}\u00a0: "
        f"{report.get_state_display().lower()}",
        body=f"{answer_words(report, readable)}\n\nVotre signalement\u00a0:\n{link}",
        about=[f"site:{readable.public_id}"] if readable else [],
    )


def answer_words(report: SiteReport, site: Site | None) -> str:
    named = f" : «\u00a0{site.name}\u00a0»" if site else ""
    if report.state == SiteReportState.ACCEPTED:
        return f"Le site que vous avez signalé est maintenant suivi{named}. Merci."
    if report.state == SiteReportState.MERGED:
        return f"Le lieu que vous avez signalé est un site déjà suivi{named}. Merci."
    return f"Votre signalement n’a pas été retenu. {report.answer}"
