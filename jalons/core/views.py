from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jalons.core import checks, resume
from jalons.core.showcase import showcase_context


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


def components(request: HttpRequest) -> HttpResponse:
    """Every component in each of its states, for those who write pages."""
    if not settings.COMPONENTS_PAGE:
        raise Http404
    return render(request, "core/components.html", showcase_context(request.GET))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "core/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reason = str(exception) if isinstance(exception, PermissionDenied) else ""
    return render(request, "core/403.html", {"reason": reason}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: what broke may be the session, the database or a context processor."""
    try:
        sheets = [static("vendor/bootstrap/bootstrap.min.css"), static("jalons/jalons.css")]
    except ValueError:  # the list of static files is itself missing
        sheets = []
    return HttpResponse(render_to_string("core/500.html", {"sheets": sheets}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """After signing in again in another tab the form is out of date: what it holds can be sent from here."""
    kept = resume.typed_in(request) if resume.same_origin(request) else None
    if kept and kept.whole:
        content = {"kept": kept, "title": "Ce formulaire n’était plus à jour\u00a0: envoyez-le d’ici"}
        return render(request, "core/resume.html", content, status=403)
    return render(request, "core/csrf.html", status=403)
