"""What the follow-up asks of a register (`indicators.offers`), for the member who has it open."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.core import clock
from jalons.core.values.dates import PARIS
from jalons.households.families.conditions import read_code
from jalons.households.numbers.mapping import mapped_rows, reads_everything
from jalons.households.numbers.offering import LocalChoice, offered_numbers
from jalons.households.numbers.reading import read_families
from jalons.households.permissions import NAMED, member_of, register_open_in
from jalons.households.retention.services import last_erasure
from jalons.indicators.offers import Moment, OfferQuestion, RegisterOffer
from jalons.indicators.views.reporting import address

SOURCE = "votre registre"


def register_offer(request: HttpRequest, question: OfferQuestion) -> RegisterOffer | None:
    """None unless this person has the key of the register of the structure that fills in. Four queries at most."""
    if question.reporter.pk not in territory_of(request.user, Right.KEEP_REGISTER).organisations:
        return None
    member = member_of(request.user, question.reporter)
    if member is None or member.admitted_at is None:
        return None
    register = register_open_in(request, member)
    if register is None:
        fill = address("fill", question.action, question.reporter)
        back = urlencode({NAMED: question.reporter.pk, "next": fill})
        return RegisterOffer(SOURCE, closed_url=f"{reverse('households:open')}?{back}")
    local = local_choices(question)
    whole = reads_everything(choice.code for choice in local.values())
    register_families = read_families(register, question.action.public_id, whole=whole)
    numbers = offered_numbers(
        register_families.families,
        question.action.public_id,
        indicators=question.indicators,
        moments=question.moments,
        list_url=ListAddress(question.action.public_id, question.reporter.pk),
        unreadable=len(register_families.unreadable),
        local=local,
    )
    settled = last_erasure(register.organisation_id)
    return RegisterOffer(SOURCE, numbers, settled_until=settled, choices_url=reverse("households:mapped"))


def local_choices(question: OfferQuestion) -> dict[int, LocalChoice]:
    """What the organisation lets its register count; nothing for a code that this Jalons does not know. One query."""
    asked = [pk for pk, indicator in question.indicators.items() if not indicator.code]
    choices = {}
    for row in mapped_rows(question.reporter.pk, asked) if asked else ():
        code = read_code(row.code)
        if code is not None:
            choices[row.indicator_id] = LocalChoice(code, clock.day_in(PARIS, row.chosen_at))
    return choices


class ListAddress:
    """Where one reads who is behind a number."""

    def __init__(self, action_id: str, reporter_id: int) -> None:
        self.action_id, self.reporter_id = action_id, reporter_id

    def __call__(self, code: str, moment: Moment) -> str:
        asked = {"dispositif": self.action_id, "au": moment.on.isoformat()}
        if moment.since:
            asked["depuis"] = moment.since.isoformat()
        asked[NAMED] = str(self.reporter_id)
        return f"{reverse('households:counted', args=[code])}?{urlencode(asked)}"
