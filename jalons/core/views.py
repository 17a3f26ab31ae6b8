from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jalons.core import checks


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For a load balancer (503: take this server out) and a monitor (`etat`). No session, no secret."""
    results = {"base": checks.database(), "disque": checks.disk(), "file": checks.queue()}
    worst = max((result.health for result in results.values()), key=list(checks.Health).index)
    content = {
        "etat": worst,
        "controles": {name: {"etat": one.health, "detail": one.detail} for name, one in results.items()},
    }
    status = 503 if worst is checks.Health.BROKEN else 200
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "core/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "core/403.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "core/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "core/403.html", status=403)
