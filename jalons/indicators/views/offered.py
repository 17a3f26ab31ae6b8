"""Ce qu’un registre propose à côté des cases, et qui lira un petit nombre : lu pour une page du suivi."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from jalons.accounts.enums import Right
from jalons.actions.models import Action, FollowUp
from jalons.core.values import format_number, french_spaces, join_and, plural
from jalons.core.values.cells import LEAST_FEW, MOST_FEW
from jalons.indicators.checks import full_label
from jalons.indicators.enums import Provenance, ValueType
from jalons.indicators.forms.figures import field_name
from jalons.indicators.forms.fill import FollowUpForm
from jalons.indicators.forms.offered import Offered, differences, signed
from jalons.indicators.models import Measurement
from jalons.indicators.offers import Moment, OfferQuestion, offers_of
from jalons.indicators.selectors.last import Filling
from jalons.readership.selectors import all_readers
from jalons.readership.things import thing_of

COMPARED_REPORTS = 6  # those of half a year, sent every month
NAMED = 4


def offered_for(
    request: HttpRequest, ground: Filling, moment: Moment, *, with_late: bool = False
) -> Offered | None:
    """What is offered to a member of the structure that fills in; None for anybody else. One query with `with_late`."""
    mine = getattr(request.user, "organisation_ids", ())
    if ground.reporter.pk not in mine:
        return None
    sent = sent_from_register(ground) if with_late else []
    past = {fact.valid_on: fact.since for fact in sent if fact.valid_on != moment.on}
    past |= {fact.valid_on: fact.since for fact in sent if fact.valid_on in past and fact.since}
    indicators = {
        pk: indicator
        for pk, indicator in ground.indicators.items()
        if indicator.value_type == ValueType.NUMBER
    }
    moments = (moment, *(Moment(on, since) for on, since in sorted(past.items(), reverse=True)))
    offer = offers_of(request, OfferQuestion(ground.action, ground.reporter, indicators, moments))
    if offer is None:
        return None
    token = signed(ground.action.pk, ground.reporter.pk, moment.on, offer.at(moment))
    if offer.closed_url or not past:
        return Offered(offer, moment, token)
    reports = {
        report.valid_on: report
        for report in FollowUp.objects.known().filter(
            action=ground.action, reporter=ground.reporter, valid_on__in=list(past)
        )
    }
    urls = {
        day: reverse("indicators:correct", args=[ground.action.public_id, report.lineage])
        for day, report in reports.items()
    }
    return Offered(offer, moment, token, differences(sent, offer, reports, urls))


def sent_from_register(ground: Filling) -> list[Measurement]:
    """The figures of the last reports that a register gave, newest first. One query."""
    rows = (
        Measurement.objects.known()
        .contenders()
        .filter(
            series__action=ground.action,
            series__reporter=ground.reporter,
            provenance=Provenance.REGISTER,
            withdrawn=False,
        )
        .select_related("series__indicator")
        .order_by("-valid_on", "series__indicator__position", "pk")
    )
    facts: list[Measurement] = []
    days: set[dt.date] = set()
    for fact in rows[: COMPARED_REPORTS * 80]:
        days.add(fact.valid_on)
        if len(days) > COMPARED_REPORTS:
            break
        facts.append(fact)
    return facts


@dataclass(frozen=True, slots=True)
class SmallNumber:
    field: str
    label: str
    number: str


@dataclass(frozen=True, slots=True)
class SmallNumbers:
    """The numbers of 1 to 4 people that are about to be sent, and who will read them."""

    rows: tuple[SmallNumber, ...]
    readers: str
    readers_url: str


def small_numbers(form: FollowUpForm, action: Action) -> SmallNumbers | None:
    """None when there is none; else, who reads this dispositif is asked for."""
    values = form.glance()
    indicators = {indicator.pk: indicator for indicator in form.every_indicator()}
    rows = tuple(
        SmallNumber(field_name(indicator), full_label(indicator, indicators), format_number(number))
        for pk, indicator in form.filling.indicators.items()
        if indicator.counts_people
        and pk in values
        and (number := values[pk].number) is not None
        and LEAST_FEW <= number <= MOST_FEW
    )
    if not rows:
        return None
    return SmallNumbers(
        rows,
        readers_words(action),
        reverse("readership:readers", args=["dispositif", action.public_id]),
    )


def readers_words(action: Action) -> str:
    """« 42 personnes de 12 structures : National, DDETS du Nord, Les amis et 3 autres »."""
    readers = next(
        readers
        for readers in all_readers(thing_of(action), action)
        if readers.block.right == Right.READ_ACTIONS
    )
    names = [str(group.role.label) for group in readers.everywhere]
    names += [str(group.organisation) for group in readers.near]
    if len(names) > NAMED + 1:
        names = [*names[:NAMED], f"{len(names) - NAMED} autres"]
    people = f"{format_number(readers.people)} {plural(readers.people, 'personne', 'personnes')}"
    places = (
        f"{format_number(readers.organisations)} {plural(readers.organisations, 'structure', 'structures')}"
    )
    return french_spaces(f"{people} de {places} : {join_and(names)}" if names else f"{people} de {places}")
