"""What does not add up, and what people answer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can
from jalons.conventions.alerts.causes import causes_of, weights
from jalons.conventions.alerts.checking import check_again
from jalons.conventions.alerts.forms import (
    FINGERPRINT,
    AcknowledgeCauseForm,
    AcknowledgeForm,
    AlertFilterForm,
)
from jalons.conventions.alerts.selectors import (
    ANSWERED,
    OPEN,
    AlertFilter,
    alerts_of,
    capitalised,
    counts_of,
    filtered,
    groups,
    is_being_checked,
    may_answer,
    may_answer_each,
    rule_label,
    sheets_with_alerts,
)
from jalons.conventions.alerts.services import acknowledge as acknowledge_alert
from jalons.conventions.alerts.services import acknowledge_each, take_back
from jalons.conventions.dossier.pages import actor_on, form_page, on_convention, tab_context
from jalons.conventions.enums import AlertLevel
from jalons.conventions.models import Acknowledgement, Alert, Convention
from jalons.core import ui
from jalons.core.queries import url_with
from jalons.core.values import format_moment, format_number, french_spaces, plural
from jalons.editing.conflicts import Conflict
from jalons.editing.fact_forms import FactForm, ReasonForm
from jalons.editing.writing import record, typed
from jalons.history.services import Actor, Stale

PAGE_SIZE = 100
GONE = "Cette alerte n’existe plus : ce qu’elle disait a été corrigé, ou se dit autrement maintenant."
COLUMNS = (
    ui.Column("Alerte"),
    ui.Column("Attendu", numeric=True),
    ui.Column("Trouvé", numeric=True),
    ui.Column("Écart", numeric=True),
    ui.Column("Réponse"),
)


def alerts_url(convention: Convention) -> str:
    return reverse("conventions:alerts", args=[convention.slug])


@on_convention(Right.READ_CONVENTIONS)
def alerts(request: HttpRequest, convention: Convention) -> HttpResponse:
    seen = alerts_of(request.user, convention)
    form = AlertFilterForm(request.GET, sheets=sheets_with_alerts(convention, seen))
    criteria = form.asked()
    matching = filtered(seen, criteria)
    causes = causes_of(request.user, convention, matching) if criteria.by_cause else []
    page = Paginator(Alert.objects.none() if criteria.by_cause else matching, PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        **tab_context(request, convention, "conventions:alerts"),
        "form": form,
        "asked": criteria,
        "counts": counts_of(seen),
        "unchecked": is_being_checked(convention),
        "page": page,
        "groups": groups(request.user, convention, list(page.object_list), criteria),
        "weights": list(weights(causes, open_infos=criteria.level == AlertLevel.INFO)),
        "columns": COLUMNS,
        "elsewhere": elsewhere(request, seen, criteria) if not (causes or page.object_list) else None,
        "may_check": can(request.user, Right.FILL_COMMITMENT, convention),
    }
    return render(request, "conventions/alerts/alerts.html", context)


def elsewhere(request: HttpRequest, seen: Any, criteria: AlertFilter) -> ui.Tab | None:
    """The same filters among those that somebody answered for, or those that wait: where the answer is."""
    state = OPEN if criteria.state == ANSWERED else ANSWERED
    count = 0 if criteria.is_bare else filtered(seen, replace(criteria, state=state)).count()
    words = f"Voir les alertes {'à traiter' if state == OPEN else 'acquittées'} ({format_number(count)})"
    return ui.Tab(words, url_with(request.GET, {"etat": state, "page": None})) if count else None


@on_convention(Right.FILL_COMMITMENT)
@require_POST
def recheck(request: HttpRequest, convention: Convention) -> HttpResponse:
    """All the rules again: after a new version of Jalons, or to be sure."""
    check_again(convention=convention)
    if is_being_checked(convention):
        messages.warning(request, "Les contrôles ne sont pas finis : rechargez la page dans un instant.")
    else:
        messages.success(request, "Tous les contrôles viennent d’être refaits.")
    return redirect(alerts_url(convention))


def answered_by(request: HttpRequest, convention: Convention, alert: Alert | None) -> Actor:
    """In whose name this person answers; 403 for who fills neither that sheet nor the convention."""
    sheet = alert.commitment if alert is not None else None
    if not may_answer(request.user, convention, sheet):
        raise PermissionDenied("Droit nécessaire : remplir cette fiche, ou modifier la convention.")
    if sheet is not None:
        return actor_on(request, sheet, Right.FILL_COMMITMENT)
    return actor_on(request, convention, Right.WRITE_CONVENTION)


def alert_named(request: HttpRequest, convention: Convention, fingerprint: str) -> Alert | None:
    """The alert, if this person sees it and it still says so."""
    if not FINGERPRINT.fullmatch(fingerprint):
        raise Http404
    alerts = alerts_of(request.user, convention).select_related("commitment__party", "commitment__parent")
    alert = alerts.filter(fingerprint=fingerprint).first()
    if alert is not None and alert.commitment is not None:
        alert.commitment.convention = convention
    return alert


def known_answer(convention: Convention, fingerprint: str) -> Acknowledgement | None:
    acknowledgements = Acknowledgement.objects.filter(convention=convention, fingerprint=fingerprint)
    return acknowledgements.select_related("changed_by", "changed_for").first()


def gone(request: HttpRequest, convention: Convention) -> HttpResponse:
    messages.info(request, french_spaces(GONE))
    return redirect(alerts_url(convention))


@on_convention(Right.FILL_COMMITMENT)
def acknowledge(request: HttpRequest, convention: Convention, fingerprint: str) -> HttpResponse:
    alert = alert_named(request, convention, fingerprint)
    if alert is None:
        return gone(request, convention)
    by = answered_by(request, convention, alert)
    known = known_answer(convention, fingerprint)
    form = AcknowledgeForm(
        typed(request),
        initial={
            "seen": known.version if known is not None else 0,
            "why": known.reason if known is not None and not known.withdrawn else "",
        },
    )
    return answer_page(
        request,
        convention,
        form,
        alert,
        lambda: acknowledge_alert(
            alert=alert,
            reason=form.cleaned_data["why"],
            by=by,
            expected_version=form.cleaned_data["seen"] or 0,
        ),
        message="L’alerte est acquittée. Elle reviendra si ce qu’elle dit change.",
        title="Acquitter une alerte",
        submit="Acquitter l’alerte",
    )


def answer_page(
    request: HttpRequest,
    convention: Convention,
    form: FactForm,
    alert: Alert,
    write: Callable[[], object],
    *,
    message: str,
    answer: Acknowledgement | None = None,
    title: str,
    submit: str,
) -> HttpResponse:
    """What is written of one alert; the form again while it is not, or when somebody answered meanwhile."""
    conflict = None
    try:
        done = record(request, form, write, message=message, to=alerts_url(convention))
    except Stale:
        done, conflict = None, conflict_of(form, convention, alert.fingerprint)
    return done or form_page(
        request,
        convention,
        form,
        template="conventions/alerts/acknowledge.html",
        back=alerts_url(convention),
        conflict=conflict,
        alert=alert,
        rule=rule_label(alert.rule),
        answer=answer,
        title=title,
        submit=submit,
    )


@on_convention(Right.FILL_COMMITMENT)
def acknowledge_cause(request: HttpRequest, convention: Convention, rule: str, level: str) -> HttpResponse:
    """One reason for all the alerts of a cause, or for those that stay ticked."""
    if not rule_label(rule) or level not in AlertLevel.values:
        raise Http404
    criteria = AlertFilter(level=level)
    seen = filtered(alerts_of(request.user, convention).filter(rule=rule), criteria)
    answerable_pairs = list(may_answer_each(request.user, convention, list(seen)))
    mine = {alert.fingerprint: alert for alert, answerable in answerable_pairs if answerable}
    if not answerable_pairs:
        return gone(request, convention)
    if not mine:
        raise PermissionDenied("Droit nécessaire : remplir une de ces fiches, ou modifier la convention.")
    choices = [(mark, cause_choice(alert)) for mark, alert in mine.items()]
    form = AcknowledgeCauseForm(typed(request), choices=choices, initial={"alerts": list(mine)})
    answer = record(
        request,
        form,
        lambda: acknowledge_each(
            alerts=[
                (mine[mark], answered_by(request, convention, mine[mark]))
                for mark in form.cleaned_data["alerts"]
                if mark in mine
            ],
            reason=form.cleaned_data["why"],
        ),
        message=lambda count: told_of_answers(count, len(form.cleaned_data["alerts"]) - count),
        to=alerts_url(convention),
    )
    return answer or form_page(
        request,
        convention,
        form,
        template="conventions/alerts/acknowledge_cause.html",
        title=f"Acquitter {len(mine)} {plural(len(mine), 'alerte', 'alertes')}",
        submit="Acquitter les alertes cochées",
        back=alerts_url(convention),
        level=level,
        rule=rule_label(rule),
    )


def cause_choice(alert: Alert) -> str:
    return french_spaces(f"{capitalised(alert.where)} : {alert.message}")


def told_of_answers(count: int, others: int) -> str:
    """`others`: those that somebody answered, or corrected, while the reason was written."""
    had = plural(others, "avait déjà une réponse", "avaient déjà une réponse")
    left = f" {others} {had} ou n’{plural(others, 'existait', 'existaient')} plus."
    if not count:
        return f"Rien à acquitter.{left}"
    answered = plural(count, "alerte est acquittée", "alertes sont acquittées")
    back = plural(count, "Elle reviendra", "Chacune reviendra")
    return f"{count} {answered}. {back} si ce qu’elle dit change.{left if others else ''}"


def conflict_of(form: FactForm, convention: Convention, fingerprint: str) -> Conflict:
    """Somebody answered meanwhile: what they said, and the form ready to be sent over it."""
    current = known_answer(convention, fingerprint)
    form.reopened_on(current.version if current is not None else 0)
    if current is None:
        return Conflict(
            "Cette réponse a changé pendant que vous écriviez", "Relisez, puis envoyez à nouveau."
        )
    did = "a repris" if current.withdrawn else "a acquitté"
    return Conflict(
        "Quelqu’un d’autre a répondu pendant que vous écriviez",
        french_spaces(
            f"{current.changed_by} ({current.changed_for}) {did} cette alerte le "
            f"{format_moment(current.changed_at)}. Motif : {current.reason}"
        ),
        compared=False,
    )


@on_convention(Right.FILL_COMMITMENT)
def reopen_alert(request: HttpRequest, convention: Convention, fingerprint: str) -> HttpResponse:
    alert = alert_named(request, convention, fingerprint)
    known = known_answer(convention, fingerprint)
    if alert is None or known is None:
        return gone(request, convention)
    by = answered_by(request, convention, alert)
    if known.withdrawn and request.method != "POST":
        messages.info(request, french_spaces("Cette alerte est déjà à traiter."))
        return redirect(alerts_url(convention))
    form = ReasonForm(
        typed(request),
        initial={"seen": known.version},
        label="Pourquoi la reprendre ?",
        help="Le motif de l’acquittement reste lisible, avec le vôtre.",
    )
    return answer_page(
        request,
        convention,
        form,
        alert,
        lambda: take_back(
            acknowledgement=known,
            by=by,
            reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["seen"] or 0,
        ),
        message="L’alerte est à nouveau à traiter.",
        title="Reprendre une alerte acquittée",
        submit="Reprendre l’alerte",
        answer=known,
    )
