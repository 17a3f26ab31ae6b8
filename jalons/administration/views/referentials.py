"""The shared words and figures. Everybody who administers reads them; the common deadlines are national."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.actions.models import Deadline
from jalons.actions.services import add_deadline, remove_deadline
from jalons.administration.forms.deadlines import CommonDeadlineForm
from jalons.administration.forms.thresholds import ThresholdForm
from jalons.administration.selectors import referentials
from jalons.administration.selectors.referentials import ThresholdLine
from jalons.administration.views.machine import national
from jalons.core.services import write_once
from jalons.core.ui import Column
from jalons.core.values import format_date
from jalons.history.services import Stale
from jalons.joining.permissions import managing_actor
from jalons.thresholds.models import Threshold
from jalons.thresholds.services import set_threshold

SOCLE = [
    Column("Indicateur"),
    Column("Partie du suivi"),
    Column("Ce qui est compté"),
    Column("Stock ou flux"),
]


@require_safe
@requires(Right.MANAGE_ACCOUNTS)
def page(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {
        "nomenclatures": referentials.nomenclatures(),
        "socle": referentials.socle(),
        "deadlines": referentials.common_deadlines(),
        "thresholds": referentials.thresholds(),
        "socle_columns": SOCLE,
        "national": territory_of(request.user, Right.MANAGE_ACCOUNTS).everywhere,
    }
    return render(request, "administration/referentials.html", context)


@national
def deadline_add(request: HttpRequest) -> HttpResponse:
    form = CommonDeadlineForm(request.POST if request.method == "POST" else None)
    back = reverse("administration:referentials")
    if form.is_bound and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("due_on", "label")}

        written = []

        def write() -> str:
            by = managing_actor(request.user)  # type: ignore[arg-type]  # views are for signed-in users
            written.append(add_deadline(action=None, by=by, **values))
            return back

        url = write_once(form.cleaned_data["submission_key"], user_key=str(request.user.pk), write=write)
        message = f"Le suivi est demandé à tous avant le {format_date(values['due_on'])}."
        messages.add_message(request, messages.SUCCESS if written else messages.INFO, message)
        return redirect(url)
    return render(request, "administration/deadline.html", {"form": form, "back_url": back})


@require_POST
@national
def deadline_remove(request: HttpRequest, pk: int) -> HttpResponse:
    deadline = Deadline.objects.filter(action=None, pk=pk).first()
    if deadline is None:
        messages.info(request, "Cette échéance est déjà retirée.")
    else:
        remove_deadline(deadline=deadline, by=managing_actor(request.user))  # type: ignore[arg-type]
        messages.success(request, f"L’échéance du {format_date(deadline.due_on)} n’est plus demandée à tous.")
    return redirect("administration:referentials")


@national
def threshold(request: HttpRequest, code: str) -> HttpResponse:
    """One delay, its bounds and what it was before."""
    line = next((delay for delay in referentials.thresholds() if delay.code == code), None)
    if line is None:
        raise Http404
    form = ThresholdForm(request.POST if request.method == "POST" else None, line=line)
    stale = False
    if form.is_bound and form.is_valid():
        try:
            return threshold_saved(request, line, form)
        except ValidationError as refusal:
            form.add_error("days", refusal)
        except Stale as conflict:
            stale, stored = True, cast(Threshold, conflict.current)
            form.reopened_on(stored.version)
            messages.warning(request, f"Quelqu’un d’autre l’a réglé entre-temps à {stored.days}\u00a0jours.")
    context = {
        "form": form,
        "line": line,
        "past": referentials.threshold_history(line.row) if line.row else [],
        "back_url": reverse("administration:referentials"),
    }
    return render(request, "administration/threshold.html", context, status=409 if stale else 200)


def threshold_saved(request: HttpRequest, line: ThresholdLine, form: ThresholdForm) -> HttpResponse:
    written = []

    def write() -> str:
        by = managing_actor(request.user)  # type: ignore[arg-type]  # views are for signed-in users
        days, reason = form.cleaned_data["days"], form.cleaned_data["reason"]
        seen = form.seen_version
        written.append(set_threshold(code=line.code, days=days, by=by, reason=reason, expected_version=seen))
        return reverse("administration:referentials") + "#seuils"

    url = write_once(form.cleaned_data["submission_key"], user_key=str(request.user.pk), write=write)
    words = f"{line.words}\u00a0: {form.cleaned_data['days']}\u00a0jours, partout dès maintenant."
    messages.add_message(request, messages.SUCCESS if written else messages.INFO, words)
    return redirect(url)
