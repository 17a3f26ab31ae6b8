"""Ce que l’on fait d’une édition : la refaire, l’arrêter, la publier, la partager, la relire."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from jalons.accounts.decorators import signed_in
from jalons.accounts.models import User
from jalons.core.values import french_spaces
from jalons.editing.refusals import Refused
from jalons.editing.writing import record, typed
from jalons.editions.enums import EditionStage
from jalons.editions.forms import YES, ShareReportForm
from jalons.editions.jobs import check_report, make_report, progress_of
from jalons.editions.permissions import may_ask
from jalons.editions.registry import report_kinds
from jalons.editions.selectors import period_title, title_of
from jalons.editions.services.asking import ask_again
from jalons.editions.services.life import mark_read, publish_edition, share_edition, take_back_access
from jalons.editions.services.making import take_edition
from jalons.editions.views.common import ASKED, actor, edition_of, own_edition, written_edition
from jalons.reports.selectors.areas import seen_area

PUBLISHED = (
    "Cette édition est publiée : ses fichiers s’écrivent une dernière fois, sans la marque « Brouillon »."
)


def back_to(public_id: str) -> HttpResponse:
    return redirect("editions:edition", public_id)


@signed_in
@require_POST
def stop(request: HttpRequest, public_id: str) -> HttpResponse:
    edition = own_edition(request, public_id)
    if edition.stage == EditionStage.MAKING:
        progress_of(edition).ask_to_stop()
        messages.success(request, french_spaces("L’arrêt est demandé."))
    else:
        messages.info(request, french_spaces("Ce travail est déjà fini."))
    return back_to(public_id)


@signed_in
@require_POST
def make_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """After a stop, or with the words that were written since: the same instant, the same figures."""
    edition = written_edition(request, public_id)
    if take_edition(edition=edition):
        progress_of(edition).forget()
        make_report.enqueue(edition.pk)
        messages.success(request, french_spaces(ASKED))
    return back_to(public_id)


@signed_in
@require_POST
def identical(request: HttpRequest, public_id: str) -> HttpResponse:
    """« Refaire à l’identique »: in the worker, the files that were kept do not move."""
    edition = own_edition(request, public_id)
    if edition.stage in (EditionStage.DRAFT, EditionStage.PUBLISHED):
        check_report.enqueue(edition.pk)
        messages.success(request, french_spaces("C’est demandé : le résultat s’affiche ici dans un instant."))
    return back_to(public_id)


@signed_in
@require_POST
def with_today(request: HttpRequest, public_id: str) -> HttpResponse:
    """« Refaire avec ce que l’on sait aujourd’hui »: a new edition, and what changed."""
    edition = own_edition(request, public_id)
    kind, area = report_kinds().get(edition.kind), seen_area(request.user, edition.area)
    if kind is None or area is None or not may_ask(request.user, kind, area):
        messages.error(request, french_spaces("Vous ne pouvez plus demander ce rapport de ce territoire."))
        return back_to(public_id)
    newer = ask_again(edition=edition, kind=kind, area=area, by=actor(request, edition))
    make_report.enqueue(newer.pk)
    messages.success(request, french_spaces(ASKED))
    return back_to(newer.public_id)


@signed_in
@require_POST
def publish(request: HttpRequest, public_id: str) -> HttpResponse:
    edition = own_edition(request, public_id)
    try:
        publish_edition(edition=edition, by=actor(request, edition))
    except Refused as refusal:
        messages.error(request, french_spaces(str(refusal)))
    else:
        progress_of(edition).forget()
        make_report.enqueue(edition.pk)
        messages.success(request, french_spaces(PUBLISHED))
    return back_to(public_id)


@signed_in
@require_POST
def read_by(request: HttpRequest, public_id: str) -> HttpResponse:
    edition = edition_of(request, public_id)
    if mark_read(edition=edition, user=request.user):
        messages.success(request, french_spaces("Votre relecture est notée."))
    return back_to(public_id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def readers(request: HttpRequest, public_id: str) -> HttpResponse:
    edition = own_edition(request, public_id)
    form = ShareReportForm(typed(request))

    def write() -> object:
        user: User = form.cleaned_data["email"]
        writes = form.cleaned_data["may_write"] == YES
        return share_edition(edition=edition, user=user, may_write=writes, by=actor(request, edition))

    to = reverse("editions:readers", args=[public_id])
    answer = record(request, form, write, message="Cette personne peut lire cette édition.", to=to)
    context = {
        "edition": edition,
        "title": title_of(edition),
        "period": period_title(edition),
        "form": form,
        "accesses": edition.accesses.select_related("user").order_by("user__name", "pk"),
    }
    return answer or render(request, "editions/readers.html", context)


@signed_in
@require_POST
def take_back(request: HttpRequest, public_id: str, access: int) -> HttpResponse:
    edition = own_edition(request, public_id)
    take_back_access(access=get_object_or_404(edition.accesses, pk=access))
    messages.success(request, french_spaces("Cette personne ne lit plus cette édition."))
    return redirect("editions:readers", public_id)
