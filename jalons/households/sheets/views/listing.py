"""La liste des familles. What is searched is sent, never put in the address: an address is written in logs."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from jalons.core import clock, ui
from jalons.households.enums import RegisterAct
from jalons.households.handing.selectors import waiting_for
from jalons.households.journal import note_act
from jalons.households.permissions import Opened, in_register
from jalons.households.sheets.counts import list_counts
from jalons.households.sheets.forms import FamilySearchForm
from jalons.households.sheets.selectors import chosen_lines, family_lines, known_sites, own_actions

PAGE_SIZE = 50
COLUMNS = [
    ui.Column("Ménage"),
    ui.Column("Personnes", numeric=True),
    ui.Column("Lieu de vie"),
    ui.Column("À revoir"),
    ui.Column("Vue le"),
]


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def families(request: HttpRequest, opened: Opened) -> HttpResponse:
    today = clock.today()
    lines = family_lines(opened.register, today)
    form = FamilySearchForm(request.POST or None, actions=own_actions(opened.register, request.user))
    asked = form.criteria() if form.is_bound else {}
    page = Paginator(chosen_lines(lines, **asked), PAGE_SIZE).get_page(request.POST.get("page"))
    note_act(request, opened.organisation.pk, RegisterAct.LIST)
    names = known_sites(request.user, {line.site for line in page.object_list if line.site})
    context = {
        "opened": opened,
        "form": form,
        "page": page,
        "rows": [(line, names.get(line.site, "")) for line in page.object_list],
        "columns": COLUMNS,
        "counts": list_counts(lines),
        "any": bool(lines),
        "handed": waiting_for(opened.organisation.pk),
        "filtered": bool(asked),
    }
    return render(request, "households/sheets/list.html", context)
