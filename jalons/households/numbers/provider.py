"""What the follow-up asks of a register (`indicators.offers`), for the member who has it open."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from jalons.accounts.enums import Right
from jalons.accounts.permissions import territory_of
from jalons.households.numbers.offering import offered_numbers
from jalons.households.numbers.reading import read_families
from jalons.households.permissions import NAMED, member_of, register_open_in
from jalons.households.retention.services import last_erasure
from jalons.indicators.offers import Moment, OfferQuestion, RegisterOffer
from jalons.indicators.views.reporting import address

SOURCE = "votre registre"


def register_offer(request: HttpRequest, question: OfferQuestion) -> RegisterOffer | None:
    """None unless this person has the key of the register of the structure that fills in. Three queries at most."""
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
    register_families = read_families(register, question.action.public_id)
    numbers = offered_numbers(
        register_families.families,
        question.action.public_id,
        indicators=question.indicators,
        moments=question.moments,
        list_url=ListAddress(question.action.public_id, question.reporter.pk),
        unreadable=len(register_families.unreadable),
    )
    return RegisterOffer(SOURCE, numbers, settled_until=last_erasure(register.organisation_id))


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
