"""Canicule et grand froid : l’épisode d’un département, les sites à visiter, « passage fait »."""

import uuid
from typing import Any

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.core import clock, ui
from jalons.core.headers import referring_page
from jalons.core.values import format_number, plural
from jalons.editing.conflicts import fact_conflict_of
from jalons.editing.writing import record, typed, write_and_tell
from jalons.history.querysets import NOW
from jalons.history.services import Stale
from jalons.sites.models import Site, SiteEvent
from jalons.sites.pages import actor_on, on_site
from jalons.territories.models import Departement
from jalons.urgency.enums import WeatherKind
from jalons.urgency.forms import WeatherForm
from jalons.urgency.models import WeatherAlert
from jalons.urgency.selectors import PriorityFilter, priority_list
from jalons.urgency.services import PASSAGE, note_passage, set_weather
from jalons.urgency.views.handling import card_url
from jalons.urgency.views.scales import setting_actor

COLUMNS = (
    ui.Column("Site"),
    ui.Column("Adresse"),
    ui.Column("Personnes", numeric=True),
    ui.Column("dont mineurs", numeric=True),
    ui.Column("Pourquoi"),
    ui.Column("Dernier passage"),
)


@require_safe
@requires(Right.READ_SITES)
def episodes(request: HttpRequest, code: str) -> HttpResponse:
    """What lasts in a département, and the sites to go to: a list made to be printed whole."""
    departement = get_object_or_404(Departement, pk=code)
    if not Site.objects.visible_to(request.user).filter(commune__departement=code).exists():
        raise Http404
    alerts = (
        WeatherAlert.objects.going_on(NOW).filter(departement=code).select_related("author", "organisation")
    )
    ranking = priority_list(request.user, PriorityFilter(departement=code, reason="weather"))
    update = territory_of(request.user, Right.UPDATE_SITE)
    passages = last_passages(ranking.order)
    lines = [
        (line, passages.get(line.site.pk), update.covers(line.site.commune))
        for line in ranking.lines(ranking.order)
    ]
    may_set = territory_of(request.user, Right.SET_PRIORITIES).covers_departement(code)
    count = len(lines)
    context: dict[str, Any] = {
        "departement": departement,
        "alerts": list(alerts.order_by("kind")),
        "lines": lines,
        "ranking": ranking,
        "columns": COLUMNS,
        "caption": f"{format_number(count)} {plural(count, 'site à visiter', 'sites à visiter')}",
        "kinds": [(kind.value, kind.label) for kind in WeatherKind] if may_set else [],
    }
    return render(request, "urgency/episodes.html", context)


def last_passages(sites: Any) -> dict[int, Any]:
    """The last day somebody said « passage fait » on each of some sites: one query."""
    events = SiteEvent.objects.as_of(NOW).filter(site__in=list(sites), description=PASSAGE).order_by()
    return dict(events.values_list("site_id").annotate(day=Max("valid_on")))


@requires(Right.SET_PRIORITIES)
def episode(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Declares an episode, moves its dates or its level, or ends it."""
    departement = get_object_or_404(Departement, pk=code)
    if kind not in WeatherKind.values or not territory_of(
        request.user, Right.SET_PRIORITIES
    ).covers_departement(code):
        raise Http404
    current = WeatherAlert.objects.known(NOW).filter(departement=departement, kind=kind).first()
    form = WeatherForm(typed(request), initial=WeatherForm.shown_of(current) if current else {})
    back = reverse("urgency:episodes", args=[code])
    conflict = None
    try:
        answer = record(
            request,
            form,
            lambda: set_weather(
                departement=departement,
                kind=WeatherKind(kind),
                by=setting_actor(request.user, code),  # type: ignore[arg-type]  # views are for signed-in users
                seen=form.cleaned_data["seen"],
                **form.values_to_save(),
            ),
            message=f"{WeatherKind(kind).label} : l’épisode est enregistré.",
            to=back,
        )
    except Stale as stale:
        stored: Any = stale.current
        answer, conflict = None, fact_conflict_of(stale, form, stored.lineage, WeatherAlert)
    context = {
        "form": form,
        "conflict": conflict,
        "title": WeatherKind(kind).label,
        "name": str(departement),
        "back_url": back,
    }
    return answer or render(request, "urgency/episode.html", context, status=409 if conflict else 200)


@require_POST
@on_site(Right.UPDATE_SITE)
def passage(request: HttpRequest, site: Site) -> HttpResponse:
    """« Passage fait », in one tap. Once a day for each person and site."""
    by = actor_on(request, site, Right.UPDATE_SITE)
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"passage/{site.pk}/{clock.today().isoformat()}")
    return write_and_tell(
        request,
        key,
        lambda: note_passage(site=site, by=by),
        message=f"Passage noté : {site.name}.",
        to=referring_page(request) or card_url(site),
    )
