"""The page of the team of a dispositif."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.accounts.permissions import territory_of
from jalons.actions.enums import ParticipationRole
from jalons.actions.forms.money import ReporterForm
from jalons.actions.forms.team import TeamForms
from jalons.actions.models import Action, StaffLine
from jalons.actions.selectors.dues import filling_parts, reporters_of
from jalons.actions.selectors.team import team_before
from jalons.actions.services import set_team
from jalons.actions.views.common import actor_on, nobody_fills, on_action, sheet_url
from jalons.core.values import format_long_date, french_spaces, join_and
from jalons.editing.conflicts import Conflict, told_by
from jalons.editing.forms import reopen
from jalons.editing.rows import ADD
from jalons.editing.writing import already_sent, typed, write_and_tell
from jalons.history.services import Stale


@on_action(Right.FOLLOW_ACTION)
def team(request: HttpRequest, action: Action) -> HttpResponse:
    reporters = reporters_for(request, action)
    if not reporters:
        return nobody_fills(request, action, title="Équipe")
    operator = request.GET.get("operateur", "")
    reporter = next((reporter for reporter in reporters if str(reporter.pk) == operator), reporters[0])
    last, seen = last_team(action, reporter)
    judged = ADD not in request.POST
    forms = TeamForms(typed(request), last=last, seen=seen, judged=judged, adding=not judged)
    conflict = None
    sending = request.method == "POST" and judged
    if sending and (done := already_sent(request, forms.key)):
        return done
    if sending and forms.is_valid():
        try:
            return save_team(request, action, reporter, forms)
        except Stale:
            last, seen = last_team(action, reporter)
        conflict = Conflict(
            "Quelqu’un d’autre a enregistré une équipe pendant que vous écriviez",
            team_words(last),
            compared=False,
        )
        reopen(forms.main, seen=str(seen))
    context = {
        "action": action,
        "sheet_url": sheet_url(action),
        "forms": forms,
        "reporter": reporter,
        "choice": ReporterForm(reporters=reporters, initial={"operateur": str(reporter.pk)}),
        "several": len(reporters) > 1,
        "last": last[0] if last else None,
        "conflict": conflict,
        **team_history(action, reporter, forms),
    }
    return render(request, "actions/team.html", context, status=409 if conflict else 200)


def team_history(action: Action, reporter: Organisation, forms: TeamForms) -> dict[str, Any]:
    """Each row beside what was told before of the same job, then the jobs that left the team."""
    before = team_before(action, reporter)
    jobs = [(str(row["job"].value() or ""), str(row["job_note"].value() or "")) for row in forms.rows]
    return {
        "before": before,
        "rows": [(row, before.cells(*job)) for row, job in zip(forms.rows, jobs, strict=True)],
        "gone": before.gone(jobs),
    }


def reporters_for(request: HttpRequest, action: Action) -> list[Organisation]:
    """Whose team the person may tell: their own, or, for a pilot, that of every operator."""
    reporters = reporters_of(action, filling_parts(action), ())
    organisations = [reporter.organisation for reporter in reporters]
    territory = territory_of(request.user, Right.FOLLOW_ACTION)
    pilots = {pk for pk, role in action.parts if role == ParticipationRole.PILOT}
    everyone = territory.everywhere or action.departement_id in territory.departements
    if everyone or pilots & territory.organisations:
        return organisations
    own = [organisation for organisation in organisations if organisation.pk in territory.organisations]
    return own or organisations  # none: the right holds by the place, on all of them


def last_team(action: Action, reporter: Organisation) -> tuple[list[StaffLine], int]:
    """The lines of the last team told, and what says that nobody told another since."""
    staff_lines = StaffLine.objects.known().filter(action=action, reporter=reporter)
    lines = list(staff_lines.select_related("author", "organisation").order_by("-valid_on", "pk"))
    last = [line for line in lines if line.valid_on == lines[0].valid_on]
    return last, max((line.pk for line in lines), default=0)


def team_words(last: Sequence[StaffLine]) -> str:
    """« Sacha Exemple (Les amis), le 3 mars 2020 : … »"""
    if not last:
        return "L’équipe a été retirée."
    lines = join_and([f"{line.get_job_display()}, {line.words}" for line in last])
    return french_spaces(f"{told_by(last[0])} Équipe au {format_long_date(last[0].valid_on)} : {lines}.")


def save_team(request: HttpRequest, action: Action, reporter: Organisation, forms: TeamForms) -> HttpResponse:
    by = actor_on(request, action, Right.FOLLOW_ACTION)
    on = forms.main.cleaned_data["on"]
    return write_and_tell(
        request,
        forms.key,
        lambda: set_team(
            action=action,
            reporter=reporter,
            on=on,
            team=forms.team(),
            by=by,
            seen=forms.main.cleaned_data["seen"] or 0,
        ),
        message=f"L’équipe au {format_long_date(on)} est enregistrée.",
        to=sheet_url(action),
    )
