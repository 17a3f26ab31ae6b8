"""The front door: the one page that may know every app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jalons.accounts.decorators import open_to_all


@open_to_all
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "core/home.html")
