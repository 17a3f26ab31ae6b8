"""What the assembly voted."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.actions.views.declare import COUNT
from jalons.conventions.dossier.pages import actor_on, may, on_convention, tab_context
from jalons.conventions.dossier.readers import sight
from jalons.conventions.models import Convention, Deliberation, Party
from jalons.conventions.votes.arithmetic import arithmetic, group_lines, money_line
from jalons.conventions.votes.forms import DeliberationForm, DeliberationForms
from jalons.conventions.votes.selectors import deliberations_shown
from jalons.conventions.votes.services import save_deliberation
from jalons.core.values import french_spaces
from jalons.editing.conflicts import Conflict
from jalons.editing.rows import ADD
from jalons.editing.writing import already_sent, typed, write_and_tell
from jalons.history.querysets import AsOf
from jalons.history.services import Stale

WRITE = Right.WRITE_DELIBERATION


def deliberations_url(convention: Convention) -> str:
    return reverse("conventions:deliberations", args=[convention.slug])


@on_convention(Right.READ_CONVENTIONS, past=True)
def deliberations(request: HttpRequest, convention: Convention, at: AsOf) -> HttpResponse:
    context = {
        **tab_context(request, convention, "conventions:deliberations", at),
        "deliberations": deliberations_shown(request.user, convention, at),
        "may": may(request, convention, WRITE, at=at),
    }
    return render(request, "conventions/votes/deliberations.html", context)


@on_convention(WRITE)
def add_deliberation(request: HttpRequest, convention: Convention) -> HttpResponse:
    parties = parties_for(request, convention)
    fresh = Deliberation(
        assembly=f"Conseil départemental – {convention.departement}" if convention.departement else "",
        party=parties[0]
        if len(parties) == 1 and not sight(request.user, convention, WRITE).everything
        else None,
    )
    return edit(request, convention, fresh, parties, title="Ajouter une délibération")


@on_convention(WRITE)
def edit_deliberation(request: HttpRequest, convention: Convention, deliberation: str) -> HttpResponse:
    stored = get_object_or_404(
        convention.deliberations.select_related("changed_by", "changed_for"), public_id=deliberation
    )
    if not sight(request.user, convention, WRITE).covers(stored.party_id):
        raise Http404
    title = f"Modifier la délibération {stored.number}"
    return edit(request, convention, stored, parties_for(request, convention), title=title)


def parties_for(request: HttpRequest, convention: Convention) -> list[Party]:
    """The Départements whose vote this person may write, one each."""
    seen = sight(request.user, convention, WRITE)
    party_by_departement: dict[str, Party] = {}
    for party in convention.parties.exclude(departement=None):
        if seen.covers(party.pk):
            party_by_departement.setdefault(str(party.departement_id), party)
    return list(party_by_departement.values())


def offered_to(request: HttpRequest, convention: Convention, stored: Deliberation) -> list[Convention]:
    """The conventions that this person may say are approved: those of the year, and those already said."""
    mine = Convention.objects.in_territory(territory_of(request.user, WRITE))
    approved = stored.conventions.values("pk") if stored.pk else Convention.objects.none().values("pk")
    offered = mine.filter(pk__in=approved) | mine.filter(year=convention.year) | mine.filter(pk=convention.pk)
    return list(offered.distinct().order_by("-year", "short_title", "pk"))


def edit(
    request: HttpRequest,
    convention: Convention,
    stored: Deliberation,
    parties: Sequence[Party],
    *,
    title: str,
) -> HttpResponse:
    offered = offered_to(request, convention, stored)
    known = list(stored.conventions.all()) if stored.pk else [convention]
    judged = not {ADD, COUNT} & set(request.POST)
    forms = DeliberationForms(
        typed(request),
        deliberation=stored,
        parties=parties,
        offered=offered,
        approved=[other.slug for other in offered if other in known],
        slug=convention.slug,
        judged=judged,
        adding=request.POST.get(ADD, ""),
    )
    if COUNT in request.POST:
        return render(request, "conventions/votes/_deliberation_sums.html", {"sums": sums_of(forms)})
    conflict = None
    sending = request.method == "POST" and judged
    if sending and (done := already_sent(request, forms.key)):
        return done
    if sending and forms.is_valid():
        hidden = [other for other in known if other not in offered]
        try:
            return save(request, convention, stored, forms, hidden)
        except Stale as stale:
            conflict = conflict_of(stale, stored, forms)
    context = {
        "convention": convention,
        "back_url": deliberations_url(convention),
        "forms": forms,
        "title": french_spaces(title),
        "sums": sums_of(forms),
        "conflict": conflict,
    }
    status = 409 if conflict else 200
    return render(request, "conventions/votes/deliberation_form.html", context, status=status)


def save(
    request: HttpRequest,
    convention: Convention,
    stored: Deliberation,
    forms: DeliberationForms,
    hidden: Sequence[Convention],
) -> HttpResponse:
    main = forms.main
    by = actor_on(request, convention, WRITE)
    return write_and_tell(
        request,
        forms.key,
        lambda: save_deliberation(
            deliberation=stored,
            columns=main.columns(),
            groups=[row.group_vote() for row in forms.groups.typed_rows()],
            allowed=[row.allowed_amount() for row in forms.amounts.typed_rows()],
            accounted=[row.accounted_line() for row in forms.lines.typed_rows()],
            conventions=[*main.approved(), *hidden],
            by=by,
            expected_version=main.seen_version if stored.pk else None,
            reason=main.cleaned_data.get("reason", ""),
        ),
        message=f"La délibération {main.cleaned_data['number']} est enregistrée.",
        to=deliberations_url(convention),
    )


def conflict_of(stale: Stale, stored: Deliberation, forms: DeliberationForms) -> Conflict:
    """What someone else saved meanwhile, beside what was typed; the form is ready to be sent over it."""
    main: Any = forms.main
    current = Deliberation.objects.select_related("changed_by", "changed_for").get(pk=stored.pk)
    seen = Deliberation.history.filter(id=stored.pk, version=main.seen_version).first()
    before = DeliberationForm.initial_of(seen) if seen is not None else {}
    main.initial.update(DeliberationForm.initial_of(current))
    differences = main.differences(before, current)
    main.reopened_on(current.version)
    amounts = ", ".join(
        f"{authorised_amount.convention_key} {(authorised_amount.figure or {}).get('raw') or ''}".strip()
        for authorised_amount in current.authorised_amounts.all()
    )
    sentence = (
        f"{current.changed_by or 'Quelqu’un'} a enregistré cette délibération entre-temps. Montants autorisés "
        f"enregistrés : {amounts or 'aucun'}. Ceux que vous avez écrits les remplaceront."
    )
    return Conflict(
        "Quelqu’un d’autre a enregistré pendant que vous écriviez", french_spaces(sentence), differences
    )


def sums_of(forms: DeliberationForms) -> dict[str, Any]:
    """The lines of arithmetic of what is typed so far."""
    values = forms.so_far()
    lines = [
        *arithmetic(values["membership"], values["quorum"], values["vote"]),
        *group_lines(values["groups"], values["vote"]),
    ]
    money = money_line(values["authorised"], values["proposed"])
    return {"lines": [*lines, *([money] if money else [])]}
