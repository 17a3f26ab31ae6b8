"""Modifier un dispositif : ses mots, ses dates, ses lieux, ses contacts."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jalons.accounts.enums import Right
from jalons.actions.forms.describe import ChangeSitesForm, EditActionForm, searching
from jalons.actions.forms.parts import KeyForm
from jalons.actions.models import Action, ActionSite, Intervention
from jalons.actions.selectors.places import sites_to_cover
from jalons.actions.services import intervention_of, set_dates, set_sites, update_action
from jalons.actions.views.common import actor_on, form_page, on_action, sheet_url
from jalons.core.ui import Difference
from jalons.core.values import french_spaces
from jalons.editing.forms import shown_again
from jalons.editing.refusals import Refused
from jalons.editing.writing import MEANWHILE, record, typed, write_and_tell
from jalons.history.conflicts import conflict, fact_conflict, settled
from jalons.history.models import Record
from jalons.history.services import Stale
from jalons.sites.models import Site
from jalons.sites.views.describe import choices, one_point


@on_action(Right.EDIT_ACTION)
def edit(request: HttpRequest, action: Action) -> HttpResponse:
    run = intervention_of(action)
    form = EditActionForm(typed(request), action=action, run=run)
    if form.is_bound and form.is_valid():
        words = settled(action, form.words(), request.POST)
        dates = settled(run, form.dates(), request.POST)
        current = form.cleaned_data["seen"] == run.pk and form.seen_version == action.version
        if current and not differs(action, words) and not differs(run, dates):
            messages.info(request, "Rien n’a été modifié.")
            return redirect(sheet_url(action))
        try:
            return save_edit(request, action, form, words, dates)
        except Stale:
            return edit_again(request, action, form, words, dates)
        except Refused as refusal:
            form.add_error("starts_on", french_spaces(str(refusal)))
    return show_edit(request, action, form)


def differs(stored: Any, described: dict[str, Any]) -> bool:
    return any(getattr(stored, name) != value for name, value in described.items())


def save_edit(
    request: HttpRequest, action: Action, form: EditActionForm, words: dict[str, Any], dates: dict[str, Any]
) -> HttpResponse:
    by, reason = actor_on(request, action, Right.EDIT_ACTION), form.cleaned_data["reason"]
    seen = Intervention.objects.filter(action=action, pk=form.cleaned_data["seen"] or 0).first()

    def write() -> None:
        set_dates(
            action=action,
            by=by,
            starts_on=dates["valid_on"],
            planned_end=dates["planned_end"],
            reason=reason,
            seen=seen,
        )
        if differs(action, words) or form.seen_version != action.version:
            update_action(action=action, by=by, expected_version=form.seen_version, reason=reason, **words)

    key = form.cleaned_data["submission_key"]
    return write_and_tell(request, key, write, message="Le dispositif est modifié.", to=sheet_url(action))


def edit_again(
    request: HttpRequest, action: Action, form: EditActionForm, words: dict[str, Any], dates: dict[str, Any]
) -> HttpResponse:
    """Someone saved meanwhile: each field that differs is for this person to choose, over what is stored now."""
    stored = Action.objects.select_related("departement").get(pk=action.pk)
    run = intervention_of(stored)
    seen = Intervention.objects.filter(action=stored, pk=form.cleaned_data["seen"] or 0).first()
    differences = conflict(stored, form.seen_version, words)
    differences += fact_conflict(seen, run, dates) if seen is not None and seen.pk != run.pk else []
    form.reopened_on(stored.version, seen=str(run.pk))
    if not differences:
        messages.warning(request, MEANWHILE)
    return show_edit(request, stored, form, differences)


def show_edit(
    request: HttpRequest, action: Action, form: EditActionForm, differences: Sequence[Difference] = ()
) -> HttpResponse:
    context = {"action": action, "form": form, "differences": differences, "sheet_url": sheet_url(action)}
    return render(request, "actions/edit.html", context, status=409 if differences else 200)


@on_action(Right.EDIT_ACTION)
def sites(request: HttpRequest, action: Action) -> HttpResponse:
    links = ActionSite.objects.known().filter(ActionSite.going_on(), action=action)
    covered = list(Site.objects.filter(action_links__in=links).order_by("search_text", "pk"))
    codes = [site.public_id for site in covered]
    data, asking = typed(request), searching(request.POST)
    form = ChangeSitesForm(None if asking else data, initial={"sites": codes})
    if asking:
        shown_again(form, data)
    offered, sites_words = sites_to_cover(
        request.user,
        [action.departement_id],
        request.POST.get("q", "")[:120],
        dict.fromkeys([*codes, *request.POST.getlist("sites")]),
    )
    form.offer(offered)
    on_page = request.POST.getlist("vus") if data is not None else codes

    def write() -> None:
        wanted = form.after(covered, on_page).values()
        by = actor_on(request, action, Right.EDIT_ACTION)
        set_sites(action=action, sites=wanted, on=form.cleaned_data["on"], by=by)

    answer = record(
        request, form, write, message="Les sites du dispositif sont enregistrés.", to=sheet_url(action)
    )
    return answer or form_page(
        request,
        action,
        form,
        template="actions/sites.html",
        title="Sites du dispositif",
        submit="Valider",
        found=sites_words,
        shown=on_page,
    )


def record_page(
    request: HttpRequest,
    action: Action,
    form: Any,
    stored: Record,
    save: Callable[[Any], Any],
    *,
    message: str,
    **page: Any,
) -> HttpResponse:
    """The page of a form about a record, new or not: saved once, or shown again with what someone else wrote."""
    differences: Sequence[Difference] = ()
    if form.is_bound and form.is_valid():
        described = form.described()
        if stored.pk is not None:
            described = settled(stored, described, choices(request))
        for name, value in described.items():
            setattr(stored, name, value)
        version = form.seen_version if stored.pk is not None else None
        try:
            return write_and_tell(
                request,
                form.cleaned_data["submission_key"],
                lambda: save(version),
                message=message,
                to=sheet_url(action),
            )
        except Stale as stale:
            if stale.current is None:
                raise Http404 from stale
            current: Any = stale.current
            differences = conflict(current, version, described)
            if "latitude" in described:
                seen = current.history.filter(version=version).order_by("history_id").first()
                differences = one_point(differences, seen, current, described)
            form.reopened_on(current.version)
            if not differences:
                messages.warning(request, MEANWHILE)
    status = 409 if differences else 200
    answer = form_page(request, action, form, differences=differences, **page)
    answer.status_code = status
    return answer


def remove_page(
    request: HttpRequest,
    action: Action,
    stored: Any,
    remove: Callable[[Any], None],
    *,
    message: str,
    **page: Any,
) -> HttpResponse:
    """Asks before something is removed."""
    form = KeyForm(typed(request))
    answer = record(request, form, lambda: remove(stored), message=message, to=sheet_url(action))
    return answer or form_page(request, action, form, template="actions/remove.html", **page)
