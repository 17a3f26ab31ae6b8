"""« Prêt à 82 % » : ce qui manque encore avant la fin du semestre."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.core.values import format_long_date
from jalons.editions.permissions import may_ask
from jalons.editions.readiness import readiness
from jalons.editions.registry import report_kinds
from jalons.figures.areas import AREA_PARAMETER
from jalons.reports.forms import DashboardForm
from jalons.reports.selectors.areas import area_groups
from jalons.reports.selectors.asking import read_dashboard
from jalons.reports.views.dashboard import asked_on_page

MOST = 200
REPORT = "bilan"


@requires(Right.EXPORT)
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    if read_dashboard(request.user, {}) is None:
        raise PermissionDenied("Cette page se lit d’un territoire que vous lisez en entier.")
    asked = asked_on_page(request).question
    state = readiness(asked)
    data = request.GET.copy()
    data[AREA_PARAMETER] = asked.area.text
    form = DashboardForm(data, areas=area_groups(request.user, asked.area))
    for name in ("lieu", "du", "au", "connu-le"):
        del form.fields[name]
    ask_url = f"{reverse('editions:ask', args=[REPORT])}?{AREA_PARAMETER}={asked.area.text}"
    context = {
        "area": asked.area,
        "form": form,
        "state": state,
        "deadline": format_long_date(state.period.last),
        "sites": state.sites[:MOST],
        "actions": state.actions[:MOST],
        "ask_url": ask_url if may_ask(request.user, report_kinds()[REPORT], asked.area) else "",
    }
    return render(request, "editions/ready.html", context)
