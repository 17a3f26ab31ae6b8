"""Déclarer un site et dire ce qu’il est."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.decorators import signed_in


@signed_in
def declare(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def nearby(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def addresses(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def edit(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def alias_add(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def alias_remove(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def installation(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def merge(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404
