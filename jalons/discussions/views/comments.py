"""Comments of one thing: read, add, keep for some, withdraw; the people that one may name.

With htmx the thread is swapped in its page; without, a page comes.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for, fetch_again, fetch_subject
from jalons.accounts.subjects import subject_kind, subject_of
from jalons.core import headers
from jalons.core.services import write_once
from jalons.discussions.forms import CommentForm, RestrictedCommentForm
from jalons.discussions.models import Comment
from jalons.discussions.readers import reader_list_of
from jalons.discussions.selectors import ANCHOR, thread_on
from jalons.discussions.services import add_comment, withdraw_comment

ADDED = "Votre commentaire est ajouté."
ALREADY_ADDED = "Votre commentaire était déjà ajouté\u00a0: votre second envoi n’a rien changé."
WITHDRAWN = "Votre commentaire est retiré."
# The button that asks who will read the comment, and what the page that it opens sends.
CHOOSE = "choose"
CHOICE = {CHOOSE, "audience_kind", "organisations", "people"}


@requires(Right.COMMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """The thread alone on its page, where a comment that could not be added comes back as it was typed."""
    right = subject_kind(kind).comment
    obj = fetch_subject(request.user, kind, public_id, right)
    form = comment_form(request, kind, obj)
    if form is None or CHOOSE in request.POST or not form.is_valid():
        return thread_page(request, obj, form=form)
    by = actor_for(request.user, right, obj)  # type: ignore[arg-type]  # views are for signed-in users
    added: list[Comment] = []

    def write() -> str:
        text, audience = form.cleaned_data["text"], form.audience
        added.append(add_comment(subject=obj, text=text, by=by, audience=audience))
        return thread_url(obj)

    try:
        write_once(form.cleaned_data["submission_key"], user_key=str(request.user.pk), write=write)
    except ValidationError as error:
        form.add_error("text", error)
        return thread_page(request, obj, form=form)
    return back(request, obj, notice=ADDED if added else ALREADY_ADDED, done=bool(added))


def comment_form(request: HttpRequest, kind: str, obj: Any) -> CommentForm | None:
    """With the choice of readers when it was asked for, or was on the page that was sent."""
    if request.method != "POST":
        return None
    mention_url = reverse("discussions:mentionable", args=[kind, obj.public_id])
    if not CHOICE & request.POST.keys():
        return CommentForm(request.POST, mention_url=mention_url)
    shared: dict[str, Any] = {
        "readers": reader_list_of(obj),
        "author": request.user.pk,
        "mention_url": mention_url,
    }
    if CHOOSE in request.POST:
        return RestrictedCommentForm(initial={"text": request.POST.get("text", "")}, **shared)
    return RestrictedCommentForm(request.POST, **shared)


@requires(Right.COMMENT)
@require_safe
def mentionable(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """The names that may follow « @ » in a comment on this thing: a fragment for the form."""
    obj = fetch_subject(request.user, kind, public_id, subject_kind(kind).comment)
    text = request.GET.get("q", "")[:80]
    people = reader_list_of(obj).search(text) if text.strip() else []
    return render(request, "discussions/_mentionable.html", {"people": people, "asked": text})


@requires(Right.COMMENT)
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = get_object_or_404(Comment.objects.visible_to(request.user), public_id=public_id)
    right = subject_of(comment.subject).comment
    obj = fetch_again(request.user, comment.subject, right)
    withdraw_comment(comment=comment, by=actor_for(request.user, right, obj))  # type: ignore[arg-type]
    return back(request, obj, notice=WITHDRAWN)


def thread_url(obj: Any) -> str:
    return f"{subject_of(obj).url(obj)}#{ANCHOR}"


def back(request: HttpRequest, obj: Any, *, notice: str, done: bool = True) -> HttpResponse:
    """To the thread under its thing; with htmx, the thread itself."""
    if headers.by_htmx(request):
        return thread_page(request, obj, notice=notice)
    messages.add_message(request, messages.SUCCESS if done else messages.INFO, notice)
    return redirect(thread_url(obj))


def thread_page(
    request: HttpRequest, obj: Any, *, form: CommentForm | None = None, notice: str = ""
) -> HttpResponse:
    # 200 even with errors: htmx swaps nothing else.
    alone = headers.by_htmx(request)
    context = {
        "thread": thread_on(request.user, obj, form=form, notice=notice),
        "about": str(obj),
        "about_url": subject_of(obj).url(obj),
    }
    return render(request, "discussions/_comments.html" if alone else "discussions/comments.html", context)
