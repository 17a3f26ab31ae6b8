"""Échéances, fermeture, réouverture."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.actions.enums import DueState
from jalons.actions.forms.closing import ActionClosingForm, DeadlineForm
from jalons.actions.models import Action, Deadline, Intervention
from jalons.actions.notifications import nudge
from jalons.actions.selectors.dues import dues_of
from jalons.actions.selectors.sheet import funding_of
from jalons.actions.services import (
    add_deadline,
    close_action,
    intervention_of,
    remove_deadline,
    reopen_action,
)
from jalons.actions.sheet.money import spending_missing
from jalons.actions.views.common import actor_on, form_page, on_action, sheet_url
from jalons.core.headers import referring_page
from jalons.core.values import format_date, format_number, french_spaces, local_day, plural
from jalons.editing.conflicts import Conflict, told_by
from jalons.editing.fact_forms import ReasonForm
from jalons.editing.writing import record, typed
from jalons.history.querysets import NOW
from jalons.history.selectors import fact_entries, timeline
from jalons.history.services import Stale
from jalons.territories.zones import territory_day


@require_POST
@on_action(Right.EDIT_ACTION)
def ask_again(request: HttpRequest, action: Action, reporter: int) -> HttpResponse:
    """« Relancer » : an e-mail to who may fill in for a structure that is late, once for each deadline."""
    late = [due for due in dues_of([action])[action.pk] if due.due.state == DueState.LATE]
    owed = next((due for due in late if due.reporter.organisation.pk == reporter), None)
    back = referring_page(request) or sheet_url(action)
    if owed is None:
        messages.info(request, "Cette structure n’a plus rien en retard ici.")
        return redirect(back)
    noted, sent = nudge(owed=owed, by=actor_on(request, action, Right.EDIT_ACTION))
    if sent:
        people = f"{format_number(sent)} {plural(sent, 'personne', 'personnes')}"
        messages.success(request, french_spaces(f"{owed.reporter.organisation} est relancée : {people}."))
    elif sent is not None:
        words = f"La relance est notée, mais {owed.reporter.organisation} n’a ici aucun compte pour la recevoir : "
        messages.success(request, french_spaces(f"{words}écrivez-lui autrement."))
    elif noted.author_id == request.user.pk:
        messages.info(request, f"Vous avez noté cette relance le {format_date(local_day(noted.sent_at))}.")
    else:
        messages.info(request, f"{noted.author} a déjà relancé le {format_date(local_day(noted.sent_at))}.")
    return redirect(back)


# --- deadlines -------------------------------------------------------------------------------------------------


def administration_url(action: Action) -> str:
    return reverse("actions:administration", args=[action.public_id])


@on_action(Right.EDIT_ACTION)
def deadline_add(request: HttpRequest, action: Action) -> HttpResponse:
    run = intervention_of(action)
    if request.method == "GET" and run.ended_on:
        messages.info(request, "Ce dispositif est fermé : son suivi n’est plus demandé.")
        return redirect(administration_url(action))
    by = actor_on(request, action, Right.EDIT_ACTION)
    form = DeadlineForm(typed(request), last=run.planned_end)
    answer = record(
        request,
        form,
        lambda: add_deadline(action=action, by=by, **form.values_to_save()),
        message=lambda deadline: f"Le suivi sera demandé avant le {format_date(deadline.due_on)}.",
        to=administration_url(action),
        blame="due_on",
    )
    return answer or form_page(
        request,
        action,
        form,
        title="Ajouter une échéance",
        submit="Ajouter l’échéance",
        intro=(
            "Le suivi est demandé avant cette date, en plus du rythme du dispositif. Ceux qui le remplissent en sont "
            "prévenus par courriel."
        ),
        back_url=administration_url(action),
    )


@on_action(Right.EDIT_ACTION)
@require_POST
def deadline_remove(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    """A date chosen for this dispositif; those asked of everybody are not found here."""
    deadline = Deadline.objects.filter(action=action, pk=pk).first()
    if deadline is None:
        messages.info(request, "Cette échéance est déjà retirée.")
    else:
        remove_deadline(deadline=deadline, by=actor_on(request, action, Right.EDIT_ACTION))
        messages.success(request, f"L’échéance du {format_date(deadline.due_on)} est retirée.")
    return redirect(administration_url(action))


# --- closing and reopening -------------------------------------------------------------------------------------


@on_action(Right.EDIT_ACTION)
def close(request: HttpRequest, action: Action) -> HttpResponse:
    run = intervention_of(action)
    if request.method == "GET" and run.ended_on:
        messages.info(request, f"Ce dispositif est déjà fermé depuis le {format_date(run.ended_on)}.")
        return redirect(sheet_url(action))
    by = actor_on(request, action, Right.EDIT_ACTION)
    form = ActionClosingForm(typed(request), initial={"seen": run.pk})
    conflict = None
    try:
        answer = record(
            request,
            form,
            lambda: close_action(
                action=action,
                by=by,
                ended_on=form.cleaned_data["ended_on"],
                final_account=form.cleaned_data["final_account"],
                seen=seen_by(form, action),
            ),
            message=lambda closed: f"Le dispositif est fermé depuis le {format_date(closed.ended_on)}.",
            to=sheet_url(action),
            blame="ended_on",
        )
    except Stale as stale:
        answer, conflict = None, written_meanwhile(stale, form)
    if answer:
        return answer
    owes = can(request.user, Right.FOLLOW_ACTION, action)
    return form_page(
        request,
        action,
        form,
        title="Fermer le dispositif",
        submit="Fermer le dispositif",
        template="actions/close.html",
        conflict=conflict,
        lacking=list(lacking(request.user, action)),
        fill_url=reverse("indicators:fill", args=[action.public_id]) if owes else "",
    )


def seen_by(form: Any, action: Action) -> Intervention | None:
    """The version of the dates under the eyes of the writer."""
    seen = form.cleaned_data["seen"]
    return Intervention.objects.filter(action=action, pk=seen).first() if seen else None


def lacking(user: Any, action: Action) -> Iterator[str]:
    """What one would miss once it is closed: the last follow-ups, and the spending for who may read it."""
    today = territory_day(action.departement_id)
    for reporter_due in dues_of([action], today)[action.pk]:
        if reporter_due.due.last is None:
            yield french_spaces(
                f"le suivi à remplir par {reporter_due.reporter.organisation} : aucun point n’a été rempli"
            )
        elif reporter_due.due.missing:
            last = format_date(reporter_due.due.last)
            yield french_spaces(
                f"le suivi à remplir par {reporter_due.reporter.organisation} : {reporter_due.missing_words} "
                f"(dernier point le {last})"
            )
    if can(user, Right.READ_FUNDING, action):
        for year in spending_missing(funding_of(action, NOW), today):
            yield f"les dépenses exécutées de {year}"


def written_meanwhile(stale: Stale, form: Any) -> Conflict:
    """Someone closed the dispositif, or changed its dates, while this person was closing it."""
    current: Any = stale.current
    if current is None:
        return Conflict("Les dates de ce dispositif ont été retirées", "", sendable=False)
    sentence = f"Enregistré par {told_by(current)}"
    if current.ended_on:
        title = "Ce dispositif a été fermé pendant que vous écriviez"
        closed = french_spaces(f"Fermé depuis le {format_date(current.ended_on)}. {sentence}")
        return Conflict(title, closed, sendable=False)
    form.reopened_on(current.pk)
    return Conflict("Les dates du dispositif ont changé pendant que vous écriviez", sentence)


@on_action(Right.EDIT_ACTION)
def reopen(request: HttpRequest, action: Action) -> HttpResponse:
    run = intervention_of(action)
    if request.method == "GET" and not run.ended_on:
        messages.info(request, "Ce dispositif est déjà ouvert.")
        return redirect(sheet_url(action))
    by = actor_on(request, action, Right.EDIT_ACTION)
    form = ReasonForm(
        typed(request),
        initial={"seen": run.pk},
        label="Pourquoi le rouvrir ?",
        help="Une fermeture par erreur, une prolongation, un nouveau financement…",
    )
    conflict = None
    try:
        answer = record(
            request,
            form,
            lambda: reopen_action(
                action=action, by=by, reason=form.cleaned_data["reason"], seen=seen_by(form, action)
            ),
            message="Le dispositif est rouvert.",
            to=sheet_url(action),
        )
    except Stale as stale:
        answer, conflict = None, reopened_meanwhile(stale, form)
    closed = f"Fermé depuis le {format_date(run.ended_on)}." if run.ended_on else "Ce dispositif est ouvert."
    return answer or form_page(
        request,
        action,
        form,
        title="Rouvrir le dispositif",
        submit="Rouvrir le dispositif",
        template="actions/reopen.html",
        conflict=conflict,
        intro=closed,
        run=run,
        versions=timeline(
            fact_entries(
                Intervention.objects.filter(action=action),
                label="le dispositif",
                dated=False,
                added="a déclaré",
            )
        ),
    )


def reopened_meanwhile(stale: Stale, form: Any) -> Conflict:
    current: Any = stale.current
    if current is not None and current.ended_on:
        form.reopened_on(current.pk)
        return Conflict("La fermeture a été corrigée pendant que vous écriviez", told_by(current))
    sentence = told_by(current) if current else ""
    return Conflict("Ce dispositif a été rouvert pendant que vous écriviez", sentence, sendable=False)
