"""What the pages that write on a site share: opening the site, writing once, telling what happened."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from jalons.accounts.decorators import View, requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for, fetch
from jalons.core.services import write_once
from jalons.history.services import Actor
from jalons.sites.models import Site
from jalons.sites.services import Refused

ALREADY_WRITTEN = "C’était déjà enregistré : votre second envoi n’a rien ajouté."


def on_site(right: Right) -> Callable[[View], View]:
    """The view takes `(request, site, …)` and needs `right` on that site.

    404 outside of what the person sees, 403 without the right; a site merged into another leads to that one.
    """

    def decorate(view: View) -> View:
        @requires(right)
        @wraps(view)
        def wrapper(request: HttpRequest, public_id: str, **where: Any) -> HttpResponse:
            site = open_site(request, public_id, right)
            if site.merged_into is not None:
                return to_kept_site(request, site)
            return view(request, site, **where)

        return wrapper

    return decorate


def open_site(request: HttpRequest, public_id: str, right: Right) -> Site:
    """The site at this address, on which the person has `right`. It may have been merged into another."""
    sites = Site.objects.select_related("commune__departement", "merged_into")
    return fetch(request.user, sites, right, public_id=public_id)


def to_kept_site(request: HttpRequest, site: Site) -> HttpResponse:
    """Where a merged site leads. Nothing is written there: what was sent was meant for the other sheet."""
    if request.method != "GET" or site.merged_into is None:
        raise Http404
    messages.info(request, f"« {site.name} » a été fusionné avec « {site.merged_into.name} ».")
    return redirect(sheet_url(site.merged_into))


def sheet_url(site: Site) -> str:
    return reverse("sites:sheet", args=[site.public_id])


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
) -> HttpResponse | None:
    """When `form` was sent and is valid, calls `write` once for its key, says so, and leads to `to`.

    None when there is nothing to write yet: not sent, not valid, or refused. A refusal is told on the field
    `blame`, or on the whole form. `message` may take what `write` answered. `Stale` goes through.
    """
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        return write_and_tell(request, form.cleaned_data["submission_key"], write, message=message, to=to)
    except Refused as refusal:
        form.add_error(blame, str(refusal))
        return None


def write_and_tell(
    request: HttpRequest,
    key: uuid.UUID,
    write: Callable[[], Any],
    *,
    message: str | Callable[[Any], str],
    to: str,
) -> HttpResponse:
    """Calls `write` unless `key` was already sent; says what was written and leads to `to`."""
    written: list[Any] = []

    def once() -> str:
        written.append(write())
        return to

    target = write_once(key, user_key=str(request.user.pk), write=once)
    if written:
        messages.success(request, message if isinstance(message, str) else message(written[0]))
    else:
        messages.info(request, ALREADY_WRITTEN)
    return redirect(target)
