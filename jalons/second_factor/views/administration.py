"""Who has a second factor, and what to do about a lost phone; for who manages accounts, in their territory."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.core import ui
from jalons.second_factor.forms import PeopleFilter, ResetForm
from jalons.second_factor.permissions import is_required
from jalons.second_factor.selectors import accounts_in_charge, factors_of, people_with_factors
from jalons.second_factor.services import reset_second_factor

PAGE_SIZE = 50
COLUMNS = [ui.Column("Compte"), ui.Column("Second facteur"), ui.Column("À faire", hidden=True)]


@require_safe
@requires(Right.MANAGE_ACCOUNTS)
def people(request: HttpRequest) -> HttpResponse:
    form = PeopleFilter(request.GET)
    chosen = form.criteria()
    accounts = people_with_factors(request.user, text=chosen.get("q", ""), without=bool(chosen.get("sans")))
    content = {
        "form": form,
        "page": Paginator(accounts, PAGE_SIZE).get_page(request.GET.get(ui.PAGE_PARAMETER)),
        "columns": COLUMNS,
        "required": is_required(),
        "chosen": bool(chosen),
    }
    return render(request, "second_factor/people.html", content)


@requires(Right.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    by: Any = request.user
    account = get_object_or_404(accounts_in_charge(by), pk=pk)
    form = ResetForm(request.POST or None)
    if form.is_valid():
        if reset_second_factor(user=account, by=by, reason=form.cleaned_data["reason"]):
            messages.success(
                request,
                f"La double authentification de {account.name} est réinitialisée. Un courriel le lui dit.",
            )
        else:
            messages.info(request, f"{account.name} n’a plus de second facteur\u00a0: rien n’a changé.")
        return redirect("second_factor:people")
    content = {"form": form, "account": account, "factors": factors_of(account)}
    return render(request, "second_factor/reset.html", content)
