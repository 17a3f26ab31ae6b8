"""Les propositions que l’on a envoyées, reçues, ou qui sont de son territoire."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.core import ui
from jalons.core.values import format_number, plural
from jalons.proposals.forms import ProposalFilterForm
from jalons.proposals.models import ActionProposal
from jalons.proposals.selectors import departement_names, lines_of, waiting_for

PAGE_SIZE = 25
COLUMNS = (
    ui.Column("Proposition"),
    ui.Column("Proposée par"),
    ui.Column("Adressée à"),
    ui.Column("Envoyée le"),
    ui.Column("État"),
)


@require_safe
@requires(Right.READ_PROPOSALS)
def proposal_list(request: HttpRequest) -> HttpResponse:
    form = ProposalFilterForm(request.GET, departements=departement_names(request.user))
    criteria = form.criteria()
    rows = ActionProposal.objects.visible_to(request.user).with_people()
    if criteria.get("etat"):
        rows = rows.filter(state=criteria["etat"])
    if criteria.get("departement"):
        rows = rows.filter(departement=criteria["departement"])
    page = Paginator(rows.order_by("-created_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    count = page.paginator.count
    context = {
        "form": form,
        "page": page,
        "lines": lines_of(request.user, page.object_list),
        "columns": COLUMNS,
        "caption": f"{format_number(count)} {plural(count, 'proposition', 'propositions')}, les plus récentes d’abord",
        "filtered": bool(criteria),
        "waiting": waiting_for(request.user),
    }
    return render(request, "proposals/list.html", context)
