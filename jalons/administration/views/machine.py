"""What the server does: e-mails, jobs, settings. For national administrators: nothing of it belongs to a territory."""

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import View, requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.administration.selectors import machine
from jalons.core import ui

PAGE_SIZE = 50
STATE = "etat"
MAILS = [
    ui.Column("Objet"),
    ui.Column("Destinataire"),
    ui.Column("Écrit le"),
    ui.Column("État"),
    ui.Column("Essais", numeric=True),
]
JOBS = [
    ui.Column("Tâche"),
    ui.Column("Demandée le"),
    ui.Column("Finie le"),
    ui.Column("État"),
]
SETTINGS = [ui.Column("Réglage"), ui.Column("Valeur"), ui.Column("Variable")]


def national(view: View) -> View:
    """Those who manage accounts everywhere; 403 for a local administrator."""

    @requires(Right.MANAGE_ACCOUNTS)
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not territory_of(request.user, Right.MANAGE_ACCOUNTS).everywhere:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapper


@require_safe
@national
def mails(request: HttpRequest) -> HttpResponse:
    state = request.GET.get(STATE, "")
    page = Paginator(machine.mails(state), PAGE_SIZE).get_page(request.GET.get(ui.PAGE_PARAMETER))
    context = {
        "page": page,
        "rows": [(mail, *machine.MAIL_STATES[mail.state]) for mail in page],  # type: ignore[attr-defined]  # annotated
        "tabs": state_tabs(machine.MAIL_STATES, state),
        "columns": MAILS,
    }
    return render(request, "administration/mails.html", context)


@require_safe
@national
def jobs(request: HttpRequest) -> HttpResponse:
    state = request.GET.get(STATE, "")
    page = Paginator(machine.jobs(state), PAGE_SIZE).get_page(request.GET.get(ui.PAGE_PARAMETER))
    context = {
        "page": page,
        "rows": [(job, machine.job_name(job), *machine.JOB_STATES[job.status]) for job in page],
        "tabs": state_tabs(machine.JOB_STATES, state),
        "columns": JOBS,
    }
    return render(request, "administration/jobs.html", context)


@require_safe
@national
def settings_page(request: HttpRequest) -> HttpResponse:
    context = {"rows": machine.shown_settings(), "columns": SETTINGS}
    return render(request, "administration/settings.html", context)


def state_tabs(states: dict[str, tuple[str, str]], chosen: str) -> list[ui.Tab]:
    every = ui.Tab("Tout", "?", current=chosen not in states)
    return [
        every,
        *(
            ui.Tab(words[0].upper() + words[1:], f"?{STATE}={code}", current=code == chosen)
            for code, (_, words) in states.items()
        ),
    ]
