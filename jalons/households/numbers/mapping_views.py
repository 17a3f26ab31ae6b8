"""Ce que le registre compte pour les indicateurs qu’un dispositif a ajoutés."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jalons.actions.models import Action
from jalons.households.numbers.forms import ChosenFiguresForm
from jalons.households.numbers.mapping import (
    choose_figures,
    local_indicators,
    mapped_rows,
    socle_figures,
)
from jalons.households.permissions import Opened, in_register


@require_http_methods(["GET", "HEAD", "POST"])
@in_register
def mapped(request: HttpRequest, opened: Opened) -> HttpResponse:
    actions = Action.objects.visible_to(request.user).operated_by(opened.organisation.pk, ever=True)
    indicators = local_indicators(actions.order_by().values("pk"))
    rows = mapped_rows(opened.organisation.pk, [indicator.pk for indicator in indicators])
    form = ChosenFiguresForm(request.POST or None, indicators=indicators, rows=rows, socle=socle_figures())
    if request.method == "POST" and form.is_valid():
        choose_figures(
            organisation_id=opened.organisation.pk, chosen=form.chosen(), by=request.user, at=timezone.now()
        )
        messages.success(request, "Enregistré. Le suivi proposera ces nombres, que vous pourrez reprendre.")
        return redirect("households:mapped")
    return render(request, "households/mapped.html", {"opened": opened, "form": form})
