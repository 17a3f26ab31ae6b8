"""Signaler un site, suivre ses signalements, y répondre."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for, can, has, territory_of
from jalons.core.services import write_once
from jalons.core.values import format_date
from jalons.documents.enums import DocumentType
from jalons.documents.services import stored
from jalons.documents.uploads import dropped_files
from jalons.editing.refusals import Refused
from jalons.editing.writing import ALREADY_WRITTEN
from jalons.exports.services import record_download
from jalons.sites.forms.place import territory_words
from jalons.sites.models import Site
from jalons.sites.nearby import nearby_sites
from jalons.sites.pages import sheet_url
from jalons.sites.reporting.forms import MergeReportForm, RefuseReportForm, ReportForm
from jalons.sites.reporting.models import SiteReport
from jalons.sites.reporting.services import merge_report, refuse_report, report_site

PAGE_SIZE = 25
SENT = "Votre signalement est envoyé aux personnes qui suivent les sites de cette commune."
ANSWERED = "Votre réponse est enregistrée\u00a0; son auteur en est prévenu par courriel."


@requires(Right.READ_SITES)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    dropped = "photo" in dropped_files(request) if request.method == "POST" else False
    form = ReportForm(bound[0], files=bound[1], user=request.user, dropped=dropped)
    if form.is_valid():
        return redirect(sent(request, form))
    territory = f"Votre territoire\u00a0: {territory_words(form.territory)}."
    return render(request, "sites/report.html", {"form": form, "territory": territory})


def sent(request: HttpRequest, form: ReportForm) -> str:
    """Writes the report once for the key of the form, and returns its address."""
    commune = form.cleaned_data["place"]
    by = actor_for(request.user, Right.READ_SITES, commune)  # type: ignore[arg-type]
    made: list[SiteReport] = []

    def write() -> str:
        read = form.cleaned_data
        made.append(
            report_site(
                by=by,
                commune=commune,
                seen_on=read["seen_on"],
                message=read["message"],
                photo=next(iter(photos), None),
                **form.where(),
            )
        )
        return reverse("sites:report_sheet", args=[made[0].public_id])

    with stored([form.cleaned_data["photo"]], field=SiteReport._meta.get_field("photo")) as photos:
        url = write_once(form.cleaned_data["submission_key"], user_key=str(by.user.pk), write=write)
    messages.add_message(
        request, messages.SUCCESS if made else messages.INFO, SENT if made else ALREADY_WRITTEN
    )
    return url


@requires(Right.READ_SITES)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What waits for an answer of this person, then what they sent and what was answered."""
    related = ("commune", "author", "organisation", "answered_by")
    every = SiteReport.objects.visible_to(request.user).select_related(*related)
    waiting = (
        SiteReport.objects.to_answer_by(request.user).select_related(*related).order_by("created_at", "pk")
    )
    others = every.exclude(pk__in=waiting.values("pk")).order_by("-created_at", "-pk")
    context = {
        "waiting": waiting[:100],
        "page": Paginator(others, PAGE_SIZE).get_page(request.GET.get("page")),
        "answers": has(request.user, Right.DECLARE_SITE),
    }
    return render(request, "sites/reports.html", context)


def open_report(request: HttpRequest, public_id: str) -> SiteReport:
    related = ("commune__departement", "author", "organisation", "answered_by", "site__commune")
    rows = SiteReport.objects.visible_to(request.user).select_related(*related)
    return get_object_or_404(rows, public_id=public_id)


@dataclass(frozen=True, slots=True)
class AnswerForms:
    """What one may answer; absent once answered, and for who may not declare there."""

    declare_url: str
    merge: MergeReportForm
    refuse: RefuseReportForm


