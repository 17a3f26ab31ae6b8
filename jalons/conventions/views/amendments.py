"""Frozen versions and amendments."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Convention
from jalons.conventions.views.common import on_convention


@on_convention(Right.READ_CONVENTIONS)
def amendments(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION)
def freeze(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.READ_CONVENTIONS)
def edition(request: HttpRequest, convention: Convention, edition: str) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION)
def add_amendment(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION)
def edit_amendment(request: HttpRequest, convention: Convention, amendment: str) -> HttpResponse:
    raise Http404


@on_convention(Right.READ_CONVENTIONS)
def amendment(request: HttpRequest, convention: Convention, amendment: str) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION)
def freeze_amendment(request: HttpRequest, convention: Convention, amendment: str) -> HttpResponse:
    raise Http404
