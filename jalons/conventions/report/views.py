"""The execution report and its steps; what is left to fill in and whose it is."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import can, check
from jalons.conventions.dossier.pages import (
    actor_on,
    form_page,
    may,
    on_convention,
    tab_context,
)
from jalons.conventions.enums import ReportState
from jalons.conventions.models import Convention, ExecutionReport
from jalons.conventions.report.empty_cells import KINDS, holes_of
from jalons.conventions.report.forms import (
    BackForm,
    EmptyForm,
    ExecutionReportForm,
    ReportStepForm,
    ReviewForm,
    StartForm,
)
from jalons.conventions.report.owners import Hole, by_owner
from jalons.conventions.report.selectors import TEXTS, ReportSeen, reporting_parties, reports_seen
from jalons.conventions.report.services import (
    advance,
    next_state,
    obstacles,
    prepare_sending,
    send_back,
    start_report,
    write_texts,
)
from jalons.core import clock
from jalons.core.values import french_spaces
from jalons.editing.conflicts import Conflict
from jalons.editing.writing import record, typed
from jalons.history.conflicts import conflict, settled
from jalons.history.services import Stale

MEANWHILE = "Quelqu’un d’autre a changé ce rapport entre-temps : voici où il en est."
DATES = {
    ReportState.FILLED: "Complété le",
    ReportState.VOTED: "Date de la délibération",
    ReportState.SENT: "Transmis aux préfets le",
    ReportState.PUBLISHED: "Mis en ligne le",
    ReportState.PRESENTED: "Présenté le",
}


def report_url(convention: Convention) -> str:
    return reverse("conventions:report", args=[convention.slug])


@on_convention(Right.READ_CONVENTIONS)
def report(request: HttpRequest, convention: Convention) -> HttpResponse:
    """Where the report of each party stands. A POST begins one."""
    form = StartForm(typed(request))
    if form.is_bound and form.is_valid():
        return begin(request, convention, form)
    seen = reports_seen(convention, request.user, clock.today())
    context = {
        **tab_context(request, convention, "conventions:report"),
        "reports": [report_row(report_seen) for report_seen in seen],
        "form": form,
        **may(request, convention, Right.EXPORT),
    }
    return render(request, "conventions/report/report.html", context)


def report_row(seen: ReportSeen) -> dict[str, Any]:
    """A report as its page needs it. `step`: the person may take the next one."""
    return {
        "seen": seen,
        "step": seen.report is not None and seen.may_write and seen.next in DATES,
        "back": seen.report is not None and seen.may_write and seen.is_for_state,
        "start": StartForm(initial={"begin": True, "party": seen.party.position if seen.party else None}),
    }


def begin(request: HttpRequest, convention: Convention, form: StartForm) -> HttpResponse:
    rank = form.cleaned_data["party"]
    parties = reporting_parties(convention)
    party = next((party for party in parties if (party.position if party else None) == rank), parties[0])
    place = ExecutionReport(convention=convention, party=party, due_on=clock.today())
    check(request.user, Right.WRITE_CONVENTION, place)
    by = actor_on(request, place, Right.WRITE_CONVENTION)
    answer = record(
        request,
        form,
        lambda: start_report(convention=convention, party=party, by=by),
        message="Le rapport d’exécution est commencé.",
        to=report_url(convention),
    )
    return answer or redirect(report_url(convention))


def report_of(request: HttpRequest, convention: Convention, public_id: str, right: Right) -> ExecutionReport:
    """404 when the person may not read it, 403 without the right."""
    reports = ExecutionReport.objects.select_related("party").filter(convention=convention)
    report = get_object_or_404(reports, public_id=public_id)
    report.convention = convention
    if not can(request.user, Right.READ_CONVENTIONS, report):
        raise Http404
    check(request.user, right, report)
    return report


@on_convention(Right.WRITE_CONVENTION)
def write_report(request: HttpRequest, convention: Convention, report: str) -> HttpResponse:
    """Its three texts."""
    execution_report = report_of(request, convention, report, Right.WRITE_CONVENTION)
    by = actor_on(request, execution_report, Right.WRITE_CONVENTION)
    names = [name for name, _ in TEXTS]
    initial = {name: getattr(execution_report, name) for name in names}
    form = ExecutionReportForm(
        typed(request), initial={**initial, "expected_version": execution_report.version}
    )
    differences: Any = ()
    answer = None
    try:
        answer = record(
            request,
            form,
            lambda: write_texts(
                report=execution_report,
                texts=settled(execution_report, form.described(), request.POST),
                by=by,
                expected_version=form.seen_version,
            ),
            message="Les textes du rapport sont enregistrés.",
            to=report_url(convention),
        )
    except Stale as stale:
        if stale.current is None:
            raise Http404 from stale
        current: Any = stale.current
        differences = conflict(current, form.seen_version, form.described())
        form.reopened_on(current.version)
    meanwhile = None
    if form.is_bound and answer is None and not form.errors:
        meanwhile = Conflict(
            "Quelqu’un d’autre a enregistré pendant que vous écriviez", MEANWHILE, differences
        )
    return answer or form_page(
        request,
        convention,
        form,
        title="Rédiger le rapport d’exécution",
        submit="Enregistrer",
        back=report_url(convention),
        template="conventions/report/form.html",
        conflict=meanwhile,
        report=execution_report,
    )


@on_convention(Right.WRITE_CONVENTION)
def advance_report(request: HttpRequest, convention: Convention, report: str) -> HttpResponse:
    """The next step, dated; while the State reads it, taking it back."""
    execution_report = report_of(request, convention, report, Right.WRITE_CONVENTION)
    to = next_state(execution_report.state)
    if to == ReportState.REVIEWED or "reason" in request.POST:
        return take_back(request, convention, execution_report)
    if to is None:
        messages.info(request, french_spaces("Le rapport est présenté : il n’y a plus d’étape."))
        return redirect(report_url(convention))
    by = actor_on(request, execution_report, Right.WRITE_CONVENTION)
    initial = {"expected_version": execution_report.version, "on": clock.today()}
    form = ReportStepForm(typed(request), initial=initial, label=DATES[to])

    sending = cache(partial(prepare_sending, execution_report)) if to == ReportState.SENT else None

    def write() -> ExecutionReport:
        values = form.cleaned_data
        return advance(
            report=execution_report,
            to=to,
            on=values["on"],
            by=by,
            expected_version=values["expected_version"],
            sending=sending() if sending else None,
        )

    message = f"Étape enregistrée : {to.label[0].lower()}{to.label[1:]}."
    answer = step_written(request, convention, form, write, message, before=sending)
    return answer or form_page(
        request,
        convention,
        form,
        title=f"Rapport d’exécution : {to.label[0].lower()}{to.label[1:]}",
        submit="Valider",
        back=report_url(convention),
        template="conventions/report/step.html",
        stops=obstacles(execution_report) if to == ReportState.SENT else [],
        step=to,
    )


def step_written(
    request: HttpRequest,
    convention: Convention,
    form: Any,
    write: Callable[[], Any],
    message: str,
    *,
    before: Callable[[], object] | None = None,
) -> HttpResponse | None:
    """Writes a step once; when the report moved meanwhile, says so and shows where it is."""
    try:
        return record(request, form, write, message=message, to=report_url(convention), before=before)
    except Stale:
        messages.warning(request, french_spaces(MEANWHILE))
        return redirect(report_url(convention))


def take_back(
    request: HttpRequest, convention: Convention, execution_report: ExecutionReport
) -> HttpResponse:
    by = actor_on(request, execution_report, Right.WRITE_CONVENTION)
    form = BackForm(typed(request), initial={"expected_version": execution_report.version})

    def write() -> ExecutionReport:
        values = form.cleaned_data
        return send_back(
            report=execution_report,
            reason=values["reason"],
            by=by,
            expected_version=values["expected_version"],
        )

    answer = step_written(request, convention, form, write, "Le rapport est de nouveau à compléter.")
    return answer or form_page(
        request,
        convention,
        form,
        title="Reprendre le rapport",
        submit="Reprendre le rapport",
        back=report_url(convention),
        template="conventions/report/back.html",
    )


@on_convention(Right.VALIDATE_CONVENTION)
def review_report(request: HttpRequest, convention: Convention, report: str) -> HttpResponse:
    """The State reads it again."""
    execution_report = report_of(request, convention, report, Right.VALIDATE_CONVENTION)
    by = actor_on(request, execution_report, Right.VALIDATE_CONVENTION)
    form = ReviewForm(typed(request), initial={"expected_version": execution_report.version})

    def write() -> ExecutionReport:
        values, version = form.cleaned_data, form.cleaned_data["expected_version"]
        if values["answer"] == "back":
            return send_back(
                report=execution_report, reason=values["reason"], by=by, expected_version=version
            )
        today = clock.today()
        return advance(
            report=execution_report, to=ReportState.REVIEWED, on=today, by=by, expected_version=version
        )

    answer = step_written(request, convention, form, write, "Votre relecture est enregistrée.")
    return answer or form_page(
        request,
        convention,
        form,
        title="Relire le rapport d’exécution",
        submit="Enregistrer ma relecture",
        back=report_url(convention),
        template="conventions/report/review.html",
        report=execution_report,
        texts=[(label, getattr(execution_report, name)) for name, label in TEXTS],
        ready=execution_report.state == ReportState.FILLED,
    )


# --- what is left to fill in -------------------------------------------------------------------------------------


@on_convention(Right.READ_CONVENTIONS)
def empty_cells(request: HttpRequest, convention: Convention) -> HttpResponse:
    """Every empty cell and its owner."""
    holes = holes_of(convention, request.user)
    form = EmptyForm(request.GET, owners=owner_choices(holes.items), sheets=sheet_choices(holes.items))
    criteria = form.criteria()
    chosen = [hole for hole in holes.items if wanted(hole, criteria)]
    mine = {active_membership.organisation_id for active_membership in request.user.active_memberships}  # type: ignore[union-attr]
    groups = by_owner(chosen)
    if "structure" in criteria:
        groups = [group for group in groups if str(group[0].pk) == criteria["structure"]]
    context = {
        **tab_context(request, convention, "conventions:empty_cells"),
        "form": form,
        "holes": holes,
        "total": len(chosen),
        "groups": [
            {"owner": owner, "mine": owner.pk in mine, "lines": lines_of(request, owned_holes)}
            for owner, owned_holes in groups
        ],
        "kinds": [(label, len(holes.of(kind))) for kind, label in KINDS.items()],
        **may(request, convention, Right.WRITE_CONVENTION),
    }
    return render(request, "conventions/report/empty_cells.html", context)


def owner_choices(holes: list[Hole]) -> list[tuple[str, str]]:
    return [(str(owner.pk), owner.name) for owner, _ in by_owner(holes)]


def sheet_choices(holes: list[Hole]) -> list[tuple[str, str]]:
    sheet_by_id = {hole.commitment.public_id: hole.commitment for hole in holes}
    return [(key, commitment.quiet_heading[:90]) for key, commitment in sheet_by_id.items()]


def wanted(hole: Hole, criteria: dict[str, Any]) -> bool:
    return (
        criteria.get("quoi") in (None, hole.kind)
        and criteria.get("fiche") in (None, hole.commitment.public_id)
        and criteria.get("structure") in (None, *(str(owner.pk) for owner in hole.owners))
    )


def lines_of(request: HttpRequest, holes: list[Hole]) -> list[dict[str, Any]]:
    """Each hole, with a link only for whoever may fill it in."""
    return [{"hole": hole, "open": may_fill(request, hole)} for hole in holes]


def may_fill(request: HttpRequest, hole: Hole) -> bool:
    if hole.row is None:
        return can(request.user, Right.WRITE_CONVENTION_MONEY, hole.commitment.convention)
    return can(request.user, Right.FILL_FIGURES, hole.row)
