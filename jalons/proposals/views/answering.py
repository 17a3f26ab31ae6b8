"""Une proposition : la lire, l’accepter, en faire un dispositif, la refuser, la retirer."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jalons.accounts.decorators import requires
from jalons.accounts.enums import Right
from jalons.accounts.organisations import organisation_label
from jalons.accounts.permissions import actor_for, can, check, fetch
from jalons.actions.models import Action
from jalons.actions.views.declare import DeclarationOrigin, declaring
from jalons.core import clock
from jalons.core.forms import SubmissionKeyField
from jalons.core.values import format_date, format_moment, french_spaces
from jalons.discussions.selectors import thread_on
from jalons.documents.selectors import pieces_on
from jalons.editing.writing import already_sent, record, typed
from jalons.history.services import Actor, Stale
from jalons.joining.views.common import answered_before
from jalons.proposals.enums import OPEN_STATES, ProposalKind, ProposalState
from jalons.proposals.forms import AgreementForm, ProposalAnswerForm, ProposalRefusalForm, TakeBackForm
from jalons.proposals.models import ActionProposal
from jalons.proposals.permissions import (
    may_answer,
    may_declare,
    sender_or_403,
    undeclared,
    withdrawer_of,
)
from jalons.proposals.selectors import ProposalLine, lines_of
from jalons.proposals.services import agree, become, refuse, take_back
from jalons.sites.models import Site

FORM_METHODS = ["GET", "HEAD", "POST"]
SECOND = "Quelqu’un d’autre a déjà répondu"
VERBS = {
    ProposalState.AGREED: "l’a acceptée",
    ProposalState.DECLARED: "en a fait un dispositif",
    ProposalState.REFUSED: "l’a refusée",
    ProposalState.WITHDRAWN: "l’a retirée",
}


def proposal_for(request: HttpRequest, public_id: str, right: Right = Right.READ_PROPOSALS) -> ActionProposal:
    return fetch(request.user, ActionProposal.objects.with_people(), right, public_id=public_id)


def sheet_url(proposal: ActionProposal) -> str:
    return reverse("proposals:sheet", args=[proposal.public_id])


def answer_words(proposal: ActionProposal) -> str:
    """« Camille Nord (DDETS du Nord) l’a refusée, le 3 mars 2026 à 10:00. »."""
    if proposal.answered_at is None:
        return ""
    who = f"{proposal.answered_by} ({proposal.answered_for})"
    verb = VERBS[ProposalState(proposal.state)]
    return french_spaces(f"{who} {verb}, le {format_moment(proposal.answered_at)}.")


@require_safe
@requires(Right.READ_PROPOSALS)
def sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    proposal = proposal_for(request, public_id)
    user, action = request.user, proposal.action
    context = {
        "proposal": proposal,
        "line": line_of(request, proposal),
        "themes": themes_of(proposal),
        "answered": answer_words(proposal),
        "action_url": reverse("actions:sheet", args=[action.public_id])
        if action and can(user, Right.READ_ACTIONS, action)
        else "",
        "may_answer": may_answer(user, proposal),
        "may_declare": may_declare(user, proposal),
        "may_withdraw": withdrawer_of(user, proposal) is not None,
        "steps": steps_to_note(request, proposal),
        "thread": thread_on(user, proposal),
        "pieces": pieces_on(user, proposal),
    }
    return render(request, "proposals/sheet.html", context)


def steps_to_note(request: HttpRequest, proposal: ActionProposal) -> list[tuple[Site, str]]:
    """A diagnosis that was accepted is a preparatory step of its sites: where to note it, for who updates them."""
    if proposal.kind == ProposalKind.ACTION or proposal.state not in (
        ProposalState.AGREED,
        ProposalState.DECLARED,
    ):
        return []
    return [
        (site, reverse("sites:step_set", args=[site.public_id, proposal.kind]))
        for site in line_of(request, proposal).sites
        if can(request.user, Right.UPDATE_SITE, site)
    ]


def line_of(request: HttpRequest, proposal: ActionProposal) -> ProposalLine:
    return lines_of(request.user, [proposal])[0]


def themes_of(proposal: ActionProposal) -> list[str]:
    choices = dict(ActionProposal._meta.get_field("themes").choices)  # type: ignore[arg-type]
    return [str(choices[code]) for code in proposal.themes if code in choices]


# Answering -------------------------------------------------------------------------------------------------


def answering(
    request: HttpRequest,
    proposal: ActionProposal,
    form: ProposalAnswerForm,
    write: Callable[[], object],
    *,
    template: str,
    message: str,
    states: tuple[ProposalState, ...] = (ProposalState.SENT,),
) -> HttpResponse:
    """Writes the answer, unless somebody answered meanwhile: theirs is shown, with what was typed."""
    back = sheet_url(proposal)
    valid = form.is_bound and form.is_valid()
    if valid and (sent := already_sent(request, form.cleaned_data["submission_key"])):
        return sent
    if proposal.state not in states:
        return second(request, proposal) if form.is_bound else redirect(back)
    if valid and form.cleaned_data["seen"] not in (None, proposal.version):
        return second(request, proposal)
    try:
        response = record(request, form, write, message=message, to=back)
    except Stale:
        return second(request, proposal_for(request, proposal.public_id))
    context = {"proposal": proposal, "line": line_of(request, proposal), "form": form, "sheet_url": back}
    return response or render(request, template, context)


def second(request: HttpRequest, proposal: ActionProposal) -> HttpResponse:
    words = " ".join(part for part in (answer_words(proposal), proposal.answer) if part)
    return answered_before(request, title=SECOND, sentence=words, back_url=sheet_url(proposal))


def answerer(request: HttpRequest, proposal: ActionProposal) -> Actor:
    return actor_for(request.user, Right.ANSWER_PROPOSAL, proposal)  # type: ignore[arg-type]  # signed in


@require_http_methods(FORM_METHODS)
@requires(Right.ANSWER_PROPOSAL)
def agreement(request: HttpRequest, public_id: str) -> HttpResponse:
    """Yes, without declaring the dispositif: for who may not, or not now."""
    proposal = proposal_for(request, public_id, Right.ANSWER_PROPOSAL)
    form = AgreementForm(typed(request), initial={"seen": proposal.version})
    return answering(
        request,
        proposal,
        form,
        lambda: agree(proposal=proposal, by=answerer(request, proposal), answer=form.cleaned_data["answer"]),
        template="proposals/agree.html",
        message=f"C’est accepté. {proposal.author} et ceux qui déclarent les dispositifs sont prévenus.",
    )


@require_http_methods(FORM_METHODS)
@requires(Right.ANSWER_PROPOSAL)
def refusal(request: HttpRequest, public_id: str) -> HttpResponse:
    proposal = proposal_for(request, public_id, Right.ANSWER_PROPOSAL)
    form = ProposalRefusalForm(typed(request), initial={"seen": proposal.version})
    return answering(
        request,
        proposal,
        form,
        lambda: refuse(proposal=proposal, by=answerer(request, proposal), reason=form.cleaned_data["answer"]),
        template="proposals/refuse.html",
        message=f"La proposition est refusée. {proposal.author} lira pourquoi.",
    )


@require_http_methods(FORM_METHODS)
@requires(Right.PROPOSE_ACTION)
def withdrawal(request: HttpRequest, public_id: str) -> HttpResponse:
    proposal = proposal_for(request, public_id)
    by = sender_or_403(request.user, proposal)
    form = TakeBackForm(typed(request), initial={"seen": proposal.version})
    return answering(
        request,
        proposal,
        form,
        lambda: take_back(proposal=proposal, by=by, reason=form.cleaned_data["answer"]),
        template="proposals/withdraw.html",
        message=f"Votre proposition est retirée. {proposal.pilot.name} le lira.",
        states=OPEN_STATES,
    )


# Becoming a dispositif -------------------------------------------------------------------------------------


@require_http_methods(FORM_METHODS)
@requires(Right.DECLARE_ACTION)
def declare(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form of the dispositif, filled in; when it is recorded, the proposal leads to it."""
    proposal = proposal_for(request, public_id)
    check(request.user, Right.DECLARE_ACTION, undeclared(proposal.departement))
    posted = request.method == "POST"
    if posted:
        key = SubmissionKeyField().clean(request.POST.get("submission_key"))
        if sent := already_sent(request, key):
            return sent
    if proposal.state not in OPEN_STATES:
        return second(request, proposal) if posted else redirect(sheet_url(proposal))
    if not may_declare(request.user, proposal):
        raise PermissionDenied("La structure à qui elle est adressée n’a pas encore répondu.")
    return declaring(request, [proposal.departement], origin_of(request, proposal))


