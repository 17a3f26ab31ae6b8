"""Stars and subscriptions: on a sheet, on « Mes abonnements », and out of an e-mail without signing in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts.decorators import open_to_all, signed_in
from jalons.accounts.permissions import fetch
from jalons.core import headers
from jalons.discussions.enums import Frequency, NewsKind
from jalons.discussions.followed import Followed, followed_kind
from jalons.discussions.forms import FollowForm, FollowMoreForm
from jalons.discussions.models import Subscription
from jalons.discussions.notifications import unsubscribing
from jalons.discussions.services import follow as subscribe
from jalons.discussions.services import refuse_topic, set_favourite, stop_following
from jalons.discussions.stars import star
from jalons.discussions.subscriptions import (
    Target,
    more_choices,
    subscription_lines,
    territories_named,
    territory_choice,
    themes_named,
)
from jalons.discussions.topics import topics

SAVED, STOPPED = "Votre abonnement est enregistré.", "Vous ne suivez plus cela."


def followed_object(request: HttpRequest, kind: str, key: str) -> tuple[Followed, Any]:
    """404 for what one may not read, and for what another replaced."""
    followed = followed_kind(kind)
    obj = fetch(request.user, followed.model._default_manager, followed.read, **{followed.key: key})
    if followed.gone(obj):
        raise Http404
    return followed, obj


@signed_in
@require_POST
def favourite(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """`on`: 1 to star, anything else to take the star away; sent twice, the same."""
    followed, obj = followed_object(request, kind, key)
    on = request.POST.get("on") == "1"
    set_favourite(user=request.user, obj=obj, on=on)  # type: ignore[arg-type]
    if headers.by_htmx(request):
        return render(request, "discussions/_star.html", {"star": star(followed, obj, on=on)})
    messages.success(request, f"{obj}\u00a0: {'ajouté à' if on else 'retiré de'} vos favoris.")
    return redirect(headers.referring_page(request) or followed.url(obj))


@signed_in
@require_safe
def subscriptions(request: HttpRequest) -> HttpResponse:
    return render(request, "discussions/subscriptions.html", {"lines": subscription_lines(request.user)})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """How one follows a sheet, a territory or a theme; `stop` ends it."""
    target, kept_as = target_of(request, kind, key)
    row = Subscription.objects.of(request.user).filter(target=kind, target_key=kept_as).first()
    if request.method == "POST" and "stop" in request.POST:
        if row:
            stop_following(subscription=row)
        messages.success(request, STOPPED)
        return redirect(target.url or "discussions:subscriptions")
    form = FollowForm(request.POST if request.method == "POST" else None, initial=initial_of(row))
    if form.is_valid():
        save(request, form, kind, kept_as)
        return redirect(target.url or "discussions:subscriptions")
    about = {"name": target.name, "back": target.url, "form": form, "row": row}
    return render(request, "discussions/follow.html", about)


def target_of(request: HttpRequest, kind: str, key: str) -> tuple[Target, str]:
    """What an address names, and the key under which it is kept; 404 for what one may not follow."""
    if kind in (Subscription.TERRITORY, Subscription.THEME):
        named = {**territories_named([(kind, key)]), **themes_named([(kind, key)])}
        if (kind, key) not in named:
            raise Http404
        return named[kind, key], key
    followed, obj = followed_object(request, kind, key)
    if not followed.by_mail:
        raise Http404
    return Target(str(obj), key, followed.url(obj)), str(obj.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def follow_more(request: HttpRequest) -> HttpResponse:
    """A territory or a theme. `?departement=` chooses it beforehand; without it, one’s own first territory."""
    form = FollowMoreForm(
        request.POST if request.method == "POST" else None,
        choices=more_choices(request.user),
        initial={"what": territory_choice(request.user, request.GET.get("departement", ""))},
    )
    if form.is_valid():
        target, _, key = form.cleaned_data["what"].partition(":")
        save(request, form, target, key)
        return redirect("discussions:subscriptions")
    return render(request, "discussions/follow.html", {"name": "", "back": "", "form": form, "row": None})


def initial_of(row: Subscription | None) -> dict[str, Any]:
    return {"frequency": row.frequency, "events": row.events} if row else {}


def save(request: HttpRequest, form: FollowForm, target: str, key: str) -> None:
    given = form.cleaned_data
    subscribe(
        user=request.user,  # type: ignore[arg-type]
        target=target,
        target_key=key,
        frequency=Frequency(given["frequency"]),
        events=[NewsKind(code) for code in given["events"]],
    )
    messages.success(request, SAVED)


@open_to_all
@csrf_exempt  # RFC 8058: the mail service of the reader posts there, without a page of ours before
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The signed link at the foot of an e-mail. A GET changes nothing: programs open links too."""
    whose = unsubscribing(token)
    topic = next((candidate for candidate in topics() if whose and candidate.code == whose[1]), None)
    if whose is None or topic is None:
        raise Http404
    done = request.method == "POST"
    if done:
        refuse_topic(user=whose[0], topic=topic.code)
    return render(request, "discussions/unsubscribe.html", {"topic": topic, "done": done})
