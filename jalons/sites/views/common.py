"""What the pages that write on a site share: opening the site, writing once, telling what happened."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from jalons.accounts.decorators import READING, View, requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for, can, fetch
from jalons.core import ui
from jalons.core.headers import by_htmx
from jalons.core.services import write_once
from jalons.core.values import format_moment, french_spaces
from jalons.editing.removed import AlreadyRemoved, fact_or_removed
from jalons.history.models import Fact
from jalons.history.services import Actor, Stale
from jalons.readership.services import note_reading
from jalons.sites.chronology import known_discords
from jalons.sites.forms.common import FactForm
from jalons.sites.models import Site
from jalons.sites.services import Refused

MEANWHILE = "Quelqu’un d’autre a enregistré entre-temps, sans rien contredire\u00a0: validez de nouveau."
FOUND = 302  # a writing leads elsewhere
ALREADY_WRITTEN = "C’était déjà enregistré : votre second envoi n’a rien ajouté."


def on_site(right: Right) -> Callable[[View], View]:
    """The view takes `(request, site, …)` and needs `right` on that site.

    404 outside of what the person sees, 403 without the right; a site merged into another leads to that one.
    """

    def decorate(view: View) -> View:
        @requires(right)
        @wraps(view)
        def wrapper(request: HttpRequest, public_id: str, **where: Any) -> HttpResponseBase:
            site = open_site(request, public_id, right)
            if site.merged_into is not None:
                return to_kept_site(request, site)
            return telling_discords(request, site, lambda: view(request, site, **where))

        return wrapper

    return decorate


def telling_discords(
    request: HttpRequest, site: Site, view: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """After a writing, says which dates do not agree any more, whichever of the two was entered last.

    What a page asks while one types (htmx) writes no fact.
    """
    if request.method != "POST" or by_htmx(request):
        return view()
    justice = can(request.user, Right.READ_JUSTICE, site)
    before = known_discords(site, justice=justice)
    response = view()
    if response.status_code == FOUND:
        for discord in known_discords(site, justice=justice):
            if discord not in before:
                messages.warning(request, f"{discord} Vérifiez les deux dates.")
    return response


def open_site(request: HttpRequest, public_id: str, right: Right) -> Site:
    """The site at this address, on which the person has `right`. It may have been merged into another."""
    merged = Site.objects.filter(merged_into=OuterRef("pk"))
    sites = Site.objects.select_related("commune__departement", "merged_into__commune")
    sites = sites.annotate(has_merged=Exists(merged))
    return fetch(request.user, sites, right, public_id=public_id)


def to_kept_site(request: HttpRequest, site: Site) -> HttpResponse:
    """Where a merged site leads. Nothing is written there: what was sent was meant for the other sheet."""
    kept = site.merged_into
    if kept is None or not can(request.user, Right.READ_SITES, kept):
        raise Http404
    told = french_spaces(f"« {site.name} » a été fusionné avec « {kept.name} ».")
    if request.method != "GET":
        raise AlreadyRemoved(
            f"{told} Ce qui le concerne s’écrit maintenant sur cette autre fiche.", back=sheet_url(kept)
        )
    messages.info(request, told)
    return redirect(sheet_url(kept))


def sheet_url(site: Site) -> str:
    return reverse("sites:sheet", args=[site.public_id])


def leave_trace(request: HttpRequest, site: Site, rights: list[Right]) -> None:
    """These sensitive blocks are shown to this person. What is sent to a page reads nothing."""
    if request.method in READING:
        note_reading(user=request.user, thing=site, rights=rights)


def actor_on(request: HttpRequest, site: Site, right: Right) -> Actor:
    return actor_for(request.user, right, site.commune)  # type: ignore[arg-type]  # views are for signed-in users


def typed(request: HttpRequest) -> QueryDict | None:
    """What binds a form: the data of a POST, even empty; None else."""
    return request.POST if request.method == "POST" else None


def record(
    request: HttpRequest,
    form: Any,
    write: Callable[[], Any],
    *,
    message: str | Callable[[Any], str],
    to: str,
    blame: str | None = None,
    before: Callable[[], object] | None = None,
) -> HttpResponse | None:
    """When `form` was sent and is valid, calls `write` once for its key, says so, and leads to `to`.

    None when there is nothing to write yet: not sent, not valid, or refused. A refusal is told on the field
    `blame`, or on the whole form. `message` may take what `write` answered. `Stale` goes through. `before`: see
    `write_once`.
    """
    if not (form.is_bound and form.is_valid()):
        return None
    key = form.cleaned_data["submission_key"]
    try:
        return write_and_tell(request, key, write, message=message, to=to, before=before)
    except Refused as refusal:
        form.add_error(blame if blame in form.fields else None, french_spaces(str(refusal)))
        return None


def write_and_tell(
    request: HttpRequest,
    key: uuid.UUID,
    write: Callable[[], Any],
    *,
    message: str | Callable[[Any], str],
    to: str,
    before: Callable[[], object] | None = None,
) -> HttpResponse:
    """Calls `write` unless `key` was already sent; says what was written and leads to `to`.

    A `write` that answers False found nothing to change. `before`: see `write_once`.
    """
    written: list[Any] = []

    def once() -> str:
        written.append(write())
        return to

    target = write_once(key, user_key=str(request.user.pk), write=once, before=before)
    if written:
        told = message if isinstance(message, str) else message(written[0])
        level = messages.INFO if written[0] is False else messages.SUCCESS
        messages.add_message(request, level, french_spaces(told))
    else:
        messages.info(request, ALREADY_WRITTEN)
    return redirect(target)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Someone else wrote meanwhile. `differences`: where what they wrote is not what this person typed.

    `compared` false: the sentence says what they wrote, and nobody looked whether it differs.
    """

    title: str
    sentence: str
    differences: Sequence[ui.Difference] = ()
    sendable: bool = True
    compared: bool = True


