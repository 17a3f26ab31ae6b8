"""The page that leads to everything that is administered. Each app adds its card: see `core.navigation`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.core.navigation import administration_links


@requires(Right.MANAGE_ACCOUNTS)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "administration/home.html", {"links": administration_links(request.user)})
