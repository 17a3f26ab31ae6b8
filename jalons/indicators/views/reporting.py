"""What the pages of a report share: for whom one fills in, in whose name one writes, what the page shows."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation, User
from jalons.accounts.permissions import can, membership_territory
from jalons.actions.enums import DueState, ParticipationRole
from jalons.actions.models import Action, FollowUp
from jalons.actions.selectors.dues import Reporter
from jalons.actions.views.common import actor_on, cannot_fill, nobody_fills, sheet_url
from jalons.core import clock
from jalons.core.values import format_date, format_long_date, format_value
from jalons.history.services import Actor
from jalons.indicators.forms.fill import FollowUpForm
from jalons.indicators.forms.offered import Offered
from jalons.indicators.selectors.last import Filling, due_of, reporters_on, told_with, value_of
from jalons.indicators.views.offered import small_numbers

FOR = "pour"


def table_url(action: Action) -> str:
    return reverse("indicators:table", args=[action.public_id])


def address(name: str, action: Action, reporter: Organisation, request: HttpRequest | None = None) -> str:
    """A page about one reporter. With a request, its choice is kept as it was said: nothing when there was none."""
    url = reverse(f"indicators:{name}", args=[action.public_id])
    return url if request is not None and FOR not in request.GET else f"{url}?{FOR}={reporter.pk}"


def correct_address(action: Action, *, month: dt.date | None = None) -> str:
    """Where one chooses the report to correct, of a month or of all of them."""
    url = reverse("indicators:correct_choose", args=[action.public_id])
    return f"{url}?mois={month:%Y-%m}" if month else url


# --- for whom --------------------------------------------------------------------------------------------------


def reader(request: HttpRequest) -> User:
    """Who is signed in: these views are for nobody else."""
    return cast(User, request.user)


def may_for_others(request: HttpRequest, action: Action) -> bool:
    """The pilots and the correspondents may fill in for an operator; an operator, for itself only."""
    pilots = {(pk, ParticipationRole.PILOT.value) for pk in reader(request).organisation_ids}
    return can(request.user, Right.EDIT_ACTION, action) or bool(pilots & action.parts)


def allowed_reporters(request: HttpRequest, action: Action) -> list[Reporter]:
    """Those for whom this person may fill in, theirs first."""
    mine = reader(request).organisation_ids
    every = may_for_others(request, action)
    reporters = [reporter for reporter in reporters_on(action) if every or reporter.organisation.pk in mine]
    return sorted(reporters, key=lambda reporter: reporter.organisation.pk not in mine)


def chosen_reporter(request: HttpRequest, action: Action) -> Reporter | None:
    """The one that the address names; else one's own, or the only one. None when the person has to choose, or when
    nobody fills in this dispositif: see `choose_page`.

    404 for one who does not fill in this dispositif, 403 for another operator than one's own.
    """
    allowed = allowed_reporters(request, action)
    organisation_pk = request.GET.get(FOR, "")
    if organisation_pk:
        named = [reporter for reporter in allowed if str(reporter.organisation.pk) == organisation_pk]
        if not named and any(
            str(reporter.organisation.pk) == organisation_pk for reporter in reporters_on(action)
        ):
            raise PermissionDenied("Chaque opérateur remplit sa propre partie.")
        if not named:
            raise Http404
        return named[0]
    if not allowed and not reporters_on(action):
        return None
    if not allowed:
        raise PermissionDenied("Votre structure ne remplit pas le suivi de ce dispositif.")
    mine = [reporter for reporter in allowed if reporter.organisation.pk in reader(request).organisation_ids]
    if len(mine) == 1 or len(allowed) == 1:
        return allowed[0]
    return None


def choose_page(request: HttpRequest, action: Action, name: str) -> HttpResponse:
    """The structures between which to choose, or why there is none."""
    choices = [
        (allowed_reporter, address(name, action, allowed_reporter.organisation))
        for allowed_reporter in allowed_reporters(request, action)
    ]
    if not choices:
        return nobody_fills(request, action, title="Remplir le suivi")
    page = {"action": action, "choices": choices, "sheet_url": sheet_url(action)}
    return render(request, "indicators/_fill_choose.html", page)


def not_begun(request: HttpRequest, ground: Filling) -> HttpResponse | None:
    """Before the dispositif begins there is nothing to report. None once it has."""
    if ground.starts_on is None or ground.starts_on <= clock.today():
        return None
    start = format_long_date(ground.starts_on)
    why = f"Ce dispositif commence le {start}\u00a0: son suivi se remplit à partir de cette date."
    return cannot_fill(request, ground.action, title="Remplir le suivi", why=why)


def actor_as(request: HttpRequest, action: Action, reporter: Organisation) -> Actor:
    """In whose name a person writes: the reporter when they belong to it, else what gives them the right."""
    user: Any = request.user
    for active_membership in user.active_memberships:
        if active_membership.organisation_id == reporter.pk and membership_territory(
            active_membership, Right.FOLLOW_ACTION
        ).holds(action):
            return Actor(user, active_membership.organisation)
    return actor_on(request, action, Right.FOLLOW_ACTION)


# --- what the page shows ---------------------------------------------------------------------------------------


def form_context(
    request: HttpRequest,
    ground: Filling,
    form: FollowUpForm,
    *,
    live: bool = False,
    offered: Offered | None = None,
) -> dict[str, Any]:
    """The context of the form, of its live part too."""
    action = ground.action
    values = form.glance()
    day = form.day
    since = ground.since(day or clock.today())
    return {
        "action": action,
        "ground": ground,
        "form": form,
        "sheet_url": sheet_url(action),
        "table_url": table_url(action),
        "draft_url": address("draft", action, ground.reporter, request),
        "warnings_url": address("warnings", action, ground.reporter, request),
        "offers_url": address("offers", action, ground.reporter, request),
        "offered": offered,
        "small": small_numbers(form, action),
        "blocks": list(form.shown_blocks(values, offered)),
        "team": form.shown_team(),
        "warnings": form.warnings(values),
        "since": since,
        "due_words": "" if live else due_words(ground),
        "same_all": form["same_all"] if "same_all" in form.fields else None,
        "no_movement": form["no_movement"] if "no_movement" in form.fields else None,
        "reason": form["reason"] if "reason" in form.fields else None,
        "draft": None,
        "existing": None,
        "conflict": None,
        "live": live,
        "early": day is not None and since is None,
        "meta": f"{ground.reporter} · {action.departement.name}",
    }


def due_words(ground: Filling) -> str:
    """« À remplir avant le 31/12/2020. », empty when nothing is due."""
    due = due_of(ground.action, ground.reporter)
    if due is None or due.on is None or due.state == DueState.GOOD:
        return ""
    late = due.state == DueState.LATE
    return f"{'À remplir depuis le' if late else 'À remplir avant le'} {format_date(due.on)}."


def warn_about(request: HttpRequest, form: FollowUpForm, follow_up: FollowUp) -> None:
    """Says what deserves a second look, unless the page already showed it before the sending."""
    warnings = form.warnings(form.values())
    if not warnings or form.cleaned_data.get("seen_warnings") == str(len(warnings)):
        return
    where = reverse("indicators:correct", args=[follow_up.action.public_id, follow_up.lineage])
    sentences = " ".join(warning.sentence for warning in warnings)
    link = format_html('<a href="{}">Corriger ce point de suivi</a>', where)
    messages.warning(request, format_html("Enregistré, à vérifier\u00a0: {} {}.", sentences, link))


@dataclass(frozen=True, slots=True)
class Existing:
    """A report that already stands at the date typed, and where it says something else."""

    follow_up: FollowUp
    rows: list[tuple[str, str, str]]
    correct_url: str

    @property
    def day(self) -> str:
        return format_date(self.follow_up.valid_on)


def existing_told(follow_up: FollowUp, form: FollowUpForm, ground: Filling) -> Existing:
    figures = {pk: value_of(measurement) for pk, measurement in told_with(follow_up).items()}
    mine = form.values()
    rows = [
        (
            indicator.label,
            format_value(figures[pk]) if pk in figures else "non renseigné",
            format_value(mine[pk]),
        )
        for pk, indicator in ground.indicators.items()
        if pk in mine and mine[pk].to_text() and figures.get(pk) != mine[pk]
    ]
    where = reverse("indicators:correct", args=[ground.action.public_id, follow_up.lineage])
    return Existing(follow_up, rows, where)
