"""Proposer un dispositif, demander un diagnostic : un formulaire court, rempli d’après le site."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.models import User
from jalons.accounts.permissions import can
from jalons.actions.forms.describe import SitesForm, searching
from jalons.actions.selectors.places import sites_to_cover
from jalons.core.services import write_once
from jalons.core.values import french_spaces, join_and
from jalons.editing.forms import shown_again
from jalons.editing.writing import ALREADY_WRITTEN
from jalons.proposals.enums import ProposalKind
from jalons.proposals.forms import ProposalForm
from jalons.proposals.models import ActionProposal
from jalons.proposals.selectors import known_reasons, lines_of, proposed_already, recipients_for
from jalons.proposals.services import propose
from jalons.readership.selectors import reading_memberships
from jalons.readership.things import thing_of
from jalons.sites.models import Site
from jalons.sites.pages import actor_on, on_site, sheet_url


@on_site(Right.PROPOSE_ACTION)
def ask(request: HttpRequest, site: Site) -> HttpResponse:
    user = request.user
    posted = request.method == "POST"
    judged = posted and not searching(request.POST)
    wanted = request.POST.getlist("sites") if posted else [site.public_id]
    offered, words = offered_sites(user, site, request.POST.get("q", "")[:120], wanted)
    choice = opened(SitesForm, request, judged, initial={"sites": wanted})
    choice.offer(offered)
    about = [each_site for each_site in offered if each_site.public_id in wanted] or [site]
    recipients = recipients_for(user, about)
    form = opened(
        ProposalForm, request, judged, initial=initial_of(request, site, recipients), recipients=recipients
    )
    if judged and are_valid(choice, form):
        return sent(request, site, form, choice.chosen())
    context = {
        "site": site,
        "sheet_url": sheet_url(site),
        "form": form,
        "choice": choice,
        "found": words,
        "recipients": recipients.choices,
        "already": lines_of(user, proposed_already(user, about)),
        "readers": readers_of(request, site),
    }
    return render(request, "proposals/ask.html", context)


def offered_sites(user: Any, site: Site, text: str, wanted: Sequence[str]) -> tuple[list[Site], str]:
    """The sites of the same département that may be in the proposal, those already chosen first."""
    sites, words = sites_to_cover(user, [site.commune.departement_id], text, wanted)
    return [row for row in sites if can(user, Right.PROPOSE_ACTION, row)], words


def opened(form_class: Any, request: HttpRequest, judged: bool, **options: Any) -> Any:
    form = form_class(request.POST if judged else None, **options)
    return shown_again(form, request.POST) if request.method == "POST" and not judged else form


def initial_of(request: HttpRequest, site: Site, recipients: Any) -> dict[str, Any]:
    subject = request.GET.get("quoi", "")
    initial: dict[str, Any] = {"kind": subject if subject in ProposalKind.values else ProposalKind.ACTION}
    if recipients.first:
        initial["pilot"] = str(recipients.first.pk)
    if request.method != "POST":
        initial["why"] = french_spaces(known_reasons(request.user, site))
    return initial


def are_valid(choice: SitesForm, form: ProposalForm) -> bool:
    valid = [choice.is_valid(), form.is_valid()]
    if choice.is_valid() and not choice.chosen():
        choice.add_error("sites", "Cochez au moins un site.")
        return False
    return all(valid)


def sent(request: HttpRequest, site: Site, form: ProposalForm, sites: Sequence[Site]) -> HttpResponse:
    by = actor_on(request, site, Right.PROPOSE_ACTION)
    written: list[ActionProposal] = []

    def write() -> str:
        proposal = propose(by=by, sites=sites, **form.described())
        written.append(proposal)
        return reverse("proposals:sheet", args=[proposal.public_id])

    target = write_once(form.cleaned_data["submission_key"], user_key=str(by.user.pk), write=write)
    if written:
        messages.success(
            request, french_spaces(f"C’est envoyé à {written[0].pilot.name}, qui reçoit un courriel.")
        )
    else:
        messages.info(request, french_spaces(ALREADY_WRITTEN))
    return redirect(target)


def readers_of(request: HttpRequest, site: Site) -> str:
    """Who will read it, whoever it is sent to."""
    own = actor_on(request, site, Right.PROPOSE_ACTION).organisation
    planned = ActionProposal(
        departement=site.commune.departement, proposer=own, pilot=own, author=cast(User, request.user)
    )
    rows = reading_memberships(thing_of(planned), planned, Right.READ_PROPOSALS)
    names = sorted({str(row.organisation) for row in rows})
    return f"{join_and([*names, 'la structure à qui vous l’adressez'])}"
