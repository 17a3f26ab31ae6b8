"""Modifier un dispositif : ses mots, ses dates, ses lieux, ses contacts."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jalons.accounts.enums import Right
from jalons.accounts.models import Organisation
from jalons.actions.forms.common import shown_again
from jalons.actions.forms.describe import ChangeSitesForm, EditForm, GroundForm, searching
from jalons.actions.forms.parts import ContactForm, KeyForm
from jalons.actions.models import (
    Action,
    ActionContact,
    ActionSite,
    InsertionSite,
    Intervention,
    Participation,
)
from jalons.actions.selectors.places import sites_to_cover
from jalons.actions.services import (
    Refused,
    intervention_of,
    remove_contact,
    remove_insertion_site,
    save_contact,
    save_insertion_site,
    set_dates,
    set_sites,
    update_action,
)
from jalons.actions.views.common import actor_on, form_page, on_action, sheet_url
from jalons.core.ui import Difference
from jalons.core.values import french_spaces
from jalons.editing.removed import record_or_removed
from jalons.history.models import Record
from jalons.history.selectors import conflict, fact_conflict, settled
from jalons.history.services import Stale
from jalons.sites.models import Site
from jalons.sites.views.common import MEANWHILE, record, typed, write_and_tell
from jalons.sites.views.describe import choices, one_point


@on_action(Right.EDIT_ACTION)
def edit(request: HttpRequest, action: Action) -> HttpResponse:
    run = intervention_of(action)
    form = EditForm(typed(request), action=action, run=run)
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
    request: HttpRequest, action: Action, form: EditForm, words: dict[str, Any], dates: dict[str, Any]
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
    request: HttpRequest, action: Action, form: EditForm, words: dict[str, Any], dates: dict[str, Any]
) -> HttpResponse:
    """Someone saved meanwhile: each field that differs is for this person to choose, over what is stored now."""
    stored = Action.objects.select_related("departement").get(pk=action.pk)
    run = intervention_of(stored)
    seen = Intervention.objects.filter(action=stored, pk=form.cleaned_data["seen"] or 0).first()
    found = conflict(stored, form.seen_version, words)
    found += fact_conflict(seen, run, dates) if seen is not None and seen.pk != run.pk else []
    form.reopened_on(stored.version, seen=str(run.pk))
    if not found:
        messages.warning(request, MEANWHILE)
    return show_edit(request, stored, form, found)


def show_edit(
    request: HttpRequest, action: Action, form: EditForm, differences: Sequence[Difference] = ()
) -> HttpResponse:
    context = {"action": action, "form": form, "differences": differences, "sheet_url": sheet_url(action)}
    return render(request, "actions/edit.html", context, status=409 if differences else 200)


# --- sites -----------------------------------------------------------------------------------------------------


@on_action(Right.EDIT_ACTION)
def sites(request: HttpRequest, action: Action) -> HttpResponse:
    links = ActionSite.objects.known().filter(ActionSite.going_on(), action=action)
    covered = list(Site.objects.filter(action_links__in=links).order_by("search_text", "pk"))
    codes = [site.public_id for site in covered]
    data, asking = typed(request), searching(request.POST)
    form = ChangeSitesForm(None if asking else data, initial={"sites": codes})
    if asking:
        shown_again(form, data)
    offered, found = sites_to_cover(
        request.user,
        [action.departement_id],
        request.POST.get("q", "")[:120],
        dict.fromkeys([*codes, *request.POST.getlist("sites")]),
    )
    form.offer(offered)
    shown = request.POST.getlist("vus") if data is not None else codes

    def write() -> None:
        wanted = form.after(covered, shown).values()
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
        found=found,
        shown=shown,
    )


# --- what is kept as records -----------------------------------------------------------------------------------


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
    found: Sequence[Difference] = ()
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
            found = conflict(current, version, described)
            if "latitude" in described:
                seen = current.history.filter(version=version).order_by("history_id").first()
                found = one_point(found, seen, current, described)
            form.reopened_on(current.version)
            if not found:
                messages.warning(request, MEANWHILE)
    status = 409 if found else 200
    answer = form_page(request, action, form, differences=found, **page)
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


@on_action(Right.EDIT_ACTION)
def insertion_site_add(request: HttpRequest, action: Action) -> HttpResponse:
    return ground_page(
        request,
        action,
        InsertionSite(action=action),
        title="Ajouter un terrain d’insertion",
        submit="Ajouter le terrain",
        message="Le terrain d’insertion est ajouté.",
    )


@on_action(Right.EDIT_ACTION)
def insertion_site_edit(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    return ground_page(
        request,
        action,
        ground_of(action, pk),
        title="Modifier le terrain d’insertion",
        submit="Enregistrer",
        message="Le terrain d’insertion est modifié.",
    )


def ground_of(action: Action, pk: int) -> InsertionSite:
    grounds = InsertionSite.objects.select_related("commune__departement", "action")
    words = "Ce terrain d’insertion est déjà retiré."
    return record_or_removed(grounds, words=words, back=sheet_url(action), action=action, pk=pk)


def ground_page(request: HttpRequest, action: Action, ground: InsertionSite, **page: Any) -> HttpResponse:
    form = GroundForm(
        typed(request),
        user=request.user,
        departements=[action.departement_id],
        ground=ground if ground.pk is not None else None,
    )

    def save(version: int | None) -> InsertionSite:
        by = actor_on(request, action, Right.EDIT_ACTION)
        return save_insertion_site(ground=ground, by=by, expected_version=version)

    return record_page(
        request, action, form, ground, save, template="actions/insertion_form.html", ground=form, **page
    )


@on_action(Right.EDIT_ACTION)
def insertion_site_remove(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    ground = ground_of(action, pk)
    by = actor_on(request, action, Right.EDIT_ACTION)
    return remove_page(
        request,
        action,
        ground,
        lambda one: remove_insertion_site(ground=one, by=by),
        title="Retirer le terrain d’insertion",
        submit="Retirer le terrain",
        what=str(ground),
        message="Le terrain d’insertion est retiré.",
    )


def organisations_of(action: Action) -> Any:
    parts = Participation.objects.known().filter(Participation.going_on(), action=action)
    return Organisation.objects.filter(pk__in=parts.values("participant")).order_by("name", "pk")


def contact_of(action: Action, pk: int) -> ActionContact:
    contacts = ActionContact.objects.select_related("organisation")
    words = "Ce contact est déjà retiré."
    return record_or_removed(contacts, words=words, back=sheet_url(action), action=action, pk=pk)


@on_action(Right.EDIT_ACTION)
def contact_add(request: HttpRequest, action: Action) -> HttpResponse:
    return contact_page(
        request,
        action,
        ActionContact(action=action),
        title="Ajouter un contact",
        submit="Ajouter le contact",
        message="Le contact est ajouté.",
    )


@on_action(Right.EDIT_ACTION)
def contact_edit(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    return contact_page(
        request,
        action,
        contact_of(action, pk),
        title="Modifier le contact",
        submit="Enregistrer",
        message="Le contact est modifié.",
    )


def contact_page(request: HttpRequest, action: Action, contact: ActionContact, **page: Any) -> HttpResponse:
    known = contact.pk is not None
    organisations = organisations_of(action)
    if known:  # one that does not take part any more keeps its contact
        organisations = (organisations | Organisation.objects.filter(pk=contact.organisation_id)).distinct()
    form = ContactForm(typed(request), organisations=organisations, contact=contact if known else None)

    def save(version: int | None) -> ActionContact:
        by = actor_on(request, action, Right.EDIT_ACTION)
        return save_contact(contact=contact, by=by, expected_version=version)

    return record_page(request, action, form, contact, save, template="actions/contact_form.html", **page)


@on_action(Right.EDIT_ACTION)
def contact_remove(request: HttpRequest, action: Action, pk: int) -> HttpResponse:
    contact = contact_of(action, pk)
    by = actor_on(request, action, Right.EDIT_ACTION)
    return remove_page(
        request,
        action,
        contact,
        lambda one: remove_contact(contact=one, by=by),
        title="Retirer le contact",
        submit="Retirer le contact",
        what=f"{contact} ({contact.organisation})",
        message="Le contact est retiré.",
    )
