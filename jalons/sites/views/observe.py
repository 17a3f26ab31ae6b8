"""Dire ce qui est observé sur un site."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.decorators import signed_in


@signed_in
def unchanged(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def survey_add(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def survey_correct(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def survey_set_aside(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def survey_take_back(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def survey_withdraw(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def conditions_add(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def conditions_correct(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def diagnosis_add(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def event_add(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def event_withdraw(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404


@signed_in
def owner_add(request: HttpRequest, **where: Any) -> HttpResponse:
    raise Http404
