"""What the follow-up asks of a register (`indicators.offers`), for the member who has it open."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from jalons.households.models import RegisterMember
from jalons.households.numbers.offering import offered_numbers
from jalons.households.numbers.reading import read_families
from jalons.households.querysets import RegisterQuerySet
from jalons.households.retention.services import last_erasure
from jalons.households.session import held_register
from jalons.indicators.offers import Moment, OfferQuestion, RegisterOffer

SOURCE = "votre registre"


def register_offer(request: HttpRequest, question: OfferQuestion) -> RegisterOffer | None:
    """None unless this person has the key of the register of the structure that fills in. Four queries."""
    member = (
        RegisterMember.objects.admitted()
        .filter(user=request.user.pk, register__organisation=question.reporter)
        .select_related("register")
        .first()
    )
    if member is None or not can_keep(request, question.reporter):
        return None
    register = held_register(request, member.register.organisation_id, member.register.key_version)
    if register is None:
        back = urlencode({"next": request.get_full_path()})
        return RegisterOffer(SOURCE, closed_url=f"{reverse('households:open')}?{back}")
    found = read_families(register)
    action_id = question.action.public_id

    def list_url(code: str, moment: Moment) -> str:
        asked = {"dispositif": action_id, "au": moment.on.isoformat()}
        if moment.since:
            asked["depuis"] = moment.since.isoformat()
        return f"{reverse('households:counted', args=[code])}?{urlencode(asked)}"

    numbers = offered_numbers(
        found.families,
        action_id,
        indicators=question.indicators,
        moments=question.moments,
        mapped={},
        list_url=list_url,
        unreadable=len(found.unreadable),
    )
    return RegisterOffer(SOURCE, numbers, settled_until=last_erasure(member.register.organisation_id))