@requires(Right.READ_SITES)
@require_http_methods(["GET", "HEAD", "POST"])
def report_sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """A report and what became of it. POST: `do=merge` or `do=refuse`; accepting is declaring the site."""
    site_report = open_report(request, public_id)
    may_answer = can(request.user, Right.DECLARE_SITE, site_report.commune)
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    answers = answer_forms(request, site_report) if may_answer else None
    if answers and request.method == "POST" and answered(request, site_report, answers):
        return redirect("sites:report_sheet", public_id)
    site = site_report.site
    readable = site and Site.objects.visible_to(request.user).filter(pk=site.pk).exists()
    context = {
        "report": site_report,
        "answers": answers if site_report.is_pending else None,
        "site_url": sheet_url(site) if site and readable else "",
        "point": {"lat": f"{site_report.latitude:.5f}", "lon": f"{site_report.longitude:.5f}"}
        if site_report.latitude
        else None,
    }
    return render(request, "sites/report_sheet.html", context)


def answer_forms(request: HttpRequest, site_report: SiteReport) -> AnswerForms:
    asked = request.POST.get("do", "")
    data = request.POST if request.method == "POST" else None
    return AnswerForms(
        declare_url=f"{reverse('sites:declare')}?{urlencode(prefilled(site_report))}",
        merge=MergeReportForm(
            data if asked == "merge" else None, sites=known_sites(request.user, site_report)
        ),
        refuse=RefuseReportForm(data if asked == "refuse" else None),
    )


def prefilled(site_report: SiteReport) -> dict[str, Any]:
    """What the declaration opens with."""
    values = {
        "report": site_report.public_id,
        "address": site_report.address,
        "address_detail": site_report.address_detail,
        "commune": site_report.commune.name,
        "insee": site_report.commune.pk,
        "latitude": site_report.latitude,
        "longitude": site_report.longitude,
        "observed_on": format_date(site_report.seen_on),
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def known_sites(user: Any, site_report: SiteReport) -> list[tuple[str, str]]:
    """(identifier, name and place) of the sites that this person updates: the closest first, then the commune’s."""
    near = nearby_sites(
        user,
        commune=site_report.commune_id,
        names=[site_report.address],
        latitude=site_report.latitude,
        longitude=site_report.longitude,
    )
    mine = Site.objects.visible_to(user).standing().filter(territory_of(user, Right.UPDATE_SITE).q())
    around = mine.filter(commune=site_report.commune_id).order_by("name", "pk")
    allowed = set(mine.filter(pk__in=[neighbour.site.pk for neighbour in near]).values_list("pk", flat=True))
    sites = {
        neighbour.site.public_id: neighbour.site.name for neighbour in near if neighbour.site.pk in allowed
    }
    sites |= {site.public_id: f"{site.name}" for site in around[:200] if site.public_id not in sites}
    return list(sites.items())


def answered(request: HttpRequest, site_report: SiteReport, answers: AnswerForms) -> bool:
    by = actor_for(request.user, Right.DECLARE_SITE, site_report.commune)  # type: ignore[arg-type]
    try:
        if answers.merge.is_bound and answers.merge.is_valid():
            site = Site.objects.get(public_id=answers.merge.cleaned_data["site"])
            merge_report(report=site_report, site=site, by=by)
        elif answers.refuse.is_bound and answers.refuse.is_valid():
            refuse_report(report=site_report, answer=answers.refuse.cleaned_data["answer"], by=by)
        else:
            return False
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return True
    messages.success(request, ANSWERED)
    return True


@requires(Right.READ_SITES)
@require_safe
def photo(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The file, never shown inside a page."""
    site_report = open_report(request, public_id)
    try:
        file = site_report.photo.open("rb") if site_report.photo else None
    except FileNotFoundError:
        file = None
    if file is None:
        raise Http404
    record_download(
        user=request.user,  # type: ignore[arg-type]
        right=Right.READ_SITES,
        export="signalements",
        label=f"Photo d’un signalement, {site_report.commune.name}",
        fmt=site_report.photo_kind,  # type: ignore[arg-type]  # wider than the formats of exports
        params={"signalement": site_report.public_id},
        rows=1,
    )
    media_type = DocumentType(site_report.photo_kind).media_type
    response = FileResponse(
        file, as_attachment=True, filename=site_report.photo_name, content_type=media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response["Content-Encoding"] = "identity"
    return response