def form_page(
    request: HttpRequest,
    site: Site,
    form: Any,
    *,
    title: str,
    submit: str,
    template: str = "sites/fact_form.html",
    conflict: Conflict | None = None,
    **context: Any,
) -> HttpResponse:
    """The page of a form: `danger`, `intro`, `readers` and `versions` may be given beside what a template needs."""
    commune = site.commune
    shown = {
        "site": site,
        "sheet_url": sheet_url(site),
        "form": form,
        "title": title,
        "submit": submit,
        "meta": f"{commune.name} ({commune.departement.name})",
        "danger": "",
        "intro": "",
        "readers": "",
        "versions": (),
        "conflict": conflict,
        **context,
    }
    return render(request, template, shown, status=409 if conflict else 200)


def told_by(version: Fact) -> str:
    """« Camille Exemple (DDETS du Nord), le 12 décembre 2019 à 16:00. Motif : … »."""
    told = f"{version.author} ({version.organisation}), le {format_moment(version.recorded_at)}."
    return french_spaces(f"{told} Motif : {version.reason}." if version.reason else told)


def conflict_of(stale: Stale, form: FactForm, lineage: uuid.UUID, model: Any) -> Conflict:
    """What stands now beside what was typed; the form is made ready to be sent again, over it."""
    last = model.objects.versions_of(lineage).select_related("author", "organisation").last()
    current: Any = stale.current
    if current is None:
        return Conflict("Ceci a été retiré pendant que vous écriviez", told_by(last), sendable=False)
    form.reopened_on(current.pk)
    title = "Quelqu’un d’autre a enregistré pendant que vous écriviez"
    return Conflict(title, told_by(last), form.differences(current))


def version_in_view(
    request: HttpRequest, model: Any, site: Site, lineage: uuid.UUID, of: Q | None = None
) -> Any:
    """The current version of a fact of the site, or the one that the form was opened on.

    404 when there never was one, `AlreadyRemoved` once it is withdrawn.
    """
    versions = model.objects.filter(Q(site=site) if of is None else of, lineage=lineage)
    versions = versions.select_related("author", "organisation")
    seen = request.POST.get("seen", "")
    if seen.isascii() and seen.isdigit() and len(seen) < 19:
        older = versions.filter(pk=int(seen), withdrawn=False).first()
        if older is not None:
            return older
    return fact_or_removed(versions, back=sheet_url(site))


def filled_from(request: HttpRequest, model: Any, site: Site, last: Any) -> Any:
    """The fact that an « add » form shows: `last`; once the form is sent, the one that it was opened on."""
    if request.method != "POST":
        return last
    seen = request.POST.get("seen", "")
    known = seen.isascii() and seen.isdigit() and len(seen) < 19
    return model.objects.filter(site=site, pk=int(seen)).first() if known else None
