"""« Activité » : ce qui s’est passé depuis 90 jours, d’après ce que la personne peut lire."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import signed_in
from jalons.accounts.enums import Right
from jalons.accounts.permissions import EVERYWHERE, Territory, territory_of
from jalons.core.queries import url_with
from jalons.discussions.activity import KEPT, ActivityQuestion, activity_page, home_territory
from jalons.discussions.enums import ActivityKind
from jalons.discussions.forms import WHOLE, ActivityForm
from jalons.territories.models import Departement


@require_safe
@signed_in
def activity_list(request: HttpRequest) -> HttpResponse:
    user = request.user
    seen = territory_of(user, Right.READ_SITES)
    departements = {
        code: name
        for code, name in Departement.objects.order_by("code").values_list("code", "name")
        if seen.covers_departement(code)
    }
    form = ActivityForm(request.GET, departements=departements)
    given = form.criteria()
    asked = ActivityQuestion(
        user,
        territory_asked(user, given.get("departement", "")),
        frozenset([ActivityKind(given["type"])] if "type" in given else []),
    )
    text = request.GET.get("page", "")
    page = activity_page(asked, int(text) if text.isdigit() and len(text) < 4 else 1)
    context = {
        "form": form,
        "page": page,
        "days": KEPT.days,
        "filtered": bool(given),
        "newer_url": url_with(request.GET, {"page": page.number - 1}) if page.number > 1 else "",
        "older_url": url_with(request.GET, {"page": page.number + 1}) if page.has_next else "",
    }
    return render(request, "discussions/activity.html", context)


def territory_asked(user: object, departement: str) -> Territory:
    if departement == WHOLE:
        return EVERYWHERE
    return Territory(departements=frozenset([departement])) if departement else home_territory(user)
