"""National administration of the open figures: prepare, see what is hidden and why, publish, withdraw."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts.decorators import View, requires
from jalons.accounts.enums import Right
from jalons.core import clock
from jalons.core.forms import JalonsForm
from jalons.core.headers import by_htmx
from jalons.core.services import write_once
from jalons.core.ui import Column
from jalons.public.enums import EditionState
from jalons.public.forms import PrepareForm, PublishEditionForm, WithdrawEditionForm
from jalons.public.jobs import prepare_edition, progress_of
from jalons.public.models import OpenEdition
from jalons.public.permissions import publishes_figures, publishing_actor
from jalons.public.selectors import being_prepared, half_years_of
from jalons.public.services import EditionRefused, ask_edition, publish_edition, withdraw_edition
from jalons.public.verdicts import hidden_groups, level_columns, summaries

SIGNS = {
    EditionState.PREPARING: "due",
    EditionState.READY: "good",
    EditionState.REFUSED: "late",
    EditionState.FAILED: "late",
    EditionState.PUBLISHED: "good",
    EditionState.WITHDRAWN: "unknown",
}
HISTORY = (Column("Édition"), Column("Semestres"), Column("Demandée"), Column("État"), Column("Suite"))
WHY = (Column("Territoire"), Column("Ce qui est masqué, et pourquoi"))


def whole_country(view: View) -> View:
    """403 for who holds the right over a part of the country only."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not publishes_figures(request.user):
            raise PermissionDenied
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    return wrapper


def bound(form: type[JalonsForm], request: HttpRequest, **kwargs: Any) -> Any:
    return form(request.POST if request.method == "POST" else None, **kwargs)


def once(request: HttpRequest, form: Any, write: Callable[[], str]) -> str | None:
    """Where to go; None when it is refused, and the form says why."""
    try:
        key = form.cleaned_data["submission_key"]
        return write_once(key, user_key=str(request.user.pk), write=write)
    except EditionRefused as refusal:
        form.add_error(None, str(refusal))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.PUBLISH_FIGURES)
@whole_country
def editions(request: HttpRequest) -> HttpResponse:
    today = clock.paris_day()
    form = bound(PrepareForm, request, today=today)
    if form.is_bound and form.is_valid():
        made: list[OpenEdition] = []
        if url := once(request, form, lambda: asked(request, form, today, made)):
            for new in made:  # the transaction is over: the worker finds it
                prepare_edition.enqueue(new.pk)
            tell(request, "L’édition est en préparation.", written=bool(made))
            return redirect(url)
    context = {
        "form": form,
        "busy": being_prepared(),
        "columns": HISTORY,
        "rows": [
            (edition, half_years_of(edition), SIGNS[EditionState(edition.state)])
            for edition in OpenEdition.objects.select_related("asked_by", "published_by", "withdrawn_by")
        ],
    }
    return render(request, "public/editions.html", context)


def asked(request: HttpRequest, form: Any, today: dt.date, made: list[OpenEdition]) -> str:
    new = ask_edition(
        first=form.cleaned_data["first"],
        last=form.cleaned_data["last"],
        known_on=today - dt.timedelta(days=1),
        by=publishing_actor(request.user),  # type: ignore[arg-type]  # views are for signed-in users
    )
    made.append(new)
    return reverse("public:edition", args=[new.number])


def tell(request: HttpRequest, sentence: str, *, written: bool) -> None:
    """A form sent twice is told once that it was written."""
    messages.add_message(request, messages.SUCCESS if written else messages.INFO, sentence)


@require_safe
@requires(Right.PUBLISH_FIGURES)
@whole_country
def edition(request: HttpRequest, number: int) -> HttpResponse:
    """What is hidden and why, half-year by half-year; how far it is while it is being prepared."""
    edition_row = fetched(number)
    progress = progress_of(edition_row) if edition_row.state == EditionState.PREPARING else None
    advance = progress.read() if progress else None
    half_years = half_years_of(edition_row)
    context: dict[str, Any] = {
        "edition": edition_row,
        "half_years": half_years,
        "sign": SIGNS[EditionState(edition_row.state)],
        "advance": advance,
        "advance_words": f"{advance.done} sur {advance.total}" if advance else "",
        "stopping": progress.is_stopping if progress else False,
    }
    if by_htmx(request):
        return render(request, "public/_progress.html", context)
    half_year_code = request.GET.get("semestre", "")
    context |= {
        "summaries": summaries(edition_row),
        "summary_columns": level_columns(),
        "columns": WHY,
        "groups": hidden_groups(edition_row, half_year_code),
        "shown": next((period for period in half_years if period.code == half_year_code), None),
        "may_publish": edition_row.state == EditionState.READY,
        "may_withdraw": edition_row.state == EditionState.PUBLISHED,
    }
    return render(request, "public/edition.html", context)


@require_POST
@requires(Right.PUBLISH_FIGURES)
@whole_country
def stop(request: HttpRequest, number: int) -> HttpResponse:
    edition_row = fetched(number)
    if edition_row.state == EditionState.PREPARING:
        progress_of(edition_row).ask_to_stop()
        messages.info(request, "L’arrêt est demandé\u00a0: rien ne sera écrit.")
    return redirect("public:edition", number=edition_row.number)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.PUBLISH_FIGURES)
@whole_country
def publish(request: HttpRequest, number: int) -> HttpResponse:
    edition_row = fetched(number)
    form = bound(PublishEditionForm, request)
    done: list[int] = []
    if form.is_bound and form.is_valid():

        def write() -> str:
            publish_edition(edition=edition_row, by=publishing_actor(request.user))  # type: ignore[arg-type]
            done.append(number)
            return reverse("public:edition", args=[number])

        if url := once(request, form, write):
            tell(request, f"L’édition {number} est en ligne.", written=bool(done))
            return redirect(url)
    return decision(request, edition_row, form, "public/publish.html")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.PUBLISH_FIGURES)
@whole_country
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    edition_row = fetched(number)
    form = bound(WithdrawEditionForm, request)
    done: list[int] = []
    if form.is_bound and form.is_valid():

        def write() -> str:
            by = publishing_actor(request.user)  # type: ignore[arg-type]
            withdraw_edition(edition=edition_row, reason=form.cleaned_data["reason"], by=by)
            done.append(number)
            return reverse("public:edition", args=[number])

        if url := once(request, form, write):
            tell(request, f"L’édition {number} est retirée.", written=bool(done))
            return redirect(url)
    return decision(request, edition_row, form, "public/withdraw.html")


def decision(request: HttpRequest, edition_row: OpenEdition, form: Any, template: str) -> HttpResponse:
    context = {
        "edition": edition_row,
        "form": form,
        "half_years": half_years_of(edition_row),
        "back_url": reverse("public:edition", args=[edition_row.number]),
    }
    return render(request, template, context)


def fetched(number: int) -> OpenEdition:
    people = ("asked_by", "asked_for", "published_by", "withdrawn_by")
    return get_object_or_404(OpenEdition.objects.select_related(*people), number=number)
