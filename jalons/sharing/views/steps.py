"""La vie d’une bonne pratique : la proposer, la publier, la rendre, la dire relue, la retirer."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from jalons.accounts.decorators import View, requires
from jalons.accounts.enums import Right
from jalons.accounts.permissions import actor_for
from jalons.core.values import french_spaces
from jalons.editing.writing import already_sent, record, typed
from jalons.history.services import Actor, Stale
from jalons.joining.views.common import answered_before
from jalons.sharing.forms.practices import PracticeAnswerForm, PracticeStepForm
from jalons.sharing.models import Practice
from jalons.sharing.permissions import publisher_or_403
from jalons.sharing.selectors.practices import as_html, themes_of
from jalons.sharing.services import ask_review, give_back, publish, read_again, withdraw_practice
from jalons.sharing.views.practices import FORM_METHODS, page_url, practice_for


def actor(request: HttpRequest, practice: Practice, right: Right) -> Actor:
    return actor_for(request.user, right, practice)  # type: ignore[arg-type]  # views are for signed-in users


@dataclass(frozen=True, slots=True)
class PracticeMove:
    """What somebody does of a page: by which right, what is written, what is said before and after.

    `write` takes the page, who writes, and the answer that was typed, empty when none is asked.
    """

    right: Right
    write: Callable[[Practice, Actor, str], object]
    title: str
    submit: str
    message: str
    form: type[PracticeStepForm] = PracticeStepForm
    intro: str = ""
    danger: bool = False


def page_of(move: PracticeMove) -> View:
    """Writes once; whoever comes second reads that the page changed, with what they typed."""

    @require_http_methods(FORM_METHODS)
    @requires(move.right)
    def view(request: HttpRequest, public_id: str) -> HttpResponse:
        if move.right == Right.PUBLISH_PRACTICE:
            publisher_or_403(request.user)
            practice = practice_for(request, public_id)
        else:
            practice = practice_for(request, public_id, move.right)
        form = move.form(typed(request), initial={"seen": practice.version})
        by = actor(request, practice, move.right)
        valid = form.is_bound and form.is_valid()
        if valid and (sent := already_sent(request, form.cleaned_data["submission_key"])):
            return sent
        stale = valid and form.cleaned_data["seen"] not in (None, practice.version)

        def write() -> object:
            return move.write(practice, by, form.cleaned_data.get("answer", ""))

        try:
            if stale:
                raise Stale(practice)
            response = record(request, form, write, message=move.message, to=page_url(practice))
        except Stale:
            sentence = f"« {practice.title} » a été modifiée ou publiée : relisez-la."
            return answered_before(
                request, title="La page a changé", sentence=sentence, back_url=page_url(practice)
            )
        context = {
            "practice": practice,
            "page_url": page_url(practice),
            "form": form,
            "title": move.title,
            "submit": move.submit,
            "intro": french_spaces(move.intro),
            "kind": "danger" if move.danger else "",
            "body": as_html(practice.body),
            "themes": themes_of(practice),
        }
        return response or render(request, "sharing/practice_step.html", context)

    return view


ask = page_of(
    PracticeMove(
        Right.WRITE_PRACTICE,
        lambda practice, by, answer: ask_review(practice=practice, by=by),
        title="Proposer à la publication",
        submit="Proposer à la publication",
        message="La page est proposée : l’administration nationale la relit, puis la publie ou dit quoi reprendre.",
        intro="Une fois publiée, toute personne qui a un compte Jalons la lira, dans toute la France.",
    )
)
publication = page_of(
    PracticeMove(
        Right.PUBLISH_PRACTICE,
        lambda practice, by, answer: publish(practice=practice, by=by),
        title="Publier la page",
        submit="Publier",
        message="La page est publiée.",
        intro="Relisez : ni adresse de site, ni nom de personne, ni chiffre que l’on ne publierait pas.",
    )
)
giving_back = page_of(
    PracticeMove(
        Right.PUBLISH_PRACTICE,
        lambda practice, by, answer: give_back(practice=practice, by=by, reason=answer),
        title="Rendre la page à son auteur",
        submit="Rendre",
        message="La page est rendue à son auteur, qui lira pourquoi.",
        form=PracticeAnswerForm,
    )
)
withdrawal = page_of(
    PracticeMove(
        Right.WRITE_PRACTICE,
        lambda practice, by, answer: withdraw_practice(practice=practice, by=by, reason=answer),
        title="Retirer la page",
        submit="Retirer",
        message="La page est retirée : plus personne d’autre ne la lit.",
        form=PracticeAnswerForm,
        danger=True,
    )
)


@require_POST
@requires(Right.WRITE_PRACTICE)
def reading_again(request: HttpRequest, public_id: str) -> HttpResponse:
    practice = practice_for(request, public_id, Right.WRITE_PRACTICE)
    form = PracticeStepForm(request.POST)
    by = actor(request, practice, Right.WRITE_PRACTICE)
    response = record(
        request,
        form,
        lambda: read_again(practice=practice, by=by),
        message="C’est noté : la page est relue aujourd’hui.",
        to=page_url(practice),
    )
    return response or redirect(page_url(practice))
