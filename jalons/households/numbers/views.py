"""Qui est derrière un nombre."""

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from jalons.actions.models import Action
from jalons.households.enums import RegisterAct
from jalons.households.families.conditions import read_code
from jalons.households.families.content import FollowedFamily
from jalons.households.journal import note_act
from jalons.households.numbers.mapping import reads_everything, rule_in_words, title_of
from jalons.households.numbers.offering import count_of, counts_at
from jalons.households.numbers.reading import read_families
from jalons.households.permissions import Opened, in_register
from jalons.indicators.models import Indicator
from jalons.indicators.offers import Moment

PAGE_SIZE = 100
EARLIEST = dt.date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class CountedRow:
    """A family, or member of its people, that a number counts."""

    household_id: str
    reference: str
    who: str


@require_safe
@in_register
def counted(request: HttpRequest, opened: Opened, code: str) -> HttpResponse:
    """Those behind a number at a date, as they are known now. It is a reading of the register, and noted."""
    counted_code = read_code(code)
    if counted_code is None:
        raise Http404
    moment = asked_moment(request)
    action = get_object_or_404(
        Action.objects.visible_to(request.user), public_id=request.GET.get("dispositif", "")
    )
    whole = reads_everything([counted_code])
    register_families = read_families(opened.register, action.public_id, whole=whole)
    figures = counts_at(register_families.families, action.public_id, moment)
    count = count_of(counted_code, register_families.families, action.public_id, moment, figures)
    families = {family.id: family for family in register_families.families}
    rows = [
        CountedRow(family, register_families.references[family], person_in_words(families[family], person))
        for family, person in count.rows
    ]
    rows.sort(key=lambda row: (row.reference, row.who))
    note_act(request, opened.organisation.pk, RegisterAct.LIST)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    indicator = Indicator.objects.national().filter(code=counted_code.figure or "-").first()
    content = {
        "opened": opened,
        "action": action,
        "title": title_of(counted_code, {indicator.code: indicator.label} if indicator else {}),
        "rule": rule_in_words(counted_code),
        "count": count,
        "page": page,
        "moment": moment,
        "unreadable": register_families.unreadable,
    }
    return render(request, "households/counted.html", content)


def asked_moment(request: HttpRequest) -> Moment:
    """404 for an address that was not made by the follow-up."""
    try:
        on = dt.date.fromisoformat(request.GET.get("au", ""))
        begun = request.GET.get("depuis", "")
        since = dt.date.fromisoformat(begun) if begun else None
    except ValueError:
        raise Http404 from None
    if min(on, since or on) < EARLIEST:
        raise Http404
    return Moment(on, since)


def person_in_words(family: FollowedFamily, person: str) -> str:
    """A name, else what is known of them; the reference of a family merged since; nothing for the family itself."""
    for member in family.people:
        if member.id == person:
            return member.name or (
                f"né en {member.year_of_birth}" if member.year_of_birth else "une personne"
            )
    former = {merger.reference for merger in family.mergers}
    return f"{person}, réunie depuis" if person in former else ""
