"""Pages that break each rule of the house, to prove that the guards see it; `house.urls` is never served."""

import contextlib

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

GOOD = """<!doctype html><html lang="fr"><head><title>Maison</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"></head>
<body><main><h1>Maison</h1>{}</main></body></html>"""


def good(request: HttpRequest) -> HttpResponse:
    who = request.user.pk if request.user.is_authenticated else "personne"
    return HttpResponse(GOOD.format(f"<p>Connecté : {who}</p>"))


def writes(request: HttpRequest) -> HttpResponse:
    DBTaskResult.objects.filter(status="absent").delete()
    DBTaskResult.objects.update(priority=0)
    return HttpResponse("écrit")


def writes_in_silence(request: HttpRequest) -> HttpResponse:
    try:
        return writes(request)
    except AssertionError:
        return HttpResponse("rien vu")


def writes_session(request: HttpRequest) -> HttpResponse:
    Session.objects.update(expire_date=timezone.now())
    return HttpResponse("permis")


def absent_variable(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string("{{ nobody.knows }}").render({}, request))


def refused_by_policy(request: HttpRequest) -> HttpResponse:
    return HttpResponse(GOOD.format('<script>document.title = "non"</script>'))


def exception(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("volontaire")


def inaccessible(request: HttpRequest) -> HttpResponse:
    return HttpResponse(GOOD.format('<img src="data:,"><input name="sans-etiquette">'))


def hashes(request: HttpRequest) -> HttpResponse:
    """« dedans »: while its transaction is held."""
    with transaction.atomic() if "dedans" in request.GET else contextlib.nullcontext():
        make_password("une longue phrase")
    return HttpResponse("calculé")


urlpatterns = [
    path("maison/", good),
    path("maison/ecrit", writes),
    path("maison/ecrit-en-silence", writes_in_silence),
    path("maison/session", writes_session),
    path("maison/calcule", hashes),
    path("maison/absente", absent_variable),
    path("maison/refusee", refused_by_policy),
    path("maison/exception", exception),
    path("maison/inaccessible", inaccessible),
    path("", include("jalons.config.urls")),
]
handler400 = "jalons.core.views.bad_request"
handler500 = "jalons.core.views.broken"
