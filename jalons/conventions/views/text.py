"""The text of a convention: who signs, the law, the articles, the article on payment, the annex."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Convention
from jalons.conventions.views.common import on_convention


@on_convention(Right.READ_CONVENTIONS)
def text(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION)
def edit_identity(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION)
def edit_parties(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION)
def edit_references(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION)
def edit_articles(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION)
def edit_payment_actions(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_convention(Right.WRITE_CONVENTION_MONEY)
def edit_annex(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404
