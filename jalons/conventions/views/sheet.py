"""A sheet, laid out as it is printed, and its words."""

from django.http import Http404, HttpRequest, HttpResponse

from jalons.accounts.enums import Right
from jalons.conventions.models import Commitment, Convention
from jalons.conventions.views.common import on_convention, on_sheet


@on_convention(Right.WRITE_CONVENTION)
def add_sheet(request: HttpRequest, convention: Convention) -> HttpResponse:
    raise Http404


@on_sheet(Right.READ_CONVENTIONS)
def sheet(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404


@on_sheet(Right.FILL_COMMITMENT)
def edit_labels(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404


@on_sheet(Right.FILL_COMMITMENT)
def edit_resume(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404


@on_sheet(Right.FILL_COMMITMENT)
def edit_sub_actions(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404


@on_sheet(Right.FILL_COMMITMENT)
def edit_narrative(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404


@on_sheet(Right.FILL_COMMITMENT)
def link_action(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    raise Http404
