"""La durée de conservation : la lire, la choisir, voir ce qui s’effacera et quand."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jalons.core.values import french_spaces
from jalons.editing.refusals import Refused
from jalons.households.models import Household, RegisterRetention
from jalons.households.permissions import Opened, in_register
from jalons.households.retention.forms import RetentionForm
from jalons.households.retention.services import choose_months, months_kept

MOST_MONTHS = 24  # of those to come, shown


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def retention(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Read by every member; chosen by a responsible person."""
    organisation = opened.organisation
    chosen = RegisterRetention.objects.filter(organisation=organisation).select_related("decided_by").first()
    initial = {"months": months_kept(organisation.pk), "reason": chosen.reason if chosen else ""}
    form = RetentionForm(request.POST or None, initial=initial)
    if request.method == "POST" and not opened.member.responsible:
        raise PermissionDenied("Une personne responsable du registre choisit la durée.")
    if request.method == "POST" and form.is_valid():
        try:
            choose_months(organisation=organisation, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("reason", french_spaces(str(refusal)))
        else:
            messages.success(
                request, "La durée est enregistrée. Rien ne s’efface sans soixante jours d’annonce."
            )
            return redirect("households:retention")
    months = (
        Household.objects.filter(organisation=organisation, erase_on__isnull=False)
        .order_by("erase_on")
        .values_list("erase_on")
        .annotate(households=Count("pk"))[:MOST_MONTHS]
    )
    context = {
        "opened": opened,
        "form": form,
        "chosen": chosen,
        "months": list(months),
        "now": initial["months"],
    }
    return render(request, "households/retention.html", context)
