"""Les éditions : la liste, une édition, ses fichiers, ce qui la distingue de la précédente."""

from typing import cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import signed_in
from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.core import ui
from jalons.core.values import format_number, plural
from jalons.editions.closings import closes_a_half_year, may_close, standing_closing
from jalons.editions.corrections import corrections_between, explained
from jalons.editions.enums import EditionStage, ReportFormat
from jalons.editions.jobs import progress_of
from jalons.editions.making.values import changes_between
from jalons.editions.models import ReportEdition
from jalons.editions.permissions import askable_kinds, is_author, may_write
from jalons.editions.registry import report_kinds
from jalons.editions.selectors import (
    content_of_file,
    edition_lines,
    editions_of,
    files_to_take,
    identical_words,
    period_title,
    screen_of,
    title_of,
)
from jalons.editions.views.common import edition_of
from jalons.exports.contract import About
from jalons.exports.enums import Format
from jalons.exports.responses import send
from jalons.figures.areas import find_area

PAGE_SIZE = 25
COLUMNS = (
    ui.Column("Rapport"),
    ui.Column("Territoire"),
    ui.Column("Période"),
    ui.Column("État"),
    ui.Column("Demandé"),
    ui.Column("Fichiers"),
)


@signed_in
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Mine, and those that were shared with me."""
    page = Paginator(editions_of(request.user), PAGE_SIZE).get_page(request.GET.get(ui.PAGE_PARAMETER, ""))
    count = page.paginator.count
    context = {
        "page": page,
        "lines": edition_lines(list(page.object_list)),
        "columns": COLUMNS,
        "caption": f"{format_number(count)} {plural(count, 'édition', 'éditions')}, la plus récente d’abord",
        "may_ask": bool(askable_kinds(request.user)),
    }
    return render(request, "editions/list.html", context)


@signed_in
@require_safe
def edition(request: HttpRequest, public_id: str) -> HttpResponse:
    edition = edition_of(request, public_id)
    making = edition.stage == EditionStage.MAKING
    progress = progress_of(edition) if making else None
    mine = is_author(request.user, edition)
    kind = report_kinds().get(edition.kind)
    waiting = edition.texts.filter(to_reread=True).exclude(body="").count() if not making else 0
    report = "" if making else screen_of(edition)
    context = {
        "edition": edition,
        "title": title_of(edition),
        "period": period_title(edition),
        "making": making,
        "advance": progress.read() if progress else None,
        "stopping": progress.is_stopping if progress else False,
        "mine": mine,
        "writes": kind is not None and may_write(request.user, edition),
        "to_reread": waiting,
        "files": [] if making else files_to_take(edition),
        "is_current": kind is not None and kind.template == edition.template,
        "identical_words": identical_words(edition),
        "accesses": edition.accesses.select_related("user").order_by("user__name", "pk"),
        "my_reading": edition.accesses.filter(user=request.user.pk).first(),
        "followers": ReportEdition.objects.visible_to(request.user)
        .light()
        .filter(previous=edition)
        .order_by("pk"),
        "closing": standing_closing(edition.area, edition.first_day),
        "closable": closes_a_half_year(edition) and may_close(request.user, find_area(edition.area)),
        "report_lost": report is None,
        # Written by our own template with what it escapes, and kept with the files.
        "report": mark_safe(report or ""),
    }
    answer = render(request, "editions/edition.html", context)
    if making:
        answer["Refresh"] = "3"
    return answer


@signed_in
@require_safe
def download(request: HttpRequest, public_id: str, extension: str) -> HttpResponseBase:
    """The file that was kept, byte for byte."""
    edition = edition_of(request, public_id)
    report_file = edition.files.filter(format=extension).exclude(format=ReportFormat.SCREEN).first()
    if report_file is None or edition.stage == EditionStage.MAKING:
        raise Http404
    about = About(
        perimeter=edition.area_label,
        author=edition.author_words,
        as_of=edition.at,
        known_on=edition.known_on,
        made_at=edition.known_at,
    )
    content = content_of_file(report_file)
    if content is None:
        raise Http404
    return send(
        content,
        user=cast(User, request.user),
        right=Right.EXPORT,
        name=edition.kind,
        label=title_of(edition),
        about=about,
        fmt=Format(extension),
        params={"edition": edition.public_id},
    )


@signed_in
@require_safe
def differences(request: HttpRequest, public_id: str) -> HttpResponse:
    """What changed since the edition that this one was made again from."""
    edition = edition_of(request, public_id)
    previous = edition.previous
    if previous is None or not ReportEdition.objects.visible_to(request.user).filter(pk=previous.pk).exists():
        raise Http404
    corrections = corrections_between(previous, edition, request.user)
    context = {
        "edition": edition,
        "previous": previous,
        "title": title_of(edition),
        "period": period_title(edition),
        "ready": edition.stage != EditionStage.MAKING,
        "changes": explained(changes_between(previous.values, edition.values), corrections),
        "corrections": corrections,
    }
    return render(request, "editions/differences.html", context)