def origin_of(request: HttpRequest, proposal: ActionProposal) -> DeclarationOrigin:
    line = line_of(request, proposal)
    sender = f"{proposal.author} ({proposal.proposer})"
    wanted = f" Pour le {format_date(proposal.wanted_on)}." if proposal.wanted_on else ""

    def then(action: Action, by: Actor) -> object:
        return become(proposal=proposal, action=action, by=by)

    return DeclarationOrigin(
        label=line.title,
        url=line.url,
        words=french_spaces(
            f"Proposé par {sender}, le {format_date(proposal.created_at)}.{wanted}\n{proposal.why}"
        ),
        initial={
            "name": name_of(line),
            "themes": list(proposal.themes),
            "objectives": proposal.why,
            "starts_on": proposal.wanted_on or clock.today(),
            "departement": proposal.departement_id,
            "sites": [site.public_id for site in line.sites],
            "operateurs": operators_of(request, proposal),
        },
        then=then,
    )


def name_of(line: ProposalLine) -> str:
    """A diagnosis has its name; a dispositif is named by whoever declares it, after its sites."""
    if line.proposal.kind != ProposalKind.ACTION:
        return line.title[:160]
    return ", ".join(site.name for site in line.sites)[:160]


def operators_of(request: HttpRequest, proposal: ActionProposal) -> list[str]:
    """The recipient, when it is not the one that declares: it said yes to doing it."""
    ours = proposal.pilot.standing_id in request.user.organisation_ids  # type: ignore[union-attr]
    return [] if ours else [organisation_label(proposal.pilot)]
