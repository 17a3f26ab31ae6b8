import logging
import sys
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from jalons.core import checks, headers, monitoring, resume
from jalons.core.failures import Failure, failure_of
from jalons.core.incidents import incident_of
from jalons.core.showcase import showcase_context

logger = logging.getLogger(__name__)
RETRY_AFTER = 60  # seconds


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For a load balancer (503: take this server out) and a monitor (`etat`). No session, no secret."""
    results = {name: check() for name, check in {**checks.CHECKS, **monitoring.registered()}.items()}
    worst = max((result.health for result in results.values()), key=list(checks.Health).index)
    content = {
        "etat": worst,
        "controles": {
            name: {"etat": result.health, "detail": result.detail} for name, result in results.items()
        },
    }
    status = 503 if worst is checks.Health.BROKEN else 200
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})


def components(request: HttpRequest) -> HttpResponse:
    """Every component in each of its states, for those who write pages."""
    if not settings.COMPONENTS_PAGE:
        raise Http404
    return render(request, "core/components.html", showcase_context(request.GET))


# What people read when it does not work --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """What an error page says: what is wrong, then how to go on. `again`: the same form may pass later."""

    title: str
    text: str
    steps: tuple[str, ...] = ()
    again: bool = False


REPORT = "Si l’erreur revient, signalez-la à la personne qui gère Jalons, avec le numéro ci-dessous."
WAIT = "Attendez une minute, puis recommencez."
NOTHING_SAVED = "Rien n’a été enregistré."
UNCLEAR = Words(
    "Jalons n’a pas compris cette demande",
    f"L’adresse ou le formulaire est arrivé abîmé. {NOTHING_SAVED}",
    ("Revenez à la page d’avant, rechargez-la, puis recommencez.", REPORT),
)
WRONG_HOST = Words(
    "Jalons n’est pas à cette adresse",
    "Le nom de site demandé n’est pas l’un de ceux que ce serveur connaît.",
    ("Vérifiez l’adresse, ou reprenez-la dans un courriel de Jalons.",),
)
TOO_BIG = Words(
    "Ce formulaire est trop long pour être reçu",
    f"Il dépasse ce que Jalons accepte en une fois. {NOTHING_SAVED}",
    ("Revenez à la page d’avant.", "Raccourcissez les textes, ou envoyez-les en plusieurs fois.", REPORT),
)
TOO_MANY = Words(
    "Ce formulaire a trop de lignes pour être reçu",
    f"Jalons accepte mille cases en une fois. {NOTHING_SAVED}",
    ("Revenez à la page d’avant.", "Enregistrez les lignes en plusieurs fois.", REPORT),
)
NOT_THAT_WAY = Words(
    "Cette adresse ne s’ouvre pas ainsi",
    "Elle ne sert qu’à recevoir un formulaire, ou qu’à être lue.",
    ("Revenez à la page d’avant et utilisez ses boutons.",),
)
BROKEN = Words(
    "Jalons a rencontré une erreur",
    "L’erreur vient de Jalons, pas de vous. Si vous veniez d’envoyer un formulaire, il n’a sans doute pas été "
    "enregistré.",
    (WAIT, REPORT),
    again=True,
)
OF_FAILURE = {
    Failure.FULL: Words(
        "Plus de place sur le serveur\u00a0: rien n’est enregistré",
        "Le serveur ne peut plus rien écrire. Les pages se lisent encore, mais rien ne peut être ajouté, ni un "
        "fichier téléchargé, ni une connexion ouverte.",
        (
            "Prévenez la personne qui gère Jalons, avec le numéro ci-dessous.",
            "Recommencez quand elle aura fait de la place.",
        ),
        again=True,
    ),
    Failure.AWAY: Words(
        "Jalons ne joint plus ses données\u00a0: rien n’est enregistré",
        "La base de données ne répond pas. Elle revient d’ordinaire toute seule en quelques minutes.",
        (WAIT, REPORT),
        again=True,
    ),
    Failure.BUSY: Words(
        "Trop de monde à la fois\u00a0: rien n’est enregistré",
        "D’autres personnes écrivent en ce moment, et votre tour n’est pas venu à temps.",
        (WAIT, REPORT),
        again=True,
    ),
}
OF_STATUS = {400: UNCLEAR, 405: NOT_THAT_WAY, 413: TOO_BIG, 500: BROKEN}


def error_page(request: HttpRequest, status: int, words: Words | None = None) -> HttpResponse:
    """A page that needs nothing: the session, the database or the static files may be what broke."""
    words = words or OF_STATUS[status]
    resumable = kept_by(request) if words.again else None
    content = {
        "words": words,
        "sheets": sheets(),
        "incident": incident_of(request),
        "kept": resumable,
        "token": get_token(request) if resumable else "",
        "posted": request.method == "POST",
    }
    return HttpResponse(render_to_string("core/error.html", content), status=status)


def kept_by(request: HttpRequest) -> resume.Kept | None:
    """What was typed, if it can still be read: the form itself may be what broke."""
    try:
        return resume.carried(request)
    except Exception:
        logger.exception("Ce qui était écrit n’a pas pu être repris")
        return None


def sheets() -> list[str]:
    try:
        return [static("vendor/bootstrap/bootstrap.min.css"), static("jalons/jalons.css")]
    except ValueError:  # the list of static files is itself missing
        return []


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return error_page(request, 413)
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        return error_page(request, 413, TOO_MANY)
    return error_page(request, 400, WRONG_HOST if isinstance(exception, DisallowedHost) else None)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "core/404.html", {"incident": incident_of(request)}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reason = str(exception) if isinstance(exception, PermissionDenied) else ""
    content = {"reason": reason, "incident": incident_of(request)}
    return render(request, "core/403.html", content, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Called while the exception is handled: a server without room or without database answers 503."""
    failure = failure_of(sys.exc_info()[1])
    if failure is None:
        return error_page(request, 500)
    answer = error_page(request, 503, OF_FAILURE[failure])
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """After signing in again in another tab the form is out of date: what it holds can be sent from here."""
    resumable: Any = resume.carried(request) if headers.from_our_page(request) else None
    content: dict[str, Any] = {"incident": incident_of(request)}
    if resumable and resumable.whole:
        content |= {"kept": resumable, "title": "Ce formulaire n’était plus à jour\u00a0: envoyez-le d’ici"}
        return render(request, "core/resume.html", content, status=403)
    return render(request, "core/csrf.html", content, status=403)
