"""Frozen versions and amendments."""

from functools import cache, partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.conventions.alerts.services import blocking
from jalons.conventions.dossier.pages import actor_on, form_page, may, on_convention, tab_context
from jalons.conventions.dossier.past import dated, not_known
from jalons.conventions.dossier.readers import sight
from jalons.conventions.enums import ConventionState
from jalons.conventions.models import Amendment, Convention, Edition
from jalons.conventions.versions import editions as freezing
from jalons.conventions.versions.editions import EditionSnapshot
from jalons.conventions.versions.forms import AmendmentForm, FreezeForm
from jalons.conventions.versions.selectors import (
    amendment_shown,
    amendments_of,
    drift_shown,
    edition_shown,
    editions_of,
)
from jalons.conventions.versions.services import save_amendment
from jalons.conventions.votes.selectors import deliberations_of
from jalons.core.values import french_spaces
from jalons.editing.conflicts import Conflict, record_conflict_of
from jalons.editing.writing import record, typed
from jalons.history.querysets import AsOf
from jalons.history.services import Stale

WRITE = Right.WRITE_CONVENTION
FREEZING = (
    "La convention est gardée telle qu’elle est écrite à cet instant. Vous pourrez continuer de la modifier : "
    "ce sera une autre version."
)
FROZEN = "Cet avenant est figé\u00a0: il ne change plus."


def versions_url(convention: Convention) -> str:
    return reverse("conventions:amendments", args=[convention.slug])


def amendment_url(amendment: Amendment) -> str:
    return reverse("conventions:amendment", args=[amendment.convention.slug, amendment.public_id])


