"""Régler ce que pèse chaque raison dans un territoire."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import has, membership_territory, territory_of
from jalons.editing.conflicts import record_conflict_of
from jalons.editing.writing import record, typed
from jalons.history.services import Actor, Stale
from jalons.territories.models import Departement
from jalons.urgency.forms import ScaleForm
from jalons.urgency.models import COUNTRY, PriorityScale
from jalons.urgency.scales import TerritoryScale, read_scales
from jalons.urgency.services import set_scale

WHOLE_COUNTRY = "France entière"


def names_by_code(user: object) -> dict[str, str]:
    """What this person may set, by code: the country first."""
    territory = territory_of(user, Right.SET_PRIORITIES)
    names = {COUNTRY: WHOLE_COUNTRY} if territory.everywhere else {}
    rows = Departement.objects.order_by("code").values_list("code", "name")
    return names | {code: f"{name} ({code})" for code, name in rows if territory.covers_departement(code)}


@require_safe
@requires(Right.SET_PRIORITIES)
def scales(request: HttpRequest) -> HttpResponse:
    names = names_by_code(request.user)
    rows = {
        row.code: row for row in PriorityScale.objects.filter(code__in=names).select_related("changed_by")
    }
    lines = [(code, name, rows.get(code)) for code, name in names.items()]
    page, words = "urgency:list", "Sites prioritaires"
    if has(request.user, Right.MANAGE_ACCOUNTS):
        page, words = "administration:home", "Administration"
    return render(
        request, "urgency/scales.html", {"lines": lines, "parent": words, "parent_url": reverse(page)}
    )


@requires(Right.SET_PRIORITIES)
def scale(request: HttpRequest, code: str) -> HttpResponse:
    names = names_by_code(request.user)
    if code not in names:
        raise Http404
    stored = PriorityScale.objects.filter(code=code).first() or PriorityScale(code=code)
    elsewhere = TerritoryScale() if code == COUNTRY else read_scales().country
    form = ScaleForm(typed(request), scale=stored, elsewhere=elsewhere)
    conflict = None
    try:
        answer = record(
            request,
            form,
            lambda: set_scale(
                code=code,
                weights=form.chosen("weight"),
                limits=form.chosen("limit"),
                by=setting_actor(request.user, code),  # type: ignore[arg-type]  # views are for signed-in users
                reason=form.cleaned_data["reason"],
                expected_version=form.seen_version,
            ),
            message=f"Les priorités sont réglées : {names[code]}.",
            to=reverse("urgency:scales"),
        )
    except Stale as stale:
        answer, conflict = None, record_conflict_of(PriorityScale, stale.current, form)
    context = {"form": form, "conflict": conflict, "name": names[code], "back_url": reverse("urgency:scales")}
    return answer or render(request, "urgency/scale.html", context, status=409 if conflict else 200)


def setting_actor(user: User, code: str) -> Actor:
    """In whose name: the first structure that gives the right there. The page checked that there is one."""
    for membership in user.active_memberships:
        territory = membership_territory(membership, Right.SET_PRIORITIES)
        if territory.everywhere or territory.covers_departement(code):
            return Actor(user, membership.organisation)
    raise Http404
