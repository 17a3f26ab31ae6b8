"""Who works on a convention."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.conventions.dossier.pages import actor_on, convention_url, form_page, may, on_convention
from jalons.conventions.dossier.readers import parties_seen
from jalons.conventions.models import Convention, Seat
from jalons.conventions.roles.forms import RemoveForm, SeatForm
from jalons.conventions.roles.selectors import breakdowns_of, seat_lines, where
from jalons.conventions.roles.services import add_seat as give_seat
from jalons.conventions.roles.services import remove_seat as take_seat
from jalons.core import ui
from jalons.core.values import french_spaces
from jalons.editing.removed import record_or_removed
from jalons.editing.writing import record, typed

COLUMNS = (
    ui.Column("Structure"),
    ui.Column("Rôle"),
    ui.Column("Sur quoi"),
    ui.Column("Retirer", hidden=True),
)


def seats_url(convention: Convention) -> str:
    return reverse("conventions:seats", args=[convention.slug])


@on_convention(Right.READ_CONVENTIONS)
def seats(request: HttpRequest, convention: Convention) -> HttpResponse:
    rights = may(request, convention, Right.WRITE_CONVENTION)
    parties = list(convention.parties.select_related("departement"))
    context = {
        "convention": convention,
        "convention_url": convention_url(convention),
        "lines": seat_lines(convention),
        "columns": COLUMNS,
        "may_write": rights[Right.WRITE_CONVENTION],
        "several": len({party.departement_id for party in parties if party.departement_id}) > 1,
    }
    return render(request, "conventions/roles/seats.html", context)


@on_convention(Right.WRITE_CONVENTION)
def add_seat(request: HttpRequest, convention: Convention) -> HttpResponse:
    by = actor_on(request, convention, Right.WRITE_CONVENTION)
    parties = list(convention.parties.exclude(departement=None).select_related("departement"))
    mine = parties_seen(request.user, convention, parties)
    sheets = convention.commitments.visible_to(request.user)
    form = SeatForm(
        typed(request),
        sheets=list(sheets.order_by("position", "pk")),
        parties=[party for party in parties if mine is None or party.pk in mine],
        breakdowns=breakdowns_of(convention),
    )
    answer = record(
        request,
        form,
        lambda: give_seat(convention=convention, by=by, **limited(form, parties, mine)),
        message=lambda seat: f"{seat.organisation} a une place dans la convention.",
        to=seats_url(convention),
        blame="organisation",
    )
    return answer or form_page(
        request,
        convention,
        form,
        title="Donner une place",
        submit="Donner cette place",
        back=seats_url(convention),
        template="conventions/roles/seat_form.html",
    )


def limited(form: SeatForm, parties: list[Any], mine: frozenset[int] | None) -> dict[str, Any]:
    """Who leads one Département gives seats on its sheets alone."""
    values = form.values_to_save()
    if mine is not None and values["commitment"] is None and values["party"] is None:
        values["party"] = next((party for party in parties if party.pk in mine), None)
    return values


@on_convention(Right.WRITE_CONVENTION)
def remove_seat(request: HttpRequest, convention: Convention, seat: str) -> HttpResponse:
    seats = Seat.objects.select_related("organisation", "party__departement", "commitment", "convention")
    words, back = "Cette place est déjà retirée.", seats_url(convention)
    held = record_or_removed(seats, words=words, back=back, convention=convention, public_id=seat)
    by = actor_on(request, convention, Right.WRITE_CONVENTION)
    if not is_mine(request, convention, held):
        raise Http404
    form = RemoveForm(typed(request))
    answer = record(
        request,
        form,
        lambda: take_seat(seat=held, by=by, reason=form.cleaned_data["reason"]),
        message="La place est retirée.",
        to=seats_url(convention),
    )
    what = f"{held.get_role_display()}, {where(held)}"
    sentence = f"{held.organisation} ne pourra plus rien lire ni écrire à ce titre : {what}."
    return answer or form_page(
        request,
        convention,
        form,
        title="Retirer une place",
        submit="Retirer cette place",
        danger="danger",
        intro=french_spaces(sentence),
        back=seats_url(convention),
        template="conventions/dossier/remove_form.html",
    )


def is_mine(request: HttpRequest, convention: Convention, seat: Seat) -> bool:
    """With several Départements, the seats of another are left to it."""
    parties = list(convention.parties.select_related("departement"))
    mine = parties_seen(request.user, convention, parties)
    whose = seat.party_id or (seat.commitment.party_id if seat.commitment else None)
    return mine is None or whose is None or whose in mine
