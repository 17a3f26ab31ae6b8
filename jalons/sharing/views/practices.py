"""Les bonnes pratiques : chercher, lire, écrire, relire les éditions."""

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for, fetch, has
from jalons.core import clock
from jalons.core.values import format_number, plural
from jalons.discussions.selectors import thread_on
from jalons.documents.selectors import pieces_on
from jalons.editing.conflicts import record_conflict_of
from jalons.editing.writing import record, typed
from jalons.history.selectors import history_entries, timeline
from jalons.history.services import Actor, Stale
from jalons.sharing.forms.practices import PracticeFilterForm, PracticeForm
from jalons.sharing.models import Practice
from jalons.sharing.permissions import (
    may_ask,
    may_publish_now,
    may_withdraw,
    may_write,
    new_writer,
)
from jalons.sharing.selectors.practices import (
    actions_to_link,
    as_html,
    linked_actions,
    own_practices,
    practices_to_review,
    published_practices,
    themes_of,
)
from jalons.sharing.services import save_practice
from jalons.sharing.views.common import PRACTICES, page_of, shared_tabs

PAGE_SIZE = 25
FORM_METHODS = ["GET", "HEAD", "POST"]


def practice_for(request: HttpRequest, public_id: str, right: Right = Right.READ_SHARED) -> Practice:
    rows = Practice.objects.select_related("owner", "current__published_by", "current__published_for")
    return fetch(request.user, rows, right, public_id=public_id)


def page_url(practice: Practice) -> str:
    return reverse("sharing:practice", args=[practice.public_id])


@require_safe
@requires(Right.READ_SHARED)
def practices(request: HttpRequest) -> HttpResponse:
    form = PracticeFilterForm(request.GET)
    page = Paginator(published_practices(request.user, form.asked()), PAGE_SIZE).get_page(
        page_of(request.GET)
    )
    count, today = page.paginator.count, clock.today()
    writes = has(request.user, Right.WRITE_PRACTICE)
    context = {
        "form": form,
        "page": page,
        "lines": [(row, themes_of(row.current), row.is_old(today)) for row in page.object_list],
        "words": f"{format_number(count)} {plural(count, 'bonne pratique', 'bonnes pratiques')}",
        "tabs": shared_tabs(PRACTICES),
        "filtered": bool(form.criteria()),
        "may_add": writes,
        "own": own_practices(request.user) if writes else [],
        "to_review": practices_to_review(request.user),
    }
    return render(request, "sharing/practices.html", context)


@require_safe
@requires(Right.READ_SHARED)
def practice(request: HttpRequest, public_id: str) -> HttpResponse:
    """The edition that everybody reads; the text itself for who writes it, while nothing is published."""
    page, user = practice_for(request, public_id), request.user
    edition = page.current if page.is_published else None
    words: Any = edition or page
    pieces = pieces_on(user, page)
    context = {
        "practice": page,
        "words": words,
        "edition": edition,
        "body": as_html(words.body),
        "themes": themes_of(words),
        "old": page.is_published and page.is_old(clock.today()),
        "linked": linked_actions(user, page),
        "may_write": may_write(user, page),
        "may_ask": may_ask(user, page),
        "may_publish": may_publish_now(user, page),
        "may_withdraw": may_withdraw(user, page),
        "changed": page.is_published and page.changed_since and may_write(user, page),
        "pieces": pieces if has(user, Right.ATTACH) else replace(pieces, attach_url=""),
        "thread": thread_on(user, page) if page.is_published else None,
    }
    return render(request, "sharing/practice.html", context)


@require_http_methods(FORM_METHODS)
@requires(Right.WRITE_PRACTICE)
def add(request: HttpRequest) -> HttpResponse:
    by = new_writer(request.user)
    page = Practice(owner=by.organisation)
    return written(request, page, by, title="Écrire une bonne pratique", back=reverse("sharing:practices"))


@require_http_methods(FORM_METHODS)
@requires(Right.WRITE_PRACTICE)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    page = practice_for(request, public_id, Right.WRITE_PRACTICE)
    by = actor_for(request.user, Right.WRITE_PRACTICE, page)  # type: ignore[arg-type]  # signed in
    return written(request, page, by, title="Modifier la page", back=page_url(page))


def written(request: HttpRequest, page: Practice, by: Actor, *, title: str, back: str) -> HttpResponse:
    form = PracticeForm(typed(request), practice=page, choices=actions_to_link(request.user, page))
    conflict = None

    def write() -> Practice:
        for name, value in form.described().items():
            setattr(page, name, list(value) if name == "actions" else value)
        return save_practice(practice=page, by=by, expected_version=form.seen_version if page.pk else None)

    message = "C’est enregistré. La page n’est lue par les autres qu’une fois publiée."
    try:
        answer = record(request, form, write, message=message, to=page_url(page))
    except Stale as stale:
        answer, conflict = None, record_conflict_of(Practice, stale.current, form)
    context = {"form": form, "conflict": conflict, "title": title, "back_url": back, "owner": page.owner}
    return answer or render(request, "sharing/practice_form.html", context, status=409 if conflict else 200)


@require_safe
@requires(Right.READ_SHARED)
def editions(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was published and when, newest first; for who writes it, the texts and everything that was done.

    A word that a newer edition takes out is out: other readers have the dates of the former ones, not their texts.
    """
    page = practice_for(request, public_id)
    writes = may_write(request.user, page)
    rows = page.editions.select_related("published_by", "published_for").order_by("-number")[:50]
    story = history_entries(Practice.history.filter(id=page.pk), label="la page")
    context = {
        "practice": page,
        "page_url": page_url(page),
        "editions": [(row, as_html(row.body) if writes else "") for row in rows],
        "story": timeline(story, limit=50) if writes else [],
    }
    return render(request, "sharing/editions.html", context)
