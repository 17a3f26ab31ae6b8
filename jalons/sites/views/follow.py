"""Procédures, réinstallations, fermeture."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.decorators import signed_in


@signed_in
def procedure_add(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def procedure_correct(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def procedure_withdraw(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def resettlement_add(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def resettlement_withdraw(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def close(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def reopen(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404
