"""Remplir un point de suivi : la page, son brouillon, ce qui est à vérifier, et « Rien n’a changé »."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jalons.accounts.enums import Right
from jalons.actions.models import Action, FollowUp
from jalons.actions.services import set_team
from jalons.actions.views.common import on_action
from jalons.core import clock, headers
from jalons.core.services import sent_before
from jalons.core.values import format_date, french_spaces
from jalons.editing.fact_forms import ReasonForm
from jalons.editing.refusals import Refused
from jalons.editing.writing import record, typed, write_and_tell
from jalons.history.services import Actor
from jalons.indicators.checks import detail_label
from jalons.indicators.forms.fill import MAX_DRAFT, FollowUpForm
from jalons.indicators.forms.offered import Offered, pressed
from jalons.indicators.models import FollowUpDraft
from jalons.indicators.offers import Moment
from jalons.indicators.selectors.last import Filling, filling, follow_up_on
from jalons.indicators.services import FollowUpContent, forget_draft, keep_draft, record_follow_up
from jalons.indicators.views.offered import offered_for
from jalons.indicators.views.reporting import (
    actor_as,
    address,
    choose_page,
    chosen_reporter,
    existing_told,
    form_context,
    not_begun,
    table_url,
    warn_about,
)

TITLE = "Remplir le suivi"


@on_action(Right.FOLLOW_ACTION)
def fill(request: HttpRequest, action: Action) -> HttpResponse:
    reporter = chosen_reporter(request, action)
    if reporter is None:
        return choose_page(request, action, "fill")
    ground = filling(action, reporter)
    by = actor_as(request, action, ground.reporter)
    form = FollowUpForm(typed(request), filling=ground)
    if not form.is_bound and (early := not_begun(request, ground)):
        return early
    draft = draft_of(request, ground)
    if draft and not form.is_bound:
        form.restore(draft.typed)
    written: list[FollowUp] = []
    answer = record(
        request,
        form,
        lambda: written.append(write(ground, form, by)),
        message=lambda _: f"Point de suivi du {format_date(written[0].valid_on)} enregistré.",
        to=table_url(action),
        blame="on",
    )
    if answer:
        if written:
            warn_about(request, form, written[0])
        return answer
    return fill_page(request, ground, form, draft=None if form.is_bound else draft)


def write(ground: Filling, form: FollowUpForm, by: Actor) -> FollowUp:
    """The report, and the team when it is another one."""
    content = form.report()
    if not content.answered() and not any(text.strip() for text in content.comments.values()):
        raise Refused("Il n’y a rien à enregistrer : écrivez au moins un nombre ou un commentaire.")
    follow_up = record_follow_up(
        action=ground.action, reporter=ground.reporter, content=content, indicators=ground.indicators, by=by
    )
    team = form.team()
    if team is not None:
        set_team(action=ground.action, reporter=ground.reporter, on=content.on, team=team, by=by)
    return follow_up


def fill_page(
    request: HttpRequest,
    ground: Filling,
    form: FollowUpForm,
    *,
    draft: FollowUpDraft | None = None,
    offered: Offered | None = None,
) -> HttpResponse:
    refused = form.is_bound and form.day is not None and "on" in form.errors
    standing = follow_up_on(ground.action, ground.reporter, form.day) if refused and form.day else None
    page = {
        **form_context(request, ground, form, offered=offered or offered_on(request, ground, form)),
        "title": TITLE,
        "draft": draft,
        "existing": existing_told(standing, form, ground) if standing else None,
    }
    return render(request, "indicators/fill.html", page, status=409 if standing else 200)


def offered_on(request: HttpRequest, ground: Filling, form: FollowUpForm) -> Offered | None:
    """For the date that the form says, today else."""
    day = form.day or clock.today()
    return offered_for(request, ground, Moment(day, ground.since(day)), with_late=True)


@require_POST
@on_action(Right.FOLLOW_ACTION)
def offers(request: HttpRequest, action: Action) -> HttpResponse:
    """The numbers of a register at the date that is typed, those that a button takes. Writes nothing."""
    reporter = chosen_reporter(request, action)
    if reporter is None:
        raise Http404
    ground = filling(action, reporter)
    dated = FollowUpForm(request.POST, filling=ground)
    dated.is_valid()
    offered = offered_on(request, ground, dated)
    form = FollowUpForm(pressed(request.POST, ground.indicators, offered), filling=ground)
    form.is_valid()
    if headers.by_htmx(request):
        return render(
            request,
            "indicators/_offers.html",
            form_context(request, ground, form, live=True, offered=offered),
        )
    return fill_page(request, ground, form, offered=offered)


# --- drafts ----------------------------------------------------------------------------------------------------


def draft_of(request: HttpRequest, ground: Filling) -> FollowUpDraft | None:
    return FollowUpDraft.objects.filter(
        user=request.user.pk, action=ground.action, reporter=ground.reporter
    ).first()


@require_POST
@on_action(Right.FOLLOW_ACTION)
def draft(request: HttpRequest, action: Action) -> HttpResponse:
    """Keep what was typed, or forget it. Sent after the report itself (a slow network), it keeps nothing."""
    reporter = chosen_reporter(request, action)
    if reporter is None:
        raise Http404
    ground = filling(action, reporter)
    back = address("fill", action, ground.reporter, request)
    if "effacer" in request.POST:
        forget_draft(action=action, reporter=ground.reporter, user=request.user)
        messages.info(request, "Le brouillon est effacé.")
        return redirect(back)
    form = FollowUpForm(filling=ground)
    held = form.differing(request.POST)
    if sum(len(text) for texts in held.values() for text in texts) > MAX_DRAFT:
        return too_long(request, ground)
    saved_draft = None
    if held and not already_sent(request):
        saved_draft = keep_draft(action=action, reporter=ground.reporter, user=request.user, typed=held)
    if headers.by_htmx(request):
        return render(request, "indicators/_fill_draft.html", {"kept": saved_draft})
    if saved_draft:
        messages.success(request, "Brouillon enregistré\u00a0: vous le retrouverez ici.")
    return redirect(back)


def already_sent(request: HttpRequest) -> bool:
    try:
        key = uuid.UUID(request.POST.get("submission_key", ""))
    except ValueError:
        return False
    return sent_before(key, user_key=str(request.user.pk)) is not None


def too_long(request: HttpRequest, ground: Filling) -> HttpResponse:
    """Nothing is kept, nothing is lost: the page comes back with what was typed."""
    if headers.by_htmx(request):
        return render(request, "indicators/_fill_draft.html", {"kept": None, "too_long": True})
    form = FollowUpForm(request.POST, filling=ground)
    form.is_valid()
    form.add_error(
        None, "C’est trop long pour un brouillon\u00a0: raccourcissez les commentaires, ou enregistrez."
    )
    return render(request, "indicators/fill.html", {**form_context(request, ground, form), "title": TITLE})


# --- warnings --------------------------------------------------------------------------------------------------


@require_POST
@on_action(Right.FOLLOW_ACTION)
def warnings(request: HttpRequest, action: Action) -> HttpResponse:
    """The totals and what deserves a second look, of what is typed so far. Writes nothing."""
    reporter = chosen_reporter(request, action)
    if reporter is None:
        raise Http404
    ground = filling(action, reporter)
    form = FollowUpForm(request.POST, filling=ground)
    form.is_valid()
    if headers.by_htmx(request):
        return render(request, "indicators/_warnings.html", form_context(request, ground, form, live=True))
    return fill_page(request, ground, form)


# --- « Rien n’a changé » ---------------------------------------------------------------------------------------


@on_action(Right.FOLLOW_ACTION)
def unchanged(request: HttpRequest, action: Action) -> HttpResponse:
    """What will be said again, and one button."""
    reporter = chosen_reporter(request, action)
    if reporter is None:
        return choose_page(request, action, "unchanged")
    ground = filling(action, reporter)
    by = actor_as(request, action, ground.reporter)
    content = told_again(ground, no_movement=bool(request.POST.get("no_movement")))
    form = ReasonForm(typed(request), label="Motif")
    del form.fields["reason"]
    if not form.is_bound and (early := not_begun(request, ground)):
        return early
    answer = None
    if request.method == "POST" and form.is_valid() and content.answered():
        try:
            answer = write_and_tell(
                request,
                form.cleaned_data["submission_key"],
                lambda: record_follow_up(
                    action=action,
                    reporter=ground.reporter,
                    content=content,
                    indicators=ground.indicators,
                    by=by,
                ),
                message=f"C’est noté\u00a0: rien n’a changé au {format_date(content.on)}.",
                to=table_url(action),
            )
        except Refused as refusal:
            form.add_error(None, french_spaces(str(refusal)))
    elif request.method == "POST" and ground.previous and not content.answered():
        form.add_error(
            None,
            "Il n’y a que des mouvements à reprendre\u00a0: dites s’il y en a eu, ou remplissez le suivi.",
        )
    page = {
        **again_shown(ground, content),
        "form": form,
        "action": action,
        "gap": ground.after_a_gap(content.on),
    }
    return answer or render(request, "indicators/unchanged.html", page)


def told_again(ground: Filling, *, no_movement: bool) -> FollowUpContent:
    """Every stock as it was, no movement, in the blocks where something was told before.

    After a gap longer than the rhythm, movements are left empty without `no_movement`.
    """
    form = FollowUpForm(filling=ground)
    data: Any = form.as_data()
    data["same_all"] = "on"
    if no_movement:
        data["no_movement"] = "on"
    data["on"] = format_date(clock.today())
    again = FollowUpForm(data, filling=ground)
    again.is_valid()
    content: FollowUpContent = again.report()
    return FollowUpContent(
        on=content.on,
        values={
            pk: value
            for pk, value in content.values.items()
            if ground.indicators[pk].block in content.unchanged_blocks
        },
        unchanged=content.unchanged,
        unchanged_blocks=content.unchanged_blocks,
        difficulties=content.difficulties,
        difficulty_note=content.difficulty_note,
    )


def again_shown(ground: Filling, follow_up_content: FollowUpContent) -> dict[str, Any]:
    blocks = [
        (
            block.block.label,
            [
                (detail_label(indicator), follow_up_content.values[indicator.pk])
                for indicator in block.entered
                if not indicator.is_flow and indicator.pk in follow_up_content.answered()
            ],
            any(indicator.is_flow for indicator in block.entered),
        )
        for block in ground.blocks
        if block.block in follow_up_content.unchanged_blocks
    ]
    others = [
        str(block.block.label)
        for block in ground.blocks
        if block.block not in follow_up_content.unchanged_blocks
    ]
    return {
        "ground": ground,
        "told": follow_up_content,
        "blocks": blocks,
        "others": others,
        "table_url": table_url(ground.action),
        "fill_url": address("fill", ground.action, ground.reporter),
    }
