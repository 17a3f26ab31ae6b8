"""Comments of one thing: read, add, withdraw; and the e-mails that a person chooses to receive.

With htmx the thread is swapped in its page; without, a page comes.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from jalons.accounts.decorators import requires, signed_in
from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for, fetch_again, fetch_subject
from jalons.accounts.subjects import subject_kind, subject_of
from jalons.core import headers
from jalons.core.services import write_once
from jalons.discussions.forms import CommentForm, MailChoicesForm
from jalons.discussions.models import Comment, MailChoice
from jalons.discussions.selectors import ANCHOR, thread_on
from jalons.discussions.services import add_comment, set_mail_choices, withdraw_comment

ADDED = "Votre commentaire est ajouté."
ALREADY_ADDED = "Votre commentaire était déjà ajouté\u00a0: votre second envoi n’a rien changé."
WITHDRAWN = "Votre commentaire est retiré."
CHOSEN = "Votre choix est enregistré."


@requires(Right.COMMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """The thread alone on its page, where a comment that could not be added comes back as it was typed."""
    right = subject_kind(kind).comment
    obj = fetch_subject(request.user, kind, public_id, right)
    form = CommentForm(request.POST) if request.method == "POST" else None
    if form is None or not form.is_valid():
        return thread_page(request, obj, form=form)
    by = actor_for(request.user, right, obj)  # type: ignore[arg-type]  # views are for signed-in users
    added: list[Comment] = []

    def write() -> str:
        added.append(add_comment(subject=obj, text=form.cleaned_data["text"], by=by))
        return thread_url(obj)

    write_once(form.cleaned_data["submission_key"], user_key=str(request.user.pk), write=write)
    return back(request, obj, told=ADDED if added else ALREADY_ADDED, done=bool(added))


@requires(Right.COMMENT)
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = get_object_or_404(Comment, public_id=public_id)
    right = subject_of(comment.subject).comment
    obj = fetch_again(request.user, comment.subject, right)
    withdraw_comment(comment=comment, by=actor_for(request.user, right, obj))  # type: ignore[arg-type]
    return back(request, obj, told=WITHDRAWN)


def thread_url(obj: Any) -> str:
    return f"{subject_of(obj).url(obj)}#{ANCHOR}"


def back(request: HttpRequest, obj: Any, *, told: str, done: bool = True) -> HttpResponse:
    """To the thread under its thing; with htmx, the thread itself."""
    if headers.by_htmx(request):
        return thread_page(request, obj, told=told)
    messages.add_message(request, messages.SUCCESS if done else messages.INFO, told)
    return redirect(thread_url(obj))


def thread_page(
    request: HttpRequest, obj: Any, *, form: CommentForm | None = None, told: str = ""
) -> HttpResponse:
    # 200 even with errors: htmx swaps nothing else.
    alone = headers.by_htmx(request)
    context = {
        "thread": thread_on(request.user, obj, form=form, told=told),
        "about": str(obj),
        "about_url": subject_of(obj).url(obj),
    }
    return render(request, "discussions/_comments.html" if alone else "discussions/comments.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mail_choices(request: HttpRequest) -> HttpResponse:
    """Where the foot of each e-mail leads: a link alone changes nothing, the form does."""
    muted = MailChoice.objects.muted_by(request.user)
    form = MailChoicesForm(request.POST if request.method == "POST" else None, muted=muted)
    if form.is_valid():
        set_mail_choices(user=request.user, muted=form.muted())  # type: ignore[arg-type]
        messages.success(request, CHOSEN)
        return redirect("discussions:mail_choices")
    return render(request, "discussions/mail_choices.html", {"form": form})
