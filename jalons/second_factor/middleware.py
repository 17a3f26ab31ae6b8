"""Marks who was proved twice, and leads there whoever must be and was not."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from jalons.accounts.decorators import READING
from jalons.accounts.enums import Right
from jalons.accounts.opening import NEXT
from jalons.accounts.permissions import has
from jalons.core import headers, resume
from jalons.second_factor.enums import Purpose
from jalons.second_factor.permissions import PROVED_ELSEWHERE, NotVerified, is_required, is_verified
from jalons.second_factor.selectors import has_factor

PURPOSE = "pour"


class AsksSecondFactor:
    """After `OTPMiddleware`. Every page that gives rights over accounts asks for two proofs: see `process_view`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user: Any = request.user

        def marked() -> Any:
            elsewhere = request.session.get(PROVED_ELSEWHERE, False)
            user.proved_twice = bool(user.is_authenticated and (user.is_verified() or elsewhere))
            return user

        request.user = SimpleLazyObject(marked)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not is_required() or getattr(view, "access", "") != Right.MANAGE_ACCOUNTS:
            return None
        if is_verified(request.user) or not has(request.user, Right.MANAGE_ACCOUNTS):
            return None
        return prove_first(request, Purpose.ADMINISTRATION)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return prove_first(request, exception.purpose) if isinstance(exception, NotVerified) else None


def prove_first(request: HttpRequest, purpose: Purpose) -> HttpResponse:
    """To the page that asks for the second proof, or that installs one; what was typed stays in this one."""
    page = "second_factor:step" if has_factor(request.user) else "second_factor:overview"  # type: ignore[arg-type]
    htmx = headers.by_htmx(request)
    if request.method in READING:
        after = headers.htmx_page(request) if htmx else request.get_full_path()
        url = f"{reverse(page)}?{urlencode({NEXT: after or '/', PURPOSE: purpose})}"
        return HttpResponse(headers={"HX-Redirect": url}) if htmx else redirect(url)
    content = {"purpose": purpose.label, "page_url": reverse(page), "kept": resume.carried(request)}
    answer = render(request, "second_factor/needed.html", content, status=403)
    if htmx:  # which swaps no 403: the page takes the place of the whole body instead
        answer.status_code = 200
        answer["HX-Retarget"], answer["HX-Reswap"] = "body", "innerHTML show:window:top"
    return answer