@on_convention(Right.READ_CONVENTIONS, past=True)
def amendments(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponse:
    editions = editions_of(convention, at)
    context = {
        **tab_context(request, convention, "conventions:amendments", at),
        "editions": editions,
        "amendments": amendments_of(convention, editions, at),
        "blocking": 0 if at.is_past else len(blocking(convention)),
        "may": may(request, convention, WRITE, at=at),
    }
    return render(request, "conventions/versions/amendments.html", context)


@on_convention(WRITE)
def freeze(request: HttpRequest, convention: Convention) -> HttpResponse:
    last = convention.editions.order_by("number").values_list("number", flat=True).last()
    title = "Version soumise au vote" if last is None else f"Version {last + 1} soumise au vote"
    first = convention.state == ConventionState.DRAFT

    def write(form: FreezeForm, snapshot: EditionSnapshot) -> Edition:
        return freezing.freeze_for_vote(
            convention=convention,
            snapshot=snapshot,
            title=form.cleaned_data["title"],
            by=actor_on(request, convention, WRITE),
            seen_revision=form.seen_version,
            reason=form.cleaned_data.get("reason", ""),
        )

    return freeze_page(
        request,
        convention,
        write,
        name=title,
        title="Figer la version pour le vote",
        submit="Figer cette version",
        message="La version est figée : ses documents diront toujours la même chose.",
        to=versions_url(convention),
        intro=FREEZING + (" Elle passera à l’état « Votée »." if first else ""),
    )


def freeze_page(
    request: HttpRequest,
    convention: Convention,
    write: Any,
    *,
    name: str,
    message: str,
    to: str,
    **page: Any,
) -> HttpResponse:
    """What is left to answer for, then a button. What changed while the person was reading is shown first."""
    left = blocking(convention)
    form = FreezeForm(typed(request), revision=convention.revision, title=name, blocked=bool(left))
    snapshot = cache(partial(freezing.snapshot_of, convention, checked=True))
    conflict = answer = None
    try:
        answer = record(
            request, form, lambda: write(form, snapshot()), message=message, to=to, before=snapshot
        )
    except Stale as stale:
        revision = getattr(stale.current, "revision", convention.revision)
        form.reopened_on(revision)
        conflict = Conflict(
            "La convention a changé pendant que vous lisiez",
            "Quelqu’un l’a modifiée. Relisez-la, puis figez-la.",
            compared=False,
        )
    return answer or form_page(
        request,
        convention,
        form,
        back=to,
        conflict=conflict,
        template="conventions/versions/freeze.html",
        blocking=left,
        **{key: french_spaces(words) for key, words in page.items()},
    )


@on_convention(Right.READ_CONVENTIONS, past=True)
def edition(request: HttpRequest, convention: Convention, at: AsOf, edition: str) -> HttpResponse:
    frozen = get_object_or_404(convention.editions.select_related("organisation"), public_id=edition)
    frozen.convention = convention
    if not at.had_seen(frozen.frozen_at):
        return not_known(request, at, "cette version figée")
    past = dated(request, at)
    context = {
        **past,
        "convention": convention,
        "versions_url": versions_url(convention) + past["kept"],
        "shown": edition_shown(request.user, frozen),
    }
    return render(request, "conventions/versions/edition.html", context)


@on_convention(Right.READ_CONVENTIONS)
def drift(request: HttpRequest, convention: Convention) -> HttpResponse:
    """What changed of what was voted, and is in no amendment."""
    context = {
        "convention": convention,
        "versions_url": versions_url(convention),
        "shown": drift_shown(request.user, convention),
        "may": may(request, convention, WRITE),
    }
    return render(request, "conventions/versions/drift.html", context)


@on_convention(WRITE)
def add_amendment(request: HttpRequest, convention: Convention) -> HttpResponse:
    editions = editions_of(convention)
    if not editions:
        messages.info(request, "Figez d’abord une version\u00a0: un avenant dit ce qui change depuis elle.")
        return redirect("conventions:freeze", convention.slug)
    number = max((amendment.number for amendment in amendments_of(convention, editions)), default=0) + 1
    fresh = Amendment(convention=convention, number=number, base=editions[0])
    return edit(request, convention, fresh, title="Ouvrir un avenant", submit="Ouvrir l’avenant")


@on_convention(WRITE)
def edit_amendment(request: HttpRequest, convention: Convention, amendment: str) -> HttpResponse:
    stored = get_object_or_404(convention.amendments, public_id=amendment)
    stored.convention = convention
    if stored.result_id is not None:
        messages.info(request, FROZEN)
        return redirect(amendment_url(stored))
    return edit(
        request, convention, stored, title=f"Modifier l’{stored}".replace("l’A", "l’a"), submit="Enregistrer"
    )


def edit(
    request: HttpRequest, convention: Convention, stored: Amendment, *, title: str, submit: str
) -> HttpResponse:
    form = AmendmentForm(
        typed(request),
        amendment=stored,
        editions=editions_of(convention),
        deliberations=deliberations_of(convention, sight(request.user, convention)),
    )
    to = amendment_url(stored)
    conflict = None
    try:
        answer = record(
            request,
            form,
            lambda: save_amendment(
                amendment=stored,
                columns=form.values_to_save(),
                by=actor_on(request, convention, WRITE),
                expected_version=form.seen_version if stored.pk else None,
                reason=form.cleaned_data.get("reason", ""),
            ),
            message=lambda amendment: f"L’avenant n° {amendment.number} est enregistré.",
            to=to,
            blame="number",
        )
    except Stale:
        answer, conflict = None, record_conflict_of(Amendment, stored, form)
    back = to if stored.pk else versions_url(convention)
    return answer or form_page(
        request,
        convention,
        form,
        title=french_spaces(title),
        submit=submit,
        back=back,
        conflict=conflict,
        template="conventions/versions/amendment_form.html",
    )


@on_convention(Right.READ_CONVENTIONS)
def amendment(request: HttpRequest, convention: Convention, amendment: str) -> HttpResponse:
    amendment_record = get_object_or_404(
        convention.amendments.select_related("base", "result", "deliberation"), public_id=amendment
    )
    amendment_record.convention = convention
    seen = sight(request.user, convention)
    vote = amendment_record.deliberation
    context = {
        "convention": convention,
        "versions_url": versions_url(convention),
        "shown": amendment_shown(request.user, amendment_record),
        "vote": vote if vote is not None and seen.covers(vote.party_id) else None,
        "may": may(request, convention, WRITE, Right.WRITE_DELIBERATION),
    }
    return render(request, "conventions/versions/amendment.html", context)


@on_convention(WRITE)
def freeze_amendment(request: HttpRequest, convention: Convention, amendment: str) -> HttpResponse:
    stored = get_object_or_404(convention.amendments.select_related("base"), public_id=amendment)
    stored.convention = convention
    if stored.result_id is not None:
        messages.info(request, FROZEN)
        return redirect(amendment_url(stored))

    def write(form: FreezeForm, snapshot: EditionSnapshot) -> Amendment:
        return freezing.freeze_amendment(
            amendment=stored,
            snapshot=snapshot,
            by=actor_on(request, convention, WRITE),
            seen_revision=form.seen_version,
            reason=form.cleaned_data.get("reason", ""),
        )

    return freeze_page(
        request,
        convention,
        write,
        name="",
        title=f"Figer l’avenant n° {stored.number}",
        submit="Figer l’avenant",
        message="L’avenant est figé : il ne change plus.",
        to=amendment_url(stored),
        intro="L’avenant est ce qui a changé jusqu’ici depuis sa version de départ. Une fois figé, il ne change plus.",
    )
