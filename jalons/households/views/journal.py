"""Le journal du registre, pour ses personnes responsables : les lectures inhabituelles d’abord."""

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jalons.core.ui import Column
from jalons.households.journal import odd_readings, readings_of
from jalons.households.permissions import Opened, in_register
from jalons.households.views.team import responsible_only

PAGE_SIZE = 50
ODD_DAYS = 30
MOST_ODD = 20
MOST_RECENT = 20_000  # the latest: a team that reads more than that is looked at over fewer days
COLUMNS = [Column("Quand"), Column("Qui"), Column("Quoi"), Column("Ménage"), Column("D’où")]


@require_safe
@in_register
def journal(request: HttpRequest, opened: Opened) -> HttpResponse:
    responsible_only(opened)
    readings = readings_of(opened.organisation.pk)
    recent = readings.filter(at__gte=timezone.now() - dt.timedelta(days=ODD_DAYS))[:MOST_RECENT]
    odd = odd_readings([*recent][::-1])
    content = {
        "opened": opened,
        "odd": odd[:MOST_ODD],
        "odd_left": max(0, len(odd) - MOST_ODD),
        "page": Paginator(readings, PAGE_SIZE).get_page(request.GET.get("page")),
        "columns": COLUMNS,
        "days": ODD_DAYS,
    }
    return render(request, "households/journal.html", content)
